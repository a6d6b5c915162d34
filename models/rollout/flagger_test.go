package rollout

import (
	"math"
	"strings"
	"testing"
	"time"
)

// path ticks until the canary is done or ticks are used up and returns the weights of
// the canary in words.
func path(f Flagger, ticks int, answer func(tick int, r *FlaggerRun, a *Answers)) (*FlaggerRun, []int) {
	r := NewFlagger(f)
	var weights []int
	for i := 0; i < ticks && !r.Done(); i++ {
		a := Answers{Metrics: make([]float64, len(f.Metrics)), Hooks: make([]bool, len(f.Hooks))}
		for j := range a.Hooks {
			a.Hooks[j] = f.Hooks[j] != RollbackHook
		}
		if answer != nil {
			answer(i, r, &a)
		}
		weights = append(weights, r.Tick(a).Canary)
	}
	return r, weights
}

func equal(a, b []int) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

func TestFlaggerWeights(t *testing.T) {
	for _, c := range []struct {
		name string
		f    Flagger
		want []int
		end  FlaggerPhase
	}{
		{"overshoots", Flagger{StepWeight: 20, MaxWeight: 50}, []int{0, 20, 40, 60, 60, 0, 0}, Succeeded},
		{"stepWeight beats stepWeights, whose last caps", Flagger{StepWeight: 10, StepWeights: []int{5, 30}, MaxWeight: 90}, []int{0, 10, 20, 30, 30, 0, 0}, Succeeded},
		{"stepWeights to 100", Flagger{StepWeights: []int{50, 100}}, []int{0, 50, 100, 100, 0, 0}, Succeeded},
		{"stepWeights that fall stay for ever", Flagger{StepWeights: []int{50, 20}}, []int{0, 50, 50, 50, 50, 50, 50, 50}, Progressing},
		{"maxWeight above 100 stays for ever", Flagger{StepWeight: 50, MaxWeight: 150}, []int{0, 50, 100, 100, 100, 100, 100, 100}, Progressing},
		{"a mirrored switch", Flagger{Iterations: 1, Mirror: true}, []int{0, 0, 100, 100, 0, 0}, Succeeded},
		{"a match without iterations is a canary", Flagger{StepWeight: 100, Match: true}, []int{0, 100, 100, 0, 0}, Succeeded},
		{"no match without a mesh", Flagger{Provider: "kubernetes", Iterations: 1, Match: true}, []int{0, 0, 0, 0, 0, 0}, Succeeded},
		{"who mirrors and matches mirrors for ever", Flagger{StepWeight: 50, Mirror: true, Match: true}, []int{0, 0, 0, 0, 0, 0, 0, 0}, Progressing},
		{"slow promotion", Flagger{StepWeight: 100, StepWeightPromotion: 60}, []int{0, 100, 100, 40, 0, 0}, Succeeded},
	} {
		r, got := path(c.f, 8, nil)
		if !equal(got, c.want) || r.Status().Phase != c.end {
			t.Errorf("%s: %v %v, not %v %v", c.name, got, r.Status().Phase, c.want, c.end)
		}
	}
}

