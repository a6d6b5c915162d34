package study

import (
	"context"
	"encoding/json"
	"math"
	"os"
	"testing"

	"github.com/rollrisk/rollrisk/models"
	"github.com/rollrisk/rollrisk/sim/portable"
	"github.com/rollrisk/rollrisk/sim/rng"
)

const confidence = 0.95

func trial(t *testing.T, p *Plan) *Trial {
	t.Helper()
	done, err := RunTrial(context.Background(), p, Options{})
	if err != nil {
		t.Fatal(err)
	}
	return done
}

func against(t *testing.T, old, now *Plan) *Contrast {
	t.Helper()
	c, err := trial(t, old).Against(trial(t, now), confidence)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// A trial holds the study that Run makes.
func TestTrialIsTheStudy(t *testing.T) {
	p := twoRamps(3)
	want, err := json.Marshal(run(t, p))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := json.Marshal(trial(t, p).Study()); err != nil || string(got) != string(want) {
		t.Errorf("another study (%v)", err)
	}
}

// The same plan: nothing at all differs, paired or saved.
func TestContrastOfTheSame(t *testing.T) {
	p := twoRamps(3)
	c := against(t, p, p)
	saved := ContrastOf(run(t, p), run(t, p), confidence)
	for _, c := range []*Contrast{c, saved} {
		if !c.Same || c.Changed || c.Turned || len(c.Moves) == 0 {
			t.Errorf("same %v, changed %v, turned %v, %d moves", c.Same, c.Changed, c.Turned, len(c.Moves))
		}
		for _, m := range c.Moves {
			if m.Verdict != MoveSame {
				t.Errorf("%s of %d: %s", m.Metric, m.Alternative, m.Verdict)
			}
		}
	}
	if c.Pairing != Paired || saved.Pairing != Overlapping {
		t.Errorf("%s, %s", c.Pairing, saved.Pairing)
	}
	// The old and the new numbers are those of the study, a lead included.
	st, k := run(t, p), 0
	for _, m := range c.Moves {
		if m.Statistic == "lead" {
			if lead := st.Comparisons[0].Contests[k].Overall.Lead; lead.Mean != m.Old || lead.Mean != m.New {
				t.Errorf("lead %v and %v, want %v", m.Old, m.New, lead.Mean)
			}
			k++
		}
	}
	if k != 2 {
		t.Errorf("%d leads", k)
	}
}

// Trials that cannot be paired are refused.
func TestContrastUnpaired(t *testing.T) {
	p, q, r := twoRamps(3), twoRamps(3), twoRamps(3)
	q.Seed, r.Changes = 2, 2*r.Changes
	for _, other := range []*Plan{q, r} {
		if _, err := trial(t, p).Against(trial(t, other), confidence); err == nil {
			t.Error("they were paired")
		}
	}
}

// lucky is a hazard with luck of its own: another detector of the same power.
type lucky struct {
	rate float64
	name string
}

func (d lucky) Monitor(seed uint64) models.Monitor {
	return &hazardMonitor{d.rate, rng.NewKey(seed, "test/"+d.name)}
}

// moved counts the contrasts in which any number is called moved.
func moved(t *testing.T, n int, of func(i int) *Contrast) int {
	t.Helper()
	count := 0
	for i := range n {
		c := of(i)
		some := false
		for _, m := range c.Moves {
			some = some || m.Visible
		}
		if some != c.Changed {
			t.Fatalf("a visible move: %v, changed: %v", some, c.Changed)
		}
		if c.Same || c.Turned && !some {
			t.Fatalf("same %v, turned %v", c.Same, c.Turned)
		}
		if some {
			count++
		}
	}
	return count
}

// atMost is the number of events that n trials of probability p exceed with less than
// 1e-6: five standard errors of a normal, computed from the binomial distribution.
func atMost(n int, p float64) int {
	term := portable.Exp(float64(n) * portable.Log(1-p))
	total, k := term, 0
	for 1-total > 1e-6 {
		k++
		term *= float64(n-k+1) / float64(k) * p / (1 - p)
		total += term
	}
	return k
}

// Comparing a question with itself calls something moved at most at the stated rate: for
// saved studies of two seeds, and for paired runs in which nothing but the luck of the
// detectors differs. 200 seeds; 40 without ROLLRISK_DEEP.
func TestContrastFalseAlarms(t *testing.T) {
	n := 40
	if os.Getenv("ROLLRISK_DEEP") != "" {
		n = 200
	}
	seeded := func(seed uint64, name string) *Plan {
		p := twoRamps(3)
		p.Seed = seed
		for i := range p.Case.Pipelines {
			p.Case.Pipelines[i].Detectors = []models.Detector{lucky{0.5, name}}
		}
		return p
	}
	most := atMost(n, 1-confidence)
	for what, of := range map[string]func(i int) *Contrast{
		"two seeds": func(i int) *Contrast {
			return ContrastOf(run(t, seeded(uint64(2*i), "a")), run(t, seeded(uint64(2*i+1), "a")), confidence)
		},
		"another luck": func(i int) *Contrast { return against(t, seeded(uint64(i), "a"), seeded(uint64(i), "b")) },
		"another luck, saved": func(i int) *Contrast {
			return ContrastOf(run(t, seeded(uint64(i), "a")), run(t, seeded(uint64(i), "b")), confidence)
		},
	} {
		count := moved(t, n, of)
		t.Logf("%s: %d of %d called moved, at most %d are allowed", what, count, n, most)
		if count > most {
			t.Errorf("%s: %d of %d are called moved, more than %d", what, count, n, most)
		}
	}
}

// A change with a known effect is noticed, and the effect is inside the interval: the
// price of a failed request is raised by a half, so that every cost is. A response of
// another length moves what hangs on it and nothing before it.
func TestContrastKnown(t *testing.T) {
	old, now := twoRamps(3), twoRamps(3)
	now.Case.Service.Cost.PerFailedReq = known(1.5)
	c, saved := against(t, old, now), ContrastOf(run(t, old), run(t, now), confidence)
	for _, c := range []*Contrast{c, saved} {
		found := 0
		for _, m := range c.Moves {
			switch {
			case m.Metric == "cost" && m.Statistic == "mean":
				found++
				truth := float64(m.Old) / 2 // exactly: the same failures at another price
				if c.Pairing == Paired && m.Verdict != MoveWorse {
					t.Errorf("%s: cost of %d is %s, %v to %v", c.Pairing, m.Alternative, m.Verdict, m.Low, m.High)
				}
				if !(float64(m.Low) <= truth && truth <= float64(m.High)) {
					t.Errorf("%s: %v to %v does not hold %v", c.Pairing, m.Low, m.High, truth)
				}
			case m.Metric != "cost" && m.Verdict != MoveSame:
				t.Errorf("%s: %s of %d is %s", c.Pairing, m.Metric, m.Alternative, m.Verdict)
			}
		}
		if found != 2 {
			t.Errorf("%d costs", found)
		}
	}
	if !c.Changed || c.Turned || c.Same {
		t.Errorf("%+v", c)
	}
}

// Over many seeds, the intervals of a paired contrast hold the true effect: that of the
// mean over all of them. A response that takes 6 hours instead of 3.
func TestContrastCoverage(t *testing.T) {
	n := 12
	if os.Getenv("ROLLRISK_DEEP") != "" {
		n = 100
	}
	slower := func(seed uint64, hours float64) *Plan {
		p := twoRamps(hours)
		p.Seed = seed
		return p
	}
	var means, halves, lows, highs [2][]float64
	for i := range n {
		for _, m := range against(t, slower(uint64(i), 3), slower(uint64(i), 6)).Moves {
			if m.Metric == "users_affected" && m.Statistic == "mean" {
				if m.Verdict != MoveWorse {
					t.Errorf("seed %d: users affected of %d are %s", i, m.Alternative, m.Verdict)
				}
				k := m.Alternative
				means[k], halves[k] = append(means[k], float64(m.Difference)), append(halves[k], float64(m.StandardError))
				lows[k], highs[k] = append(lows[k], float64(m.Low)), append(highs[k], float64(m.High))
			}
		}
	}
	for k := range means {
		truth, missed := 0.0, 0
		for _, d := range means[k] {
			truth += d / float64(n)
		}
		for i := range lows[k] {
			if truth < lows[k][i] || truth > highs[k][i] {
				missed++
			}
		}
		if most := atMost(n, 1-confidence); missed > most {
			t.Errorf("alternative %d: %d of %d intervals miss %v", k, missed, n, truth)
		}
		if !(truth > 5*halves[k][0]) {
			t.Errorf("the effect %v is too small for this test (error %v)", truth, halves[k][0])
		}
	}
}

// What came, went and differs is listed, and what belongs to a pipeline that went is not
// listed again.
func TestContrastLists(t *testing.T) {
	old, now := twoRamps(3), twoRamps(3)
	now.Case.Pipelines[1].Name = "other"
	old.Inputs = []Input{{Path: "service.users", Value: "1k"}, {Path: "alternatives.ramp.stages[0].bake", Value: "1d"},
		{Path: "alternatives.bang.response", Value: "3h"}, {Path: "gone", Value: "1"}}
	now.Inputs = []Input{{Path: "service.users", Value: "2k"}, {Path: "alternatives.other.stages[0].bake", Value: "1d"},
		{Path: "alternatives.bang.response", Value: "3h"}, {Path: "new", Value: "1"}}
	c := against(t, old, now)
	if !c.Changed || c.Same {
		t.Error("a pipeline was changed for another one, and nothing is said")
	}
	states := ""
	for _, m := range c.Alternatives {
		states += m.Name + " " + m.State + ";"
	}
	for _, in := range c.Inputs {
		states += in.Path + " " + in.State + ";"
	}
	if want := "bang kept;ramp removed;other added;service.users changed;gone removed;new added;"; states != want {
		t.Errorf("%s\nwant %s", states, want)
	}
	for _, m := range c.Moves {
		if m.Alternative != 0 || m.Statistic == "lead" {
			t.Errorf("%s of %d is compared", m.Metric, m.Alternative)
		}
	}
}

// The headline names another one when the price of the ramp's luck is turned round.
func TestContrastTurned(t *testing.T) {
	old, now := twoRamps(10), twoRamps(10)
	now.Case.Pipelines[0].Stages, now.Case.Pipelines[1].Stages = now.Case.Pipelines[1].Stages, now.Case.Pipelines[0].Stages
	c := against(t, old, now)
	if !c.Turned || c.Old.Winner != "ramp" || c.New.Winner != "bang" {
		t.Errorf("turned %v: from %+v to %+v", c.Turned, c.Old.Decision, c.New.Decision)
	}
}

// An error of a sum of the parts is never below that of a difference of dependent ones.
func TestOverlappingIsWider(t *testing.T) {
	old, now := twoRamps(3), twoRamps(6)
	paired, saved := against(t, old, now), ContrastOf(run(t, old), run(t, now), confidence)
	for i, m := range paired.Moves {
		if s := saved.Moves[i]; m.Statistic == "mean" && (s.StandardError < m.StandardError || s.Difference != m.Difference) {
			t.Errorf("%s: %v ± %v saved, %v ± %v paired", m.Metric, s.Difference, s.StandardError, m.Difference, m.StandardError)
		}
		if math.IsNaN(float64(m.Difference)) && m.Verdict != MoveSame && m.Verdict != MoveUnknown && !m.Visible {
			t.Errorf("%s is %s without a difference", m.Metric, m.Verdict)
		}
	}
}
