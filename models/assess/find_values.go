package assess

import (
	"fmt"
	"strings"
	"time"

	"github.com/rollrisk/rollrisk/models/rollout"
)

var noData = Rule{
	ID: "RR-A018", Title: "no data decides", Severity: Doubt,
	Doc: "Without requests the value is not a number, and it compares false: under a failureCondition such a measurement is a success, under a successCondition a failure. Say what no data shall mean, with isNaN.",
	Find: func(s *Subject) []Finding {
		var all []Finding
		for _, m := range once(s.metrics()) {
			if !m.phases.known() || m.phases.half == 0 {
				continue
			}
			if m.phases.none != rollout.Successful {
				all = append(all, s.starved(m)...)
				continue
			}
			spot := m.Spots.At("failureCondition")
			text := m.Conditions.Failure
			if text == "" || m.Conditions.Success != "" {
				continue
			}
			all = append(all, Finding{Place: spot.Place, Advice: "let a value that is not a number fail",
				Evidence: fmt.Sprintf("When nothing is measured, the metric %s passes: of 100 releases that answer no request at all it stops 0.", quoted(m.Name)),
				Edits:    replace(spot, quoted(fmt.Sprintf("isNaN(%s) || %s", m.result(), text)))})
		}
		return all
	},
}

// errors is how many errors in a row are borne.
func (m *Metric) errors() int {
	if m.ConsecutiveErrorLimit == nil {
		return 4 // defaults.DefaultConsecutiveErrorLimit
	}
	return *m.ConsecutiveErrorLimit
}

// begins is when the first request can meet the release; 0 where none does.
func (c *course) begins() time.Duration {
	for i := range c.stretches {
		if s := &c.stretches[i]; s.share > 0 || s.tested {
			return s.from
		}
	}
	return 0
}

// starved are looks without a request that fail a good release.
func (s *Subject) starved(m watched) []Finding {
	if m.phases.empty == rollout.Error && m.run.phase == rollout.Error {
		return []Finding{{Severity: Bad, Place: m.Spots.At("").Place, Advice: "wait until there is something to measure",
			Evidence: fmt.Sprintf("The metric %s is measured before any request has met the release; without a series that is an error, it is tried again every 10 s, and after %d in a row 100 of 100 releases are aborted.", quoted(m.Name), m.errors()+1),
			Edits:    set(m.Spots, "initialDelay", written(s.course.begins()+m.Probe.Window+time.Minute), "interval", "name")}}
	}
	if m.phases.none != rollout.Failed {
		return nil
	}
	l := newLedger(s.Context, s.course, defect{class: atOnce}, s.course.end+1)
	empty := 0
	for _, g := range s.course.glances() {
		if &s.course.runs[g.run] == m.run && g.metric == m.index {
			if n, _ := l.window(m.Probe.Signal, g.from, g.at); n <= 0 {
				empty++
			}
		}
	}
	if empty == 0 {
		return nil
	}
	delay := m.Probe.Window
	if delay == 0 {
		delay = max(m.Interval, 60e9)
	}
	f := Finding{Severity: Worth, Place: m.Spots.At("").Place, Advice: "wait until there is something to measure",
		Evidence: fmt.Sprintf("The metric %s is measured before any request has met the release (%d of its looks); without data a measurement fails, and %d failures are borne.", quoted(m.Name), empty, m.FailureLimit)}
	if empty > m.FailureLimit && m.FailureLimit >= 0 {
		f.Severity = Bad
	}
	f.Edits = set(m.Spots, "initialDelay", written(delay), "interval", "name")
	return []Finding{f}
}

var wrongScale = Rule{
	ID: "RR-A019", Title: "the threshold is on another scale", Severity: Bad,
	Doc: "The value runs from 0 to 100 and the threshold from 0 to 1, or the other way round: nearly everything passes, or nothing does.",
	Find: func(s *Subject) []Finding {
		var all []Finding
		for _, m := range once(s.metrics()) {
			if m.Probe.Signal == Failing {
				all = append(all, m.scaled()...)
			}
		}
		if f := s.Rollout.Flagger; f != nil {
			for i := range f.Probes {
				all = append(all, f.scaled(i)...)
			}
		}
		return all
	},
}

// scaled says whether a metric would make sense on the other scale: it now passes a
// release of which half the requests fail, or none, and then would not.
func (m *watched) scaled() []Finding {
	other := *m.Metric
	other.Probe.Scale = 100
	if m.Probe.Scale == 100 {
		other.Probe.Scale = 1
	}
	there := other.phases()
	bound, ok := there.allows()
	if !ok || bound > 0.3 || bound <= 0 || !misses(m.phases) {
		return nil
	}
	spot := m.conditionSpot()
	f := Finding{Place: spot.Place, Evidence: m.scaleEvidence(), Advice: "use the scale of the query"}
	f.Edits = replace(spot, m.allowing(m.conditionKey(), bound))
	return []Finding{f}
}

// misses says whether phases pass what is half broken, or nothing at all.
func misses(p *phases) bool {
	return p.at(50, 100) == rollout.Successful || p.at(0, 100) != rollout.Successful
}

func (m *watched) scaleEvidence() string {
	scale := "0 to 1"
	if m.Probe.Scale == 100 {
		scale = "0 to 100"
	}
	if m.phases.at(50, 100) == rollout.Successful {
		return fmt.Sprintf("The metric %s runs from %s: a release that fails 50 of 100 requests passes.", quoted(m.Name), scale)
	}
	return fmt.Sprintf("The metric %s runs from %s: a release that fails 0 of 100 requests does not pass.", quoted(m.Name), scale)
}

