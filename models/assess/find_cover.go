package assess

import (
	"fmt"
	"math"

	"github.com/rollrisk/rollrisk/models/rollout"
)

var unchecked = Rule{
	ID: "RR-A025", Title: "nothing is checked", Severity: Bad,
	Doc: "The rollout moves by the clock alone: no analysis, no metric. What it exposes to few users first, nobody looks at. Add an analysis.",
	Find: func(s *Subject) []Finding {
		r := s.Rollout
		if len(r.Refused) > 0 || s.table == nil {
			return nil
		}
		f := Finding{Place: r.Spots.At("").Place, Advice: "add an analysis of the share of failing requests"}
		switch {
		case r.Flagger != nil && len(r.Flagger.Machine.Metrics) == 0 && !r.Flagger.Machine.SkipAnalysis:
			f.Place = r.Flagger.Spots.At("").Place
			f.Edits = insert(r.Flagger.Spots, []string{"metrics:", "- name: request-success-rate", "  thresholdRange:", "    min: 99", "  interval: 1m"}, "interval", "threshold")
			if r.Flagger.Spots.Has("metrics") {
				f.Edits = nil
			}
		case r.Flagger != nil && r.Flagger.Machine.SkipAnalysis:
			f.Place, f.Edits = r.Flagger.Top.At("skipAnalysis").Place, replace(r.Flagger.Top.At("skipAnalysis"), "false")
		case r.Flagger != nil || len(s.analyses()) > 0 || r.BlueGreen != nil:
			return nil
		case r.Ramp != nil && r.Ramp.Judge != nil && len(r.Ramp.Judge.Metrics) > 0:
			return nil
		case r.Ramp != nil && r.Ramp.Elsewhere != "":
			return s.elsewhere()
		case r.Canary != nil && (r.Canary.waits() || len(r.Canary.Steps) == 0):
			return s.byHand()
		}
		row := s.table.at(s.Context.Size)
		f.Evidence = fmt.Sprintf("No analysis looks at the release: of 100 that fail %s of the requests, 100 reach everybody, and %s users are hit on average.", percent(row.Size), grouped(math.Round(row.Users)))
		return []Finding{f}
	},
}

// waits says whether a person is waited for anywhere.
func (c *Canary) waits() bool {
	for i := range c.Steps {
		if c.Steps[i].Kind == rollout.PauseForPerson {
			return true
		}
	}
	return false
}

// byHand is what to say where people are the only check, or nothing holds a release.
func (s *Subject) byHand() []Finding {
	c := s.Rollout.Canary
	if len(c.Steps) == 0 {
		return []Finding{{Place: c.Spots.At("").Place, Evidence: "The canary has no steps: pods are replaced one after the other, and of 100 broken releases 100 reach everybody.", Advice: "write steps and an analysis"}}
	}
	return []Finding{{Severity: Doubt, Place: c.Spots.At("steps").Place, Evidence: "No analysis looks at the release: people who promote it are the only check.", Advice: "add an analysis of the share of failing requests"}}
}

// elsewhere is what to say where checks are not part of the configuration.
func (s *Subject) elsewhere() []Finding {
	row := s.table.at(s.Context.Size)
	return []Finding{{Severity: Doubt, Place: s.Rollout.Ramp.Spots.At("").Place, Advice: "make sure that something stops it",
		Evidence: fmt.Sprintf("Nothing here is measured; a release can only be stopped %s. If nothing does, of 100 that fail %s of the requests 100 reach everybody, and %s users are hit on average.",
			s.Rollout.Ramp.Elsewhere, percent(row.Size), grouped(math.Round(row.Users)))}}
}

var unwatchedSwitch = Rule{
	ID: "RR-A015", Title: "nothing watches after the switch", Severity: Doubt,
	Doc: "A blue-green rollout gives the release to everybody at once. Only an analysis after the switch sees what users do to it. Add a postPromotionAnalysis.",
	Find: func(s *Subject) []Finding {
		b := s.Rollout.BlueGreen
		if b == nil || b.After != nil || s.table == nil {
			return nil
		}
		row := s.table.at(s.Context.Size)
		f := Finding{Place: b.Spots.At("").Place, Advice: "add a postPromotionAnalysis",
			Evidence: fmt.Sprintf("After the switch nothing is measured: of 100 releases that fail %s of users' requests, 100 stay, and %s users are hit on average.", percent(row.Size), grouped(math.Round(row.Users)))}
		name := "success-rate"
		if b.Before != nil && len(b.Before.Names) > 0 {
			name = b.Before.Names[0]
		} else {
			f.Advice += "; the template success-rate has to be written"
		}
		f.Edits = insert(b.Spots, []string{"postPromotionAnalysis:", "  templates:", "  - templateName: " + name}, "activeService", "previewService", "autoPromotionEnabled")
		return []Finding{f}
	},
}

var missing = Rule{
	ID: "RR-A026", Title: "a template is not among the files", Severity: Worth,
	Doc: "The rollout refers to a template that was not given: what it would catch is not in the numbers. Name the directory that holds it too.",
	Find: func(s *Subject) []Finding {
		var all []Finding
		for _, a := range s.analyses() {
			for _, name := range a.Missing {
				all = append(all, Finding{Place: a.Spots.At("templates").Place, Evidence: fmt.Sprintf("The template %s is not among the files: what it measures is not in these numbers.", quoted(name)), Advice: "name its file too"})
			}
		}
		if f := s.Rollout.Flagger; f != nil {
			for _, name := range f.Missing {
				all = append(all, Finding{Place: f.Spots.At("metrics").Place, Evidence: fmt.Sprintf("The MetricTemplate %s is not among the files: what it measures is not in these numbers.", quoted(name)), Advice: "name its file too"})
			}
		}
		return all
	},
}
