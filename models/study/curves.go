package study

import (
	"math"

	"github.com/rollrisk/rollrisk/models/metric"
	"github.com/rollrisk/rollrisk/sim/stat"
)

// exceeded names the metrics with an exceedance curve.
var exceeded = [...]string{"users_affected", "cost_period"}

// exceed is the exceedance curve of a metric.
func (r *reduction) exceed(name string, rows *Rows, d *desk) ExceedCurve {
	m := r.named(name)
	c := d.column(r, m, rows)
	return ExceedCurve{Metric: name, Curve: stat.Exceedance(stat.NewSample(c, &d.scratch), stat.CurveOptions{Level: r.p.Level})}
}

// survival is the share of the defects that showed to users which nobody has
// noticed yet, by the hours since their first exposure.
func (r *reduction) survival(rows *Rows, d *desk) stat.Survival {
	c := d.column(r, r.named("time_to_detect"), rows)
	return stat.SurvivalOf(stat.NewSample(c, &d.scratch), stat.CurveOptions{Level: r.p.Level})
}

func (r *reduction) named(name string) *metric.Metric {
	for i := range r.metrics {
		if r.metrics[i].Name == name {
			return &r.metrics[i]
		}
	}
	panic("study: no metric " + name)
}

// spots are the dots of a quantile dotplot: the middles of equal shares of the
// defective changes.
func (r *reduction) spots(rows *Rows, d *desk) []stat.Number {
	c := d.column(r, r.named("users_affected"), rows)
	sorted := stat.NewSample(c, &d.scratch).Sorted()
	if len(sorted) == 0 {
		return []stat.Number{}
	}
	spots := make([]stat.Number, dots)
	for k := range spots {
		at := int(math.Ceil((float64(k) + 0.5) / dots * float64(len(sorted))))
		spots[k] = stat.Number(sorted[max(0, at-1)])
	}
	return spots
}