func TestFlaggerWebhooks(t *testing.T) {
	at := func(from, to int, h HookType) func(int, *FlaggerRun, *Answers) {
		return func(tick int, r *FlaggerRun, a *Answers) {
			for i := range a.Hooks {
				if r.spec.Hooks[i] == h && tick >= from && tick < to {
					a.Hooks[i] = false
				}
			}
		}
	}
	step := func(h ...HookType) Flagger { return Flagger{StepWeight: 100, Threshold: 2, Hooks: h} }
	for _, c := range []struct {
		name   string
		f      Flagger
		answer func(int, *FlaggerRun, *Answers)
		want   []int
		failed int
		end    FlaggerPhase
	}{
		{"confirm-rollout holds before all", step(ConfirmRolloutHook), at(0, 3, ConfirmRolloutHook), []int{0, 0, 0, 0, 100, 100, 0, 0}, 0, Succeeded},
		{"pre-rollout counts before any traffic", step(PreRolloutHook), at(0, 9, PreRolloutHook), []int{0, 0, 0, 0}, 0, FlaggerFailed},
		{"one pre-rollout failure stays counted", step(PreRolloutHook), at(1, 2, PreRolloutHook), []int{0, 0, 100, 100, 0, 0}, 1, Succeeded},
		{"rollout counts", step(RolloutHook), at(2, 3, RolloutHook), []int{0, 100, 100, 100, 0, 0}, 1, Succeeded},
		{"confirm-traffic-increase before the first weight", step(ConfirmTrafficIncreaseHook), at(1, 3, ConfirmTrafficIncreaseHook), []int{0, 0, 0, 100, 100, 0, 0}, 0, Succeeded},
		{"post-rollout and event never decide", step(PostRolloutHook, EventHook), func(_ int, _ *FlaggerRun, a *Answers) { a.Hooks[0], a.Hooks[1] = false, false }, []int{0, 100, 100, 0, 0}, 0, Succeeded},
		{"confirm-promotion of a test counts on", Flagger{Iterations: 1, Match: true, Hooks: []HookType{ConfirmPromotionHook}}, at(2, 5, ConfirmPromotionHook), []int{0, 100, 100, 100, 100, 100, 100, 0, 0}, 0, Succeeded},
	} {
		r, got := path(c.f, 12, c.answer)
		s := r.Status()
		if !equal(got, c.want) || s.Phase != c.end || s.FailedChecks != c.failed {
			t.Errorf("%s: %v %+v, not %v %v", c.name, got, s, c.want, c.end)
		}
	}
}

