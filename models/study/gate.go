package study

import (
	"fmt"
	"math"

	"github.com/rollrisk/rollrisk/models/metric"
	"github.com/rollrisk/rollrisk/sim/stat"
)

// Gate is what an answer must hold: a statistic of a metric of one alternative, and its
// bound.
type Gate struct {
	Name        string    `json:"name"`            // in the scenario
	Why         string    `json:"why,omitempty"`   // what the gate is for, as the scenario says
	Alternative int       `json:"alternative"`     // index
	Metric      string    `json:"metric"`          // name of a Metric
	Statistic   Statistic `json:"statistic"`       // "mean", "quantile", "tail", "probability" or "difference"
	P           float64   `json:"p,omitempty"`     // of a quantile or a tail mean, between 0 and 1
	Above       float64   `json:"above,omitempty"` // of a probability: that a value is larger than this, in the unit of the metric
	Bound       float64   `json:"bound"`           // in the unit of the metric; of a probability 0..1
	Least       bool      `json:"least"`           // the statistic is to be at least Bound; otherwise at most
	Line        int       `json:"line"`            // of the scenario, from 1
	Column      int       `json:"column"`          // from 1
}

// Statistic is what a Gate takes of a metric.
type Statistic string

// The statistics.
const (
	OfMean        Statistic = "mean"        // of an event or a ratio: the share
	OfQuantile    Statistic = "quantile"    // at P
	OfTail        Statistic = "tail"        // the mean of the worst share 1-P
	OfProbability Statistic = "probability" // that one value is larger than Above
	OfDifference  Statistic = "difference"  // of the mean from that of the baseline
)

// GateState is what is known of a Gate.
type GateState string

// The states.
const (
	GatePass      GateState = "pass"
	GateFail      GateState = "fail"
	GateUndecided GateState = "undecided"
)

// Gates are the gates of a scenario with what is known of them.
type Gates struct {
	Confidence float64      `json:"confidence"` // with which the state of a gate is never wrong however long is simulated, between 0 and 1
	Look       int          `json:"look"`       // number of the look that the size of the study allows, from 1; look k is at 200 x 2^(k-1) replications
	Error      float64      `json:"error"`      // probability with which a gate may be wrong at this look: 3 (1 - confidence) / ((look + 2)(look + 3))
	Results    []GateResult `json:"results"`    // one a gate, in the order of the scenario
}

// GateResult is a Gate with what is known of it.
type GateResult struct {
	Gate
	State         GateState   `json:"state"`          // "pass", "fail" or "undecided"
	Value         stat.Number `json:"value"`          // of the statistic
	StandardError stat.Number `json:"standard_error"` // of the value; null where it cannot be computed, or the value never varied
	Margin        stat.Number `json:"margin"`         // standard errors by which the value keeps clear of the bound, below 0 on the wrong side; of a mean the smaller of the plain ones and those with the skewness taken out, of a share and a quantile those of the share beyond the bound; "inf" without any doubt
	Chance        stat.Number `json:"chance"`         // probability of such a margin if the value were the bound; decided at half of the error or less
	Enough        int         `json:"enough"`         // changes that would decide it if the value stays what it is; 0 where it is decided, or where no number does
	Doubt         string      `json:"doubt"`          // why it is undecided, in words; empty where it is decided
}

// gateReplications is look 1: the least number of replications at which a gate is
// decided, the one from which intervals of means are given without a warning.
const gateReplications = stat.EnoughReplications

// looks is the schedule of a plan's gates.
func (p *Plan) looks() stat.Looks { return stat.Looks{First: gateReplications, Level: p.Confidence} }

// FirstLook is the number of changes after which the gates are looked at first when the
// plan has a Budget.
func (p *Plan) FirstLook() int {
	l := p.looks()
	return l.At(l.Number(p.Replications())) * p.Case.Changes.PerPeriod
}

