package optimize

import (
	"context"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/rollrisk/rollrisk/models"
	"github.com/rollrisk/rollrisk/models/analytic"
	"github.com/rollrisk/rollrisk/models/detector"
	"github.com/rollrisk/rollrisk/models/study"
	"github.com/rollrisk/rollrisk/sim/dist"
)

// twoRings is the problem of docs/background/optimal-ring-plan.md: a hazard by exposure, a
// response of so many hours, a price of harm and one of time.
func twoRings(hazard, respond, harm, hour float64) *analytic.RingCase {
	return &analytic.RingCase{Users: 1, Defects: []analytic.RingDefect{{Weight: 1, Reach: 1, PerDose: hazard, Respond: respond}},
		Prices: analytic.RingPrices{UserHour: harm, Hour: hour}}
}

// known is the optimum of that problem, by the equations of the page.
func known(hazard, respond, harm, hour float64) (share, bake, cost float64) {
	k := harm * respond
	a := func(s float64) float64 { return k * hazard * s * (1 - s) / hour }
	slope := func(s float64) float64 {
		return k - hour/(hazard*s*s)*math.Log(a(s)) - hour/(hazard*s*(1-s))
	}
	low, high := 1e-6, 0.5 // a falls below 1, where the slope is positive, or the slope changes its sign once
	for a(low) < 1 {
		low *= 1.01
	}
	low *= 1.5
	for range 200 {
		if mid := (low + high) / 2; slope(mid) < 0 {
			low = mid
		} else {
			high = mid
		}
	}
	share = (low + high) / 2
	bake = math.Log(a(share)) / (hazard * share)
	return share, bake, harm/hazard + k*share + hour/(hazard*share)*(1+math.Log(a(share)))
}

// The two-ring problem is solved to a hundredth of a per cent in cost and a per cent in
// share and bake, from a start that is far away; and neighbours of the equations' optimum
// cost more, so that the equations are tested too.
func TestTwoRingsKnownOptimum(t *testing.T) {
	for _, q := range [][4]float64{{0.5, 6, 1000, 1}, {2, 1, 500, 0.5}, {0.1, 24, 200, 0.2}} {
		c := twoRings(q[0], q[1], q[2], q[3])
		share, bake, cost := known(q[0], q[1], q[2], q[3])
		law := c.Law(analytic.RingPlan{Shares: []float64{share, 1}, Bakes: []float64{bake, 1e5}})
		if math.Abs(law.Cost/cost-1) > 1e-9 {
			t.Errorf("%v: the equations give %v, the twin %v", q, cost, law.Cost)
		}
		found, least, looked := Descend(c, analytic.RingPlan{Shares: []float64{0.3, 1}, Bakes: []float64{1, 1e5}}, 0)
		t.Logf("%v: share %.5f of %.5f, bake %.4f of %.4f, cost %.6f of %.6f, %d plans", q, found.Shares[0], share, found.Bakes[0], bake, least, cost, looked)
		if math.Abs(found.Shares[0]/share-1) > 0.01 || math.Abs(found.Bakes[0]/bake-1) > 0.01 || math.Abs(least/cost-1) > 1e-4 {
			t.Errorf("%v: found %v %v at %v, want %v %v at %v", q, found.Shares[0], found.Bakes[0], least, share, bake, cost)
		}
		if short, _, _ := Descend(c, analytic.RingPlan{Shares: []float64{0.3, 1}, Bakes: []float64{bake / 4, 1e5}}, bake/2); short.Hours() > bake/2 || math.Abs(short.Hours()/(bake/2)-1) > 0.01 {
			t.Errorf("%v: with a limit of %v hours it takes %v", q, bake/2, short.Hours())
		}
	}
}

