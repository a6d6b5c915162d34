package importer

import (
	"context"
	"math"
	"strings"
	"testing"

	"github.com/rollrisk/rollrisk/models/assess"
	"github.com/rollrisk/rollrisk/models/study"
	"github.com/rollrisk/rollrisk/scenarios"
)

// oneDefect replaces the defects and the changes of an imported scenario: every change
// carries one defect that fails a share of the requests of everybody, at once.
func oneDefect(text, size string) string {
	text = strings.Replace(text, "changes:\n  rate: {value: 40/w, provenance: assumption, source: eight developers}\n",
		"study:\n  changes: 3k\n\nchanges:\n  every: 1w\n  defects: 1\n  evenly: yes\n  period: 100 changes\n  warm_up: 1 changes\n"+
			"\ndefects:\n  table: none\n  classes:\n    only:\n      share: 100%\n      reproducible: 0%\n      exercised: 0%\n      telemetry: 100%\n      reported: 0%\n"+
			"      global: 100%\n      reach: 100%\n      strength: "+size+"\n      irreversible: 0%\n", 1)
	return strings.Replace(text, "response:\n      action: rollback\n", "watch: 4h\n    fix: {effort: none}\n    response:\n      action: rollback\n", 1)
}

// TestStudyAgrees: the simulation of the whole project, on the scenario that is written
// from a manifest, stops the defect in each ring as often as the assessment says, within
// five standard errors and one release in three hundred, because a look at the very end
// of a ring belongs to it in one and not in the other.
func TestStudyAgrees(t *testing.T) {
	for _, c := range []struct {
		file, size string
		share      float64
	}{
		{"a005-negative.yaml", "1%", 0.01}, {"a005-negative.yaml", "5%", 0.05},
		{"flagger-canary.yaml", "1%", 0.01}, {"flagger-canary.yaml", "0.5%", 0.005},
		{"a017-negative.yaml", "0.5%", 0.005}, {"kayenta.json", "0.5%", 0.005}, {"kayenta.json", "0.1%", 0.001},
	} {
		for _, f := range manifestFiles(t) {
			if f.Name != c.file {
				continue
			}
			x := Read([]File{f}, Options{}).Rollouts[0]
			ctx := assess.Default()
			a := assess.Assess(x, ctx)
			text, _ := Scenario(x, ctx)
			s, faults := scenarios.Decode(f.Name, []byte(oneDefect(text, c.size)))
			if len(faults) > 0 {
				t.Fatal(faults, oneDefect(text, c.size))
			}
			plan, _ := s.Plan(scenarios.Options{Seed: 1})
			st, err := study.Run(context.Background(), &plan, study.Options{})
			if err != nil {
				t.Fatal(err)
			}
			caught := 0.0
			for _, stop := range st.Alternatives[1].Stops {
				if stop.Kind == "ring" && stop.Where != "ring 100%" {
					caught += stop.PerThousand / 1000
				}
			}
			for i := range a.Table.Rows {
				r := &a.Table.Rows[i]
				if r.Class != a.Table.Rows[0].Class || r.Size != c.share {
					continue
				}
				n := float64(st.Size.Defects)
				if off := math.Abs(caught - r.All); off > 5*math.Sqrt(r.All*(1-r.All)/n)+1.0/300 {
					t.Errorf("%s, defect %s: %d defects simulated, %v caught before everybody; assess says %v", c.file, c.size, st.Size.Defects, caught, r.All)
				}
				t.Logf("%s %s: study %.4f, assess %.4f", c.file, c.size, caught, r.All)
			}
		}
	}
}
