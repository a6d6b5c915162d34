package stat

import (
	"fmt"
	"math"

	"github.com/rollrisk/rollrisk/sim/portable"
)

// Proportion is a share of rows, or of trials counted by replication.
type Proportion struct {
	N             int       `json:"n"`              // rows or trials
	Count         int       `json:"count"`          // of those, the ones that hold
	Replications  int       `json:"replications"`   // with at least one row
	Share         Number    `json:"share"`          // Count/N; NaN if N is 0
	StandardError Number    `json:"standard_error"` // 0 at a share of 0 or 1, where only Low and High mean something
	Low           Number    `json:"low"`            // of the interval; NaN if all rows are of one replication
	High          Number    `json:"high"`           // of the interval
	Level         float64   `json:"level"`          // at which Low to High covers the true share
	DesignEffect  Number    `json:"design_effect"`  // >= 1; how many of these rows are worth one independent row
	Warnings      []Warning `json:"warnings,omitempty"`
}

// ProportionOf returns the share that t is the ratio of: an Indicator, or a Ratio of
// counts of which the numerator is a part of the denominator. The interval is
// Wilson's (1927) for the effective number of rows (see Sample.Quantile), which
// stays between 0 and 1 and does not vanish at shares of 0 and 1. A share of 0 or 1
// shows nothing of the dependence between rows; the warning gives the exact bound
// for independent rows (ZeroFailureBound).
//
// It panics unless 0 < level < 1 and 0 <= sum <= weight.
func ProportionOf(t Totals, level float64) Proportion {
	checkShare("level", level)
	s := spreadOf(t)
	if !(s.sum >= 0 && s.sum <= s.weight) {
		panic(fmt.Sprintf("stat: a share of %v of %v", s.sum, s.weight))
	}
	p := Proportion{N: int(s.weight), Count: int(s.sum), Replications: s.replications, Level: level}
	p.Share, p.StandardError = Number(s.mean), Number(s.se)
	p.Low, p.High, p.DesignEffect = absent(), absent(), absent()
	if p.N == 0 {
		p.Warnings = replicationWarnings(0)
		return p
	}
	d := designOf(s)
	p.DesignEffect = Number(d.effect)
	p.Low, p.High = wilson(s.mean, d.effectiveRows(level), level)
	p.Warnings = p.doubts(d)
	return p
}

// doubts is what the reader has to know.
func (p Proportion) doubts(d design) []Warning {
	var list []Warning
	if math.IsNaN(d.effect) {
		list = replicationWarnings(1)
	}
	if p.Count == 0 || p.Count == p.N {
		which := "none"
		if p.Count == p.N {
			which = "all"
		}
		list = append(list, warn(WarnNoEvents,
			"%s of %d rows: if they are independent, the share of the others is at most %.2g at confidence %s; dependence cannot be seen",
			which, p.N, ZeroFailureBound(p.N, p.Level), percent(p.Level)))
	}
	return list
}

// wilson is the score interval for a share p of n rows (Wilson 1927); NaN if n is.
func wilson(p, n, level float64) (low, high Number) {
	if math.IsNaN(n) {
		return absent(), absent()
	}
	z := portable.NormalQuantile((1 + level) / 2)
	z2 := float64(z * z)
	scale := 1 + z2/n
	centre := (p + z2/(2*n)) / scale
	half := float64(z / scale * math.Sqrt(p*(1-p)/n+z2/n/(4*n)))
	low, high = Number(max(0, centre-half)), Number(min(1, centre+half))
	if p == 0 {
		low = 0
	}
	if p == 1 {
		high = 1
	}
	return low, high
}