// frame is one alternative with a twin, in any rings.
func frame(t *testing.T, stated analytic.RingPlan) Frame {
	t.Helper()
	kind, _ := detector.Named("exposure-hazard")
	watch, err := kind.New(detector.Values{Numbers: map[string]float64{"rate": 0.5}, Choices: map[string]string{"sees": "all"}})
	if err != nil {
		t.Fatal(err)
	}
	doubt, err := dist.NewLogNormalInterval(0.2, 0.8)
	if err != nil {
		t.Fatal(err)
	}
	q := func(v float64) models.Quantity { return models.Quantity{Value: v} }
	return Frame{Name: "rings", Stated: stated, Realise: func(p analytic.RingPlan) (*study.Plan, error) {
		pipe := models.Pipeline{Name: "rings", Batching: models.Batching{Every: 1}, Detectors: []models.Detector{watch}, Sticky: true, WatchHours: 500,
			Response: models.Response{Automatic: true, Act: models.Hours(6)}, Fix: models.Fix{LateMultiplier: q(1)}}
		for i := range p.Shares {
			pipe.Stages = append(pipe.Stages, models.Stage{Name: "ring", Kind: models.InRing, Ring: models.Ring{Share: q(p.Shares[i]), Bake: models.Hours(p.Bakes[i]), Watch: []int{0}}})
		}
		return &study.Plan{Seed: 1, Changes: 1000, Level: 0.9, Case: models.Case{
			Service: models.Service{Users: q(1000), RequestsPerHr: q(1), Cost: models.Cost{Currency: "$", PerUserHour: q(1), PerChangeDay: q(480)}},
			Work:    models.Always(), Changes: models.Changes{PerWeek: q(7), Defects: q(0.5), Variance: 1, PerPeriod: 40, Warmup: 2},
			Classes:   []models.Class{{Name: "any", Share: 1, Visible: q(1), Global: q(1), Strength: models.Amount{Value: models.Quantity{Value: 0.4, Slot: 1}}}},
			Beliefs:   []models.Belief{{Path: "strength", Dist: doubt}},
			Pipelines: []models.Pipeline{pipe}}}, nil
	}}
}

// The search finds a plan that is visibly better than what is stated, holds a limit, and
// gives the same answer for any number of workers.
func TestFind(t *testing.T) {
	q := Question{Frames: []Frame{frame(t, analytic.RingPlan{Shares: []float64{1}, Bakes: []float64{0}})}, Minimise: Cost, Changes: 600, Workers: 1}
	free, err := Find(context.Background(), q)
	if err != nil {
		t.Fatal(err)
	}
	if free.Twins == 0 || len(free.Twinless) > 0 || free.Worlds == 0 || free.Plans[0].Regret == nil || len(free.Front) < 2 {
		t.Errorf("%+v", free)
	}
	for _, p := range free.Plans[1:] {
		t.Logf("%s %v: %+v %+v", p.Role, p.Rings, p.Score.Value, p.Versus)
		if p.Versus.More < -4*p.Versus.Error {
			t.Errorf("%s is better than the best: %+v", p.Role, p.Versus)
		}
		if p.Role == "stated" && !(p.Versus.More > 10*p.Versus.Error) {
			t.Errorf("the best is not better than a big bang: %+v", p.Versus)
		}
	}
	q.Workers, q.Limits.Hours = 3, free.Plans[0].Score.Hours/2
	tight, err := Find(context.Background(), q)
	if err != nil {
		t.Fatal(err)
	}
	if tight.Plans[0].Score.Hours > q.Limits.Hours*1.05 || !slices.Contains(tight.Binding, "lead time") {
		t.Errorf("limit of %v hours: %v, binding %v", q.Limits.Hours, tight.Plans[0].Score.Hours, tight.Binding)
	}
	q.Limits.Hours = 0
	if again, err := Find(context.Background(), q); err != nil || again.Plans[0].Score != free.Plans[0].Score || *again.Plans[1].Versus != *free.Plans[1].Versus {
		t.Errorf("three workers give %+v, one %+v (%v)", again.Plans[0], free.Plans[0], err)
	}
	q.Limits = Limits{Users: 1e-9}
	if _, err = Find(context.Background(), q); err == nil || !strings.Contains(err.Error(), "no plan that was tried") {
		t.Errorf("a limit that nothing holds: %v", err)
	}
}