// scaled says the same of a metric of Flagger.
func (f *Flagger) scaled(i int) []Finding {
	if f.Probes[i].Signal != Failing || f.Machine.Metrics[i].Range == nil {
		return nil
	}
	other := *f
	other.Probes = append([]Probe(nil), f.Probes...)
	other.Probes[i].Scale = 100
	if f.Probes[i].Scale == 100 {
		other.Probes[i].Scale = 1
	}
	here, there := f.phases(i), other.phases(i)
	bound, ok := there.allows()
	if !ok || bound > 0.3 || bound <= 0 || !misses(&here) {
		return nil
	}
	key := "max"
	if f.Probes[i].Success {
		key = "min"
	}
	passes := "a release that fails 50 of 100 requests passes"
	if here.at(50, 100) != rollout.Successful {
		passes = "a release that fails 0 of 100 requests does not pass"
	}
	return []Finding{{Place: f.Ranges[i].At(key).Place, Advice: "use the scale of the metric",
		Evidence: fmt.Sprintf("The metric %s runs from 0 to %.3g and its range stands on another scale: %s.", quoted(f.Machine.Metrics[i].Name), max(1, f.Probes[i].Scale), passes), Edits: f.wider(i, bound)}}
}

var emptyRange = Rule{
	ID: "RR-A020", Title: "an empty range always passes", Severity: Bad,
	Doc: "A thresholdRange without min and max has no bound, and a request-success-rate without any threshold has none either: every value passes.",
	Find: func(s *Subject) []Finding {
		f := s.Rollout.Flagger
		if f == nil {
			return nil
		}
		var all []Finding
		for i := range f.Machine.Metrics {
			m := &f.Machine.Metrics[i]
			bare := m.Range == nil && m.Threshold == 0 && m.Name == "request-success-rate"
			if m.Range != nil && m.Range.Min == nil && m.Range.Max == nil || bare {
				find := Finding{Place: f.Metrics[i].At("thresholdRange").Place, Advice: "write min or max",
					Evidence: fmt.Sprintf("The metric %s has no bound: of 100 releases that fail every request it stops 0.", quoted(m.Name))}
				bound := "max: " + fmt.Sprintf("%.6g", f.Probes[i].Value(0.01))
				if f.Probes[i].Success || bare {
					bound = "min: 99"
				}
				if bare {
					find.Edits = insert(f.Metrics[i], []string{"thresholdRange:", "  " + bound}, "name", "interval")
				} else {
					find.Edits = replace(f.Metrics[i].At("thresholdRange"), "{"+bound+"}")
				}
				all = append(all, find)
			}
		}
		return all
	},
}

var erring = Rule{
	ID: "RR-A028", Title: "every measurement is an error", Severity: Bad,
	Doc: "The condition cannot be evaluated on what the provider returns: result[0] on a number, result on a list, a name that is not known. The fifth error in a row ends the run in Error, which aborts the rollout.",
	Find: func(s *Subject) []Finding {
		var all []Finding
		for _, m := range once(s.metrics()) {
			phase, same := m.phases.always()
			faults := m.Conditions.Check()
			if m.Provider != "prometheus" || !(same && phase == rollout.Error) && len(faults) == 0 || strings.Contains(m.Conditions.Success+m.Conditions.Failure, "{{") {
				continue
			}
			spot := m.conditionSpot()
			f := Finding{Place: spot.Place, Advice: "a condition on a query of Prometheus reads like result[0] >= 0.95",
				Evidence: fmt.Sprintf("The condition of the metric %s is an error for every value: of 100 releases 100 are aborted after the errors that are borne.", quoted(m.Name))}
			text := m.Conditions.Success + m.Conditions.Failure
			if m.Probe.Vector && len(faults) == 0 && !strings.Contains(text, "result[") {
				f.Edits = replace(spot, quoted(strings.ReplaceAll(text, "result", "result[0]")))
			}
			all = append(all, f)
		}
		return all
	},
}

var doubted = Rule{
	ID: "RR-A011", Title: "what fails is counted as inconclusive", Severity: Doubt,
	Doc: "With both conditions, a value between them is Inconclusive: the rollout waits for a person, or, within inconclusiveLimit, goes on. Let the conditions meet.",
	Find: func(s *Subject) []Finding {
		var all []Finding
		for _, m := range once(s.metrics()) {
			if m.Conditions.Success == "" || m.Conditions.Failure == "" || !m.phases.known() {
				continue
			}
			size := s.Context.Size
			if m.phases.at(s.Context.Baseline+size, 1) != rollout.Inconclusive {
				continue
			}
			waits := "100 of 100 such releases wait for a person"
			if m.InconclusiveLimit > 0 {
				waits = fmt.Sprintf("%d such measurements are borne, and the rollout goes on", m.InconclusiveLimit)
			}
			all = append(all, Finding{Place: m.Spots.At("failureCondition").Place, Advice: "let the failureCondition begin where the successCondition ends",
				Evidence: fmt.Sprintf("A release that fails %s of the requests is neither a success nor a failure of the metric %s: %s.", percent(size), quoted(m.Name), waits),
				Edits:    replace(m.Spots.At("failureCondition"), quoted("!("+m.Conditions.Success+")"))})
		}
		return all
	},
}
