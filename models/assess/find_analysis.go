package assess

import (
	"fmt"
	"math"
	"slices"

	"github.com/rollrisk/rollrisk/models/rollout"
)

var refused = Rule{
	ID: "RR-A001", Title: "the controller refuses it", Severity: Bad,
	Doc: "The controller does not take the configuration, or ends its analysis at once in Error, so that every release is rolled back.",
	Find: func(s *Subject) []Finding {
		var all []Finding
		for _, r := range s.Rollout.Refused {
			all = append(all, Finding{Place: r.Spot.Place, Evidence: r.Message + ": the controller ends every release here, good or bad, 100 of 100.", Advice: r.Hint})
		}
		return all
	},
}

var unseen = Rule{
	ID: "RR-A002", Title: "nothing is measured before everybody has the release", Severity: Bad,
	Doc: "An analysis is configured, and its first measurement comes after the last step: the steps before are theatre. Shorten initialDelay or lengthen a pause.",
	Find: func(s *Subject) []Finding {
		if s.course == nil || s.Rollout.Canary == nil || len(s.course.runs) == 0 {
			return nil
		}
		first := watched{}
		for _, m := range s.metrics() {
			if m.run.phase == rollout.Error {
				return nil // it never gets so far
			}
			if first.Metric == nil {
				first = m
			}
			for _, k := range m.looks() {
				if st := s.course.stretchAt(k.at); k.at > 0 && st.share > 0 {
					return nil
				}
			}
		}
		if first.Metric == nil {
			return nil
		}
		f := Finding{Place: first.Spots.At("initialDelay").Place}
		f.Evidence = fmt.Sprintf("The steps take %s, and no measurement is made while users meet the release: of 100 broken releases 100 reach everybody unseen.", span(s.course.within()))
		f.Edits, f.Advice = s.earlier(first)
		return []Finding{f}
	},
}

// earlier is the edit that lets the first look see requests.
func (s *Subject) earlier(m watched) ([]Edit, string) {
	want := m.run.from + m.InitialDelay
	if p := m.Probe.Window; p > 0 && m.InitialDelay == 0 {
		want = m.run.from + p
	}
	return s.bake(want + m.Interval)
}

var cannotFail = Rule{
	ID: "RR-A003", Title: "the analysis cannot fail", Severity: Bad,
	Doc: "No condition, a condition that every value meets, or dry runs alone: whatever is measured, the release goes on. Give the metric a successCondition and take it out of dryRun.",
	Find: func(s *Subject) []Finding {
		var all []Finding
		seen := map[Place]bool{}
		for _, a := range s.analyses() {
			for i := range a.Metrics {
				m := &a.Metrics[i]
				if f, bad := m.harmless(a); bad && !seen[f.Place] {
					seen[f.Place] = true
					all = append(all, f)
				}
			}
		}
		all = append(all, s.harmlessJudge()...)
		return append(all, s.harmlessFlagger()...)
	},
}

// harmlessJudge says that the score stays above what passes when every metric that can
// see failing requests fails.
func (s *Subject) harmlessJudge() []Finding {
	r := s.Rollout.Ramp
	if r == nil || r.Judge == nil || len(r.Judge.Metrics) == 0 {
		return nil
	}
	j := r.Judge
	worst := j.worst()
	if worst < j.Pass || !slices.ContainsFunc(j.Metrics, func(m JudgeMetric) bool { return m.Signal == Failing }) {
		return nil
	}
	f := Finding{Place: j.Spots.At("pass").Place, Advice: "mark the metric of failing requests as critical, or give its group more weight",
		Evidence: fmt.Sprintf("When every metric that sees failing requests fails, the score is still %.0f and %.0f passes: of 100 releases that fail every request it stops 0.", worst, j.Pass)}
	if f.Place.Line == 0 {
		f.Place = s.Rollout.Spots.At("").Place
	}
	if worst < 100 && worst >= j.Marginal {
		f.Edits = replace(j.Spots.At("pass"), fmt.Sprintf("%.0f", math.Floor(worst)+1))
	}
	return []Finding{f}
}

// harmless says why a metric can never stop a release.
func (m *Metric) harmless(a *Analysis) (Finding, bool) {
	none := m.Conditions.Success == "" && m.Conditions.Failure == ""
	p := m.phases()
	phase, same := p.always()
	switch {
	case m.Dry && a.Spots.Has("dryRun"):
		return Finding{Severity: Doubt, Place: a.Spots.At("dryRun").Place,
			Evidence: fmt.Sprintf("The metric %s is a dry run: of 100 releases that it finds broken, 100 go on.", quoted(m.Name)), Advice: "take it out of dryRun"}, true
	case m.Dry:
		return Finding{Severity: Doubt, Place: m.Spots.At("").Place, Evidence: fmt.Sprintf("The metric %s is a dry run by its template: of 100 releases that it finds broken, 100 go on.", quoted(m.Name)), Advice: "take it out of dryRun"}, true
	case none && (m.Provider == "job" || m.Provider == "kayenta" || m.Provider == "plugin"):
		return Finding{}, false // they judge by themselves
	case none:
		f := Finding{Place: m.Spots.At("").Place, Evidence: fmt.Sprintf("The metric %s has neither a successCondition nor a failureCondition: every value is a success, so of 100 broken releases it stops 0.", quoted(m.Name)),
			Advice: "write a successCondition"}
		if m.Probe.Signal == Failing {
			f.Edits = insert(m.Spots, []string{"successCondition: " + m.suggested()}, "name", "interval", "count")
		}
		return f, true
	case same && phase == rollout.Successful:
		return Finding{Place: m.conditionSpot().Place, Evidence: fmt.Sprintf("Every value that the metric %s can have, from no failing request to all, meets its condition: of 100 broken releases it stops 0.", quoted(m.Name)),
			Advice: "compare with the scale of the query", Edits: replace(m.conditionSpot(), m.suggestedFor(m.conditionKey()))}, true
	}
	return Finding{}, false
}

