package detector

import (
	"testing"
	"time"

	"github.com/rollrisk/rollrisk/models"
	"github.com/rollrisk/rollrisk/models/rollout"
	"pgregory.net/rapid"
)

// TestFlaggerIsItsScheduler: the detector and the machine that replays Flagger's
// recordings hold, advance and roll back at the same ticks, whatever is measured.
func TestFlaggerIsItsScheduler(t *testing.T) {
	most := 1.0
	rapid.Check(t, func(t *rapid.T) {
		threshold := rapid.IntRange(1, 6).Draw(t, "threshold")
		shares := rapid.SliceOfN(rapid.SampledFrom([]float64{0, 0.005, 0.01, 0.02, 0.5}), 40, 40).Draw(t, "errors")
		machine := rollout.NewFlagger(rollout.Flagger{StepWeight: 10, MaxWeight: 50, Threshold: threshold,
			Metrics: []rollout.FlaggerMetric{{Name: "errors", Query: "errors", Range: &rollout.Range{Max: &most}}}})
		answers := func(share float64) rollout.Answers { return rollout.Answers{Metrics: []float64{100 * share}} }
		machine.Tick(answers(0)) // sees the revision
		machine.Tick(answers(0)) // the first weight
		d := flaggerTest{Most: most / 100, Threshold: float64(threshold), MaxWeight: 0.5}
		m, weight := d.start(), 10
		for tick, share := range shares {
			status := machine.Tick(answers(share))
			l := look{canary: counts{requests: 1000, errors: 1000 * share}, share: float64(weight) / 100}
			switch d.take(&m, int64(tick), &l) {
			case rings:
				if status.Phase != rollout.FlaggerFailed {
					t.Fatalf("tick %d: the detector rings, the scheduler is %v", tick, status.Phase)
				}
				return
			case goesOn:
				if weight += 10; weight > 50 {
					if status.Phase != rollout.Promoting {
						t.Fatalf("tick %d: the detector is through, the scheduler is %v", tick, status.Phase)
					}
					return
				}
			}
			if status.Phase != rollout.Progressing || status.Canary != weight || float64(status.FailedChecks) != m[0] {
				t.Fatalf("tick %d: weight %d and %v failed checks, the scheduler %+v", tick, weight, m[0], status)
			}
		}
	})
}

// TestArgoIsItsAnalysis: the times at which the detector looks, and at which it rings
// when all fails, are those of the machine that replays Argo's recordings.
func TestArgoIsItsAnalysis(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		delay := time.Duration(rapid.IntRange(1, 30).Draw(t, "delay")) * time.Minute
		interval := time.Duration(rapid.IntRange(1, 20).Draw(t, "interval")) * time.Minute
		limit, count := rapid.IntRange(0, 5).Draw(t, "limit"), rapid.IntRange(0, 12).Draw(t, "count")
		if count > 0 && limit >= count {
			limit = count - 1
		}
		bad := rapid.SliceOfN(rapid.Bool(), 40, 40).Draw(t, "bad")
		machine := rollout.NewRun(rollout.Analysis{Metrics: []rollout.Metric{{Name: "errors", InitialDelay: delay, Interval: interval, Count: count, FailureLimit: limit}}})
		var end time.Duration
		failed := false
		for i := range bad {
			due, ok := machine.Next()
			if !ok {
				break
			}
			phase := rollout.Successful
			if bad[i] {
				phase = rollout.Failed
			}
			machine.Take(due, rollout.Measurement{Phase: phase})
			if at, ended := machine.EndedAt(); ended {
				end, failed = at, machine.Phase() == rollout.Failed
				break
			}
		}
		detector, err := argoAnalysis.New(Values{Numbers: map[string]float64{"interval": hours(interval), "initial_delay": hours(delay), "threshold": 0.5,
			"failure_limit": float64(limit), "count": float64(count)}})
		if err != nil {
			t.Fatal(err)
		}
		m := detector.Monitor(1)
		w := models.Window{Share: 0.1, Requests: 1e6, Clock: flat()}
		rang, at := false, time.Duration(0)
		for i := 0; i < len(bad) && !rang; i++ {
			w.Start, w.End, w.Errors = w.End, delay+time.Duration(i)*interval, 0
			if bad[i] {
				w.Errors = 0.9
			}
			v := m.Observe(&w)
			rang, at = v.Finding == models.Fail, v.At+1
		}
		if rang != failed || rang && at != end {
			t.Fatalf("the detector rings %v at %v, the analysis fails %v at %v", rang, at, failed, end)
		}
	})
}
