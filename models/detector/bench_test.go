package detector

import (
	"testing"

	"github.com/rollrisk/rollrisk/models"
)

// BenchmarkObserve is one ring of a day for each kind: a release to a tenth of
// a service with 100,000 requests an hour, 0.1 % errors and one defect. Each
// release is another one, so that windows with a threshold draw afresh.
func BenchmarkObserve(b *testing.B) {
	w := models.Window{End: span(24), Share: 0.1, Requests: 1e5, Users: 1e4, Errors: 0.001}
	w.Signals = []models.Signal{broken(0.0001)}
	report := numbers{"report_probability": 1, "reports": 20, "within": 1}
	for _, c := range []struct {
		name  string
		kind  string
		n     numbers
		w     words
		clock *models.Clock
	}{
		{"exposure-hazard", "exposure-hazard", numbers{"rate": 0.01}, nil, flat()},
		{"exposure-hazard daily", "exposure-hazard", numbers{"rate": 0.01}, nil, daily()},
		{"kth-error 20", "kth-error", numbers{"errors": 20}, nil, flat()},
		{"wall-clock-hazard", "wall-clock-hazard", numbers{"rate": 0.01}, nil, flat()},
		{"complaints", "complaints", numbers{"report_probability": 0.01, "reports": 5}, nil, flat()},
		{"complaints within", "complaints", report, nil, flat()},
		{"complaints within daily", "complaints", report, nil, daily()},
		{"complaints straggling", "complaints", numbers{"report_probability": 1, "reports": 20, "within": 1, "delay": 0.5}, words{"delay_varies": "exponential"}, flat()},
		{"window", "threshold-window", numbers{"interval": 5.0 / 60, "threshold": 0.005, "failures": 4}, nil, flat()},
		{"window consecutive", "threshold-window", numbers{"interval": 5.0 / 60, "threshold": 0.002, "failures": 4}, words{"count": "consecutive"}, flat()},
		{"window daily", "threshold-window", numbers{"interval": 5.0 / 60, "threshold": 0.01, "failures": 4}, nil, daily()},
		{"window daily poisson", "threshold-window", numbers{"interval": 5.0 / 60, "threshold": 0.01, "failures": 4}, words{"traffic": "poisson"}, daily()},
		{"window overlap quiet", "threshold-window", numbers{"interval": 5.0 / 60, "window": 30.0 / 60, "threshold": 0.01, "failures": 4}, nil, flat()},
		{"argo-analysis", "argo-analysis", numbers{"interval": 5.0 / 60, "initial_delay": 0.1, "threshold": 0.005, "failure_limit": 3}, nil, flat()},
		{"flagger", "flagger", numbers{"interval": 5.0 / 60, "threshold": 3}, nil, flat()},
		{"burn-rate service", "burn-rate", numbers{"slo": 0.99, "burn": 1, "window": 1, "short": 5.0 / 60}, nil, flat()},
		{"burn-rate quiet", "burn-rate", nil, nil, flat()},
		{"sprt stops", "sprt", numbers{"healthy": 0.001, "broken": 0.003}, nil, flat()},
		{"e-process", "e-process", numbers{"healthy": 0.001}, nil, flat()},
		{"two-arm", "two-arm", nil, nil, flat()},
		{"maxsprt", "maxsprt", numbers{"healthy": 0.001}, nil, flat()},
		{"group-sequential", "group-sequential", numbers{"interval": 4, "looks": 5}, nil, flat()},
		{"cusum", "cusum", numbers{"interval": 5.0 / 60, "reference": 0.0015, "limit": 10}, nil, flat()},
		{"bernoulli-cusum", "bernoulli-cusum", numbers{"healthy": 0.001, "broken": 0.003, "limit": 10}, nil, flat()},
		{"ewma", "ewma", numbers{"interval": 5.0 / 60, "healthy": 0.001, "limit": 6}, nil, flat()},
		{"kayenta", "kayenta", numbers{"interval": 1}, nil, flat()},
		{"synthetic-probes", "synthetic-probes", numbers{"interval": 1.0 / 60}, nil, flat()},
		{"bake-review", "bake-review", nil, nil, flat()},
		{"window overlap", "threshold-window", numbers{"interval": 5.0 / 60, "window": 30.0 / 60, "threshold": 0.004, "failures": 4}, nil, flat()},
	} {
		b.Run(c.name, func(b *testing.B) {
			w := w
			w.Clock = c.clock
			m := build(b, c.kind, c.n, c.w).Monitor(1)
			b.ReportAllocs()
			for b.Loop() {
				w.Luck.Release++
				w.Luck.Replication++
				m.Reset()
				m.Observe(&w)
			}
		})
	}
}

// BenchmarkCalm is a healthy release that is watched for a month off the grid of
// its checks: the bound passes over the whole month.
func BenchmarkCalm(b *testing.B) {
	m := build(b, "threshold-window", numbers{"interval": 5.0 / 60, "threshold": 0.02, "failures": 4}, nil).Monitor(1)
	first := models.Window{End: span(1.01), Share: 0.1, Requests: 1e6, Users: 1e4, Errors: 0.001, Clock: awake()}
	last := first
	last.Start, last.End, last.Share = first.End, span(720), 1
	b.ReportAllocs()
	for b.Loop() {
		m.Reset()
		m.Observe(&first)
		m.Observe(&last)
	}
}

// BenchmarkTail is what a check costs that the memory does not know.
func BenchmarkTail(b *testing.B) {
	b.Run("binomial 500", func(b *testing.B) {
		for b.Loop() {
			binomialTail(500, 0.02, 10)
		}
	})
	b.Run("binomial 1e6", func(b *testing.B) {
		for b.Loop() {
			binomialTail(1e6, 0.02, 20000)
		}
	})
	d := threshold2(0.02)
	b.Run("poisson 500", func(b *testing.B) {
		for b.Loop() {
			d.chance(500, 0.02)
		}
	})
	b.Run("poisson 1e6", func(b *testing.B) {
		for b.Loop() {
			d.chance(1e6, 0.02)
		}
	})
}