func TestFlaggerChecks(t *testing.T) {
	x := func(v float64) *float64 { return &v }
	inf := math.Inf(1)
	for _, c := range []struct {
		name string
		m    FlaggerMetric
		v    float64
		want bool
	}{
		{"an empty range passes", FlaggerMetric{Query: "q", Range: &Range{}}, 99, true},
		{"but not without values", FlaggerMetric{Query: "q", Range: &Range{}}, math.NaN(), false},
		{"a query without threshold", FlaggerMetric{Query: "q"}, 1e-9, false},
		{"at zero", FlaggerMetric{Query: "q"}, 0, true},
		{"a query's threshold", FlaggerMetric{Query: "q", Threshold: 5}, 5, true},
		{"a template's range", FlaggerMetric{Template: "t", Range: &Range{Min: x(2)}}, 1, false},
		{"a template beats an unknown name", FlaggerMetric{Name: "x", Template: "t", Threshold: 2}, 1, true},
		{"success rate without threshold", FlaggerMetric{Name: "request-success-rate"}, 0, true},
		{"success rate without values", FlaggerMetric{Name: "request-success-rate"}, math.NaN(), false},
		{"success rate below threshold", FlaggerMetric{Name: "request-success-rate", Threshold: 99}, 98.9, false},
		{"success rate above the range", FlaggerMetric{Name: "request-success-rate", Range: &Range{Max: x(50)}}, 51, false},
		{"duration in whole milliseconds", FlaggerMetric{Name: "request-duration", Range: &Range{Max: x(500)}}, 500.9, true},
		{"so too the bound", FlaggerMetric{Name: "request-duration", Range: &Range{Max: x(500.9)}}, 501, false},
		{"duration too short", FlaggerMetric{Name: "request-duration", Range: &Range{Min: x(5)}}, 4.9, false},
		{"duration without threshold", FlaggerMetric{Name: "request-duration"}, 0.9, true},
		{"an infinite duration wraps around", FlaggerMetric{Name: "request-duration", Range: &Range{Max: x(5)}}, inf, true},
		{"infinity elsewhere does not", FlaggerMetric{Query: "q", Range: &Range{Max: x(5)}}, inf, false},
		{"a builtin name with a query meets both", FlaggerMetric{Name: "request-success-rate", Query: "q"}, 50, false},
		{"nothing to ask", FlaggerMetric{Name: "error-rate", Range: &Range{}}, 0, false},
	} {
		r, _ := path(Flagger{StepWeight: 50, Threshold: 9, Metrics: []FlaggerMetric{c.m}}, 3, func(_ int, _ *FlaggerRun, a *Answers) { a.Metrics[0] = c.v })
		if got := r.Status().FailedChecks == 0; got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}

// Built-in metrics and queries are asked before templates, and only until one fails.
func TestFlaggerOrderOfQueries(t *testing.T) {
	f := Flagger{StepWeight: 50, Threshold: 9, Metrics: []FlaggerMetric{{Name: "a", Template: "t"}, {Name: "b", Query: "q"}, {Name: "c", Query: "q"}}}
	for _, c := range []struct {
		values []float64
		want   int
	}{{[]float64{0, 0, 0}, 3}, {[]float64{1, 0, 0}, 3}, {[]float64{0, 1, 0}, 1}, {[]float64{1, 0, 1}, 2}} {
		r, _ := path(f, 3, func(_ int, _ *FlaggerRun, a *Answers) { a.Metrics = c.values })
		if got := r.Status().Queries; got != c.want {
			t.Errorf("%v: %d queries, not %d", c.values, got, c.want)
		}
	}
}

// Where there is no mesh, the built-in query of durations yields seconds.
func TestFlaggerDurationsInSeconds(t *testing.T) {
	for provider, want := range map[string]int{"istio": 0, "": 0, "kubernetes": 1, "gatewayapi:v1": 1} {
		f := Flagger{Provider: provider, StepWeight: 50, Threshold: 9, Metrics: []FlaggerMetric{{Name: "request-duration", Threshold: 400}, {Name: "q", Query: "q", Threshold: 1}}}
		r, _ := path(f, 3, func(_ int, _ *FlaggerRun, a *Answers) { a.Metrics[0], a.Metrics[1] = 0.5, 1 })
		if got := r.Status().FailedChecks; got != want {
			t.Errorf("%s: %d", provider, got)
		}
	}
}

func TestFlaggerEvery(t *testing.T) {
	for in, want := range map[time.Duration]time.Duration{0: time.Minute, time.Second: 10 * time.Second, time.Hour: time.Hour} {
		if got := (&Flagger{Interval: in}).Every(); got != want {
			t.Errorf("%v: %v", in, got)
		}
	}
}

func TestFlaggerCheck(t *testing.T) {
	if got := (&Flagger{}).Check(); got != nil {
		t.Errorf("%v", got)
	}
	bad := Flagger{Interval: -1, Threshold: -1, Iterations: -1, MaxWeight: 101, StepWeight: -1, StepWeights: []int{5, 101},
		StepWeightPromotion: 101, Metrics: []FlaggerMetric{{}}, Hooks: []HookType{99}}
	if got := bad.Check(); len(got) != 9 {
		t.Errorf("%v", got)
	}
	for h := RolloutHook; h <= EventHook; h++ {
		if got, err := ParseHookType(h.String()); got != h || err != nil {
			t.Errorf("%v: %v %v", h, got, err)
		}
	}
	if _, err := ParseHookType("gate"); err == nil || !strings.Contains(err.Error(), "gate") {
		t.Errorf("%v", err)
	}
	defer func() {
		if recover() == nil {
			t.Error("a tick without its answers does not panic")
		}
	}()
	NewFlagger(bad).Tick(Answers{})
}

// TestFlaggerTimes: the times of Flagger's documentation for a canary of 2 to 50 % by 2
// and for an A/B test, from the first traffic: promotion after 25 and 10 intervals as
// documented, and rollback after one more than the documented 10 and 2.
func TestFlaggerTimes(t *testing.T) {
	canary := Flagger{StepWeight: 2, MaxWeight: 50, Threshold: 10, Metrics: []FlaggerMetric{{Name: "m", Query: "m", Range: &Range{Max: new(float64)}}}}
	test := canary
	test.StepWeight, test.MaxWeight, test.Iterations, test.Match, test.Threshold = 0, 0, 10, true, 2
	for _, c := range []struct {
		name     string
		f        Flagger
		value    float64
		end      FlaggerPhase
		interval int
	}{
		{"canary, promoted", canary, 0, Promoting, 25}, {"canary, rolled back", canary, 1, FlaggerFailed, 11},
		{"A/B, promoted", test, 0, Promoting, 10}, {"A/B, rolled back", test, 1, FlaggerFailed, 3},
	} {
		r, first := NewFlagger(c.f), -1
		for tick := 0; tick < 100; tick++ {
			s := r.Tick(Answers{Metrics: []float64{c.value}})
			if first < 0 && s.Canary > 0 {
				first = tick
			}
			if s.Phase == c.end {
				if tick-first != c.interval {
					t.Errorf("%s: %d intervals after the first traffic, want %d", c.name, tick-first, c.interval)
				}
				break
			}
			if tick == 99 {
				t.Errorf("%s: %v after 100 ticks", c.name, s.Phase)
			}
		}
	}
}