// The three objectives order plans by what they say.
func TestObjectives(t *testing.T) {
	lean := &study.Lean{Cost: 50, LeadTime: 10, Escapes: 3, Detected: 1}
	s := &Score{tail: 30}
	for objective, want := range map[Objective]float64{Cost: 50, Tail: 30 + 20/0.05, Weighted: 2*10/5.0 + 3*2/4.0 + 1*7} {
		v := values{objective: objective, weights: Weights{2, 3, 1}, base: Score{Hours: 5, Never: 4}}
		if got := v.of(s, lean, 7); math.Abs(got-want) > 1e-12 {
			t.Errorf("%s: %v, want %v", objective, got, want)
		}
	}
}

// Every plan of the grid and every published ramp is a plan: shares rise to everybody and
// bakes are positive.
func TestDesigns(t *testing.T) {
	c := &models.Case{Service: models.Service{Users: models.Known(1e6), RequestsPerHr: models.Known(0.5), BaselineErrors: models.Known(0.001)}, Changes: models.Changes{Defects: models.Known(0.2)}}
	plans := grid(0)
	for _, p := range ramps(c) {
		t.Logf("%s: %v", p.name, p.plan)
		plans = append(plans, p.plan)
	}
	for _, p := range plans {
		last := 0.0
		for i, s := range p.Shares {
			if s <= last || i < len(p.Shares)-1 && p.Bakes[i] <= 0 {
				t.Errorf("%v is no plan", p)
			}
			last = s
		}
		if last != 1 {
			t.Errorf("%v ends at %v", p, last)
		}
	}
	for _, p := range grid(24) {
		if p.Hours() > 25 {
			t.Errorf("%v takes %v hours", p, p.Hours())
		}
	}
}

// A plan that does not keep up in a world gives away everything there; where none does,
// nothing is given away.
func TestGivenAway(t *testing.T) {
	value := make([]float64, 2*worlds)
	for w := range worlds {
		value[w], value[worlds+w] = 5, 5
	}
	value[0], value[worlds+1] = 7, 8 // the first gives 2 away in world 0, the second 3 in world 1
	value[2], value[worlds+2] = math.Inf(1), math.Inf(1)
	both := []*candidate{{}, {}}
	given(both, value)
	if a, b := both[0].Regret, both[1].Regret; a.Worst != 2 || b.Worst != 3 || a.Mean != 2./worlds || b.Mean != 3./worlds {
		t.Errorf("%+v, %+v", *a, *b)
	}
	value[3] = math.Inf(1)
	given(both, value)
	if a := both[0].Regret; !math.IsInf(float64(a.Worst), 1) {
		t.Errorf("%+v", *a)
	}
}

// With one place on the ramp and a change a day, rings of more than 24 hours have a queue
// that grows for ever: such a plan is never the best one, although waiting costs nothing
// here and its rings hurt fewest.
func TestNoPlanThatNobodyCanFollow(t *testing.T) {
	f := frame(t, analytic.RingPlan{Shares: []float64{0.1, 1}, Bakes: []float64{1, 0}})
	realise := f.Realise
	f.Realise = func(p analytic.RingPlan) (*study.Plan, error) {
		q, err := realise(p)
		q.Case.Pipelines[0].RampSlots, q.Case.Service.Cost.PerChangeDay = 1, models.Quantity{Value: 0.01}
		return q, err
	}
	a, err := Find(context.Background(), Question{Frames: []Frame{f}, Minimise: Cost, Changes: 1200, Workers: 2})
	if err != nil {
		t.Fatal(err)
	}
	if best := a.Plans[0]; best.Rings.Hours() > 24 || best.Rings.Hours() == 0 {
		t.Errorf("%v takes %v h for each of a change a day", best.Rings, best.Rings.Hours())
	}
	if len(a.Stuck) == 0 {
		t.Error("the published ramps of many days keep up")
	}
}
