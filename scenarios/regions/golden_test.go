package regions

import (
	"math"
	"os"
	"strings"
	"testing"

	"github.com/rollrisk/rollrisk/models/study"
	"github.com/rollrisk/rollrisk/reports/number"
	"github.com/rollrisk/rollrisk/reports/section"
	"github.com/rollrisk/rollrisk/scenarios"
)

// TestSentences: where staging wins in a scenario of the library in which it should now and
// then, and where rings do in one that was made for them. The sentences are what the map
// says; another seed moves their numbers by no more than the simulation error.
func TestSentences(t *testing.T) {
	for _, c := range []struct {
		name, x, y string
		between    []string
		deep       bool
		sentence   string
		shares     study.RegionShares // to a hundredth
	}{
		{"checkout", "changes.defects", "environments.staging.coverage", []string{"rings", "staging"}, false,
			"rings 1/10/50/100 % hurts fewer users in more changes than weekly train through staging at what is stated, and neither of these two inputs alone turns that round on this map.",
			study.RegionShares{Best: 0.84, Rival: 0.08, Level: 0.09}},
		{"regulated", "alternatives.pilots.stages[2].bake", "alternatives.pilots.stages[1].bake", []string{"validation", "pilots"}, true,
			"pilot hospitals first hurts fewer users in more changes than validation for all sites at what is stated; validation for all sites wins if pilots: ring 20%: bake time is below 4.1 d (stated: 2w).",
			study.RegionShares{Best: 0.18, Rival: 0.42, Level: 0.14, Stuck: 0.26}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.deep && os.Getenv("ROLLRISK_DEEP") != "1" {
				t.Skip("half a minute; set ROLLRISK_DEEP=1")
			}
			text, _ := scenarios.Builtin(c.name)
			s, faults := scenarios.Decode(c.name+".yaml", text)
			if len(faults) > 0 {
				t.Fatal(faults)
			}
			q := Usual()
			q.Scenario, q.Seed, q.Between, q.X, q.Y, q.Changes = s, 1, c.between, c.x, c.y, 1000
			if !c.deep {
				q.Changes = 500
			}
			r := drawn(t, q, Options{})
			for _, n := range r.Nodes {
				if !n.Guessed && (n.Winner == "best" && !(n.Low > 0) || n.Winner == "rival" && !(n.High < 0)) {
					t.Fatalf("nobody is visibly ahead there: %+v", n)
				}
			}
			if got := strings.ReplaceAll(section.Regions(r).Summary, number.NoBreak, " "); got != c.sentence {
				t.Errorf("%q, want %q", got, c.sentence)
			}
			for _, d := range []float64{r.Ahead.Best - c.shares.Best, r.Ahead.Rival - c.shares.Rival, r.Ahead.Level - c.shares.Level, r.Ahead.Stuck - c.shares.Stuck} {
				if math.Abs(d) > 0.0101 {
					t.Errorf("%+v, want %+v", r.Ahead, c.shares)
				}
			}
		})
	}
}