// gates says what the rows say of each gate; nil where there are none.
func (r *reduction) gates() *Gates {
	if len(r.p.Gates) == 0 {
		return nil
	}
	l := r.p.looks()
	k := l.Number(r.all.Count)
	g := &Gates{Confidence: r.p.Confidence, Look: k, Error: l.Error(k), Results: make([]GateResult, len(r.p.Gates))}
	var jobs []func(*desk)
	for i := range r.p.Gates {
		jobs = append(jobs, func(d *desk) {
			g.Results[i] = r.result(r.p.Gates[i], r.trial(&r.p.Gates[i], g.Error, d))
		})
	}
	each(jobs)
	return g
}

// trial holds the statistic of a gate against its bound.
func (r *reduction) trial(g *Gate, err float64, d *desk) stat.Trial {
	m, rows, b := r.named(g.Metric), &r.all.Rows[g.Alternative], stat.Bound{At: g.Bound, Least: g.Least}
	switch {
	case g.Statistic == OfDifference:
		return stat.DifferenceTrial(r.totals(m, &r.all.Rows[0], d), r.totals(m, rows, d.second()), b, err)
	case m.Form == metric.Ratio && m.Unit == "share":
		return stat.ShareTrial(ratio(m, rows), b, err)
	case m.Form == metric.Ratio:
		return stat.MeanTrial(ratio(m, rows), b, err)
	}
	c := d.column(r, m, rows)
	switch {
	case m.Form == metric.Event:
		return stat.ShareTrial(stat.Indicator{Column: c, Holds: func(x float64) bool { return x > 0.5 }}, b, err)
	case g.Statistic == OfProbability:
		return stat.ShareTrial(stat.Indicator{Column: c, Holds: func(x float64) bool { return x > g.Above }}, b, err)
	case g.Statistic == OfQuantile:
		return stat.NewSample(c, &d.scratch).QuantileTrial(g.P, b, err)
	case g.Statistic == OfTail:
		return stat.NewSample(c, &d.scratch).TailTrial(g.P, b, err)
	}
	return stat.MeanTrial(c, b, err)
}

// result puts a trial into words. Nothing is decided from too few replications, nor of a
// pipeline whose harm is not known.
func (r *reduction) result(g Gate, t stat.Trial) GateResult {
	x := GateResult{Gate: g, State: GateUndecided, Value: t.Value, StandardError: t.StandardError, Margin: t.Margin, Chance: t.Chance}
	given := r.givenUp(g.Alternative)
	if g.Statistic == OfDifference {
		given += r.givenUp(0)
	}
	switch {
	case given > 0:
		x.Doubt = "the pipeline could not keep up with its changes: what it would have done is not known"
		return x
	case r.all.Count < gateReplications:
		x.Enough = gateReplications * r.p.Case.Changes.PerPeriod
		x.Doubt = fmt.Sprintf("%d replications are too few for a verdict; %d are the least", r.all.Count, gateReplications)
		return x
	case t.Standing == stat.Met:
		x.State = GatePass
	case t.Standing == stat.Missed:
		x.State = GateFail
	case math.IsNaN(float64(t.Value)):
		x.Doubt = "there is no value: nothing that happened has one"
	default:
		l := r.p.looks()
		if k := l.Enough(l.Number(r.all.Count), float64(t.Margin), r.all.Count, MaxChanges/r.p.Case.Changes.PerPeriod); k > 0 {
			x.Enough = l.At(k) * r.p.Case.Changes.PerPeriod
		}
		x.Doubt = "the simulation error is too large to tell on which side of the bound the value is"
	}
	return x
}

// givenUp is how many replications of an alternative were given up.
func (r *reduction) givenUp(i int) int {
	n := 0
	for k := range r.all.Rows[i].Periods {
		n += int(r.all.Rows[i].Periods[k].Overloaded)
	}
	return n
}

// settled reports that more simulation is no use to any gate.
func (r *reduction) settled() bool {
	for _, x := range r.gates().Results {
		if x.State == GateUndecided && r.givenUp(x.Alternative) == 0 {
			return false
		}
	}
	return true
}