// conditionKey is the key of the condition that is written.
func (m *Metric) conditionKey() string {
	if m.Conditions.Success != "" {
		return "successCondition"
	}
	return "failureCondition"
}

// result is the word for the value in a condition.
func (m *Metric) result() string {
	if m.Probe.Vector {
		return "result[0]"
	}
	return "result"
}

// suggested is a successCondition for a share of 1 % of failing requests.
func (m *Metric) suggested() string { return m.suggestedFor("successCondition") }

func (m *Metric) suggestedFor(key string) string { return m.allowing(key, 0.01) }

// allowing is a condition that allows a share of bad requests, as a YAML text.
func (m *Metric) allowing(key string, bad float64) string {
	bound := m.Probe.Value(bad)
	text := fmt.Sprintf("%.6g", bound)
	sign := map[bool]map[string]string{
		true:  {"successCondition": ">=", "failureCondition": "<"},
		false: {"successCondition": "<=", "failureCondition": ">"},
	}[m.Probe.Success][key]
	return quoted(m.result() + " " + sign + " " + text)
}

var limitIsCount = Rule{
	ID: "RR-A024", Title: "more failures are allowed than are measured", Severity: Bad,
	Doc: "The run fails at failure number failureLimit + 1. With as many measurements as the limit it never does. Make the limit smaller than count.",
	Find: func(s *Subject) []Finding {
		var all []Finding
		for _, m := range once(s.metrics()) {
			n := m.Count
			if n == 0 && m.Interval == 0 {
				n = 1
			}
			if n == 0 || m.FailureLimit < n {
				continue
			}
			all = append(all, Finding{Place: m.Spots.At("failureLimit").Place,
				Evidence: fmt.Sprintf("The metric %s is measured %s and fails at failure number %d: of 100 broken releases it stops 0.", quoted(m.Name), times(n), m.FailureLimit+1),
				Advice:   "allow fewer failures than there are measurements", Edits: replace(m.Spots.At("failureLimit"), fmt.Sprint((n-1)/2))})
		}
		return all
	},
}

var passesEmpty = Rule{
	ID: "RR-A017", Title: "a run that has measured nothing passes", Severity: Bad,
	Doc: "A background analysis that the rollout ends is Successful where no limit is passed, even with no measurement at all. Shorten initialDelay, or lengthen the pauses.",
	Find: func(s *Subject) []Finding {
		if s.course == nil {
			return nil
		}
		var all []Finding
		for i := range s.course.runs {
			r := &s.course.runs[i]
			if r.watch != rollout.Background || r.ended || len(r.looks) > 0 || len(r.analysis.Metrics) == 0 {
				continue
			}
			m := watched{Metric: &r.analysis.Metrics[0], run: r}
			f := Finding{Place: m.Spots.At("initialDelay").Place,
				Evidence: fmt.Sprintf("The first measurement is due %s after the analysis begins and the rollout ends it after %s: it passes with 0 measurements, for 100 of 100 releases.", span(m.InitialDelay), span(r.until-r.from))}
			f.Edits, f.Advice = s.earlier(m)
			all = append(all, f)
		}
		return all
	},
}

var lateStart = Rule{
	ID: "RR-A010", Title: "the background analysis starts late", Severity: Doubt,
	Doc: "Users meet the release in steps that nothing measures, because startingStep, or initialDelay, lies behind them.",
	Find: func(s *Subject) []Finding {
		c := s.Rollout.Canary
		if s.course == nil || c == nil || c.Background == nil || len(c.Background.Metrics) == 0 {
			return nil
		}
		first := s.course.firstLook()
		blind, requests := s.course.before(first, s.Context)
		if first == rollout.Forever || blind.share == 0 || blind.step == s.course.stretchAt(first).step && *c.Machine.Background == 0 {
			return nil
		}
		f := Finding{Place: c.Background.Spots.At("startingStep").Place, Advice: "begin with the first step that has traffic",
			Evidence: fmt.Sprintf("Nothing is measured until %s after the start; by then %s requests have met the release, at up to %s of the traffic.", span(first), grouped(requests), percent(blind.share))}
		if *c.Machine.Background > 0 {
			f.Edits = replace(c.Background.Spots.At("startingStep"), "0")
		}
		return []Finding{f}
	},
}
