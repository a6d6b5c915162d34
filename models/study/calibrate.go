package study

import (
	"context"
	"math"
	"slices"

	"github.com/rollrisk/rollrisk/models"
	"github.com/rollrisk/rollrisk/sim/portable"
	"github.com/rollrisk/rollrisk/sim/stat"
)

// Targets are an organisation's own figures for one alternative, its present
// pipeline: the four measures of DORA (Forsgren, Humble and Kim, "Accelerate", 2018).
// 0 is not stated.
type Targets struct {
	Alternative         int     // index
	DeploymentFrequency float64 // releases per week
	LeadTime            float64 // hours, of half of the changes
	ChangeFailureRate   float64 // share of changes
	TimeToRestore       float64 // hours, of half of the defects that were noticed
}

// Fit is one target and the unknown input that was solved for it.
type Fit struct {
	Metric  string      `json:"metric"`  // name of a Metric; of an amount the median
	Stated  float64     `json:"stated"`  // in the unit of the Metric
	Reached stat.Number `json:"reached"` // by the simulation with the inputs that were solved
	Input   string      `json:"input"`   // what was solved, in words
	Factor  float64     `json:"factor"`  // on what the scenario says of it; 1 where no factor meets the target
	Met     bool        `json:"met"`     // within a twentieth
	Nearest stat.Number `json:"nearest"` // where it is not met: the nearest that any factor reaches
}

// WarnCalibration is the code of the warning that no input meets a target.
const WarnCalibration = "calibration"

// knob is an unknown input and the measure that tells it.
type knob struct {
	metric string
	input  string
	target float64
	span   float64 // the logarithm of 2 of the largest factor
	factor func(p *models.Pace) *float64
}

// knobs are those whose target is stated, in the order in which they are solved: what
// arrives loads the environments, and both decide what goes wrong.
func (t *Targets) knobs() []knob {
	all := []knob{
		{"deployment_frequency", "number of changes", t.DeploymentFrequency, 4, func(p *models.Pace) *float64 { return &p.Changes }},
		{"lead_time", "times of the environments", t.LeadTime, 6, func(p *models.Pace) *float64 { return &p.Environments }},
		{"change_failure_rate", "defects of a change", t.ChangeFailureRate, 6, func(p *models.Pace) *float64 { return &p.Defects }},
		{"time_to_restore", "times of the response", t.TimeToRestore, 6, func(p *models.Pace) *float64 { return &p.Response }},
	}
	return slices.DeleteFunc(all, func(k knob) bool { return k.target == 0 })
}

// Limits of a calibration.
const (
	calibrationChanges = 4000 // simulated each time
	calibrationRounds  = 4    // over all knobs, since each moves the others a little
	calibrationSteps   = 12   // for one knob in one round
	calibrationAim     = 0.02 // relative, at which a knob is left alone
	calibrationMet     = 0.05 // relative, at which a target is said to be met
)

// Calibrated is the plan with the unknown inputs solved that make the present pipeline
// meet its Targets, and how well they do: one factor for each target, one after the
// other, by the method of Illinois on logarithms and on common random numbers, until
// all hold. The factors hold for all alternatives: the same people, machines and
// changes. A target that no factor meets leaves its input as it was. It returns the
// plan itself where there are no targets, and the error of ctx.
func (p *Plan) Calibrated(ctx context.Context, o Options) (*Plan, []Fit, error) {
	knobs := p.Targets.knobs()
	if len(knobs) == 0 {
		return p, nil, nil
	}
	c := &calibration{ctx: ctx, o: o, plan: *p, pace: p.Case.Pace}
	c.plan.Targets, c.plan.Precision, c.plan.Gates, c.plan.Changes = Targets{}, 0, nil, calibrationChanges
	c.plan.Case.Pipelines = []models.Pipeline{p.Case.Pipelines[p.Targets.Alternative]}
	nearest := make([]float64, len(knobs))
	for range calibrationRounds {
		settled := true
		for i, k := range knobs {
			settled = !c.turn(k, &nearest[i]) && settled
		}
		if settled || c.err != nil {
			break
		}
	}
	fits := c.fits(knobs, nearest)
	if c.err != nil {
		return nil, nil, c.err
	}
	solved := *p
	solved.Case.Pace, solved.Targets = c.pace, Targets{}
	return &solved, fits, nil
}

// calibration is the search for the factors.
type calibration struct {
	ctx  context.Context
	o    Options
	plan Plan // of the present pipeline alone
	pace models.Pace
	err  error // of the first simulation that failed
}

// measure simulates the present pipeline and reads a metric: of an amount the median.
func (c *calibration) measure(name string) float64 {
	if c.err != nil {
		return math.NaN()
	}
	c.plan.Case.Pace = c.pace
	// One replication first: where the pipeline cannot keep up, more would take long
	// and tell nothing.
	var s *Study
	for _, changes := range []int{1, calibrationChanges} {
		c.plan.Changes = changes
		if s, c.err = Run(c.ctx, &c.plan, c.o); c.err != nil || s.Alternatives[0].GivenUp > 0 || s.Alternatives[0].Behind > 0 {
			return math.NaN()
		}
	}
	for i, m := range s.Metrics {
		if m.Name != name {
			continue
		}
		if m.Form != "amount" {
			return float64(s.Alternatives[0].Summaries[i].Estimate.Mean)
		}
		q, ok := s.Alternatives[0].Summaries[i].Quantile(0.5)
		if !ok {
			return math.NaN()
		}
		return float64(q.Value)
	}
	panic("study: there is no metric " + name)
}

// off is how far, in logarithms, a knob at 2^x is from its target; NaN where the
// pipeline cannot keep up, or nothing can be measured.
func (c *calibration) off(k knob, x float64) float64 {
	*k.factor(&c.pace) = portable.Exp(float64(x * math.Ln2))
	if v := c.measure(k.metric); v > 0 && !math.IsInf(v, 1) {
		return portable.Log(v / k.target)
	}
	return math.NaN()
}

// turn solves one knob and reports whether it had to be moved. Where its target cannot
// be met the factor is 1, and nearest says how near it came.
func (c *calibration) turn(k knob, nearest *float64) (moved bool) {
	x := 0.0
	if f := *k.factor(&c.pace); f > 0 {
		x = portable.Log(f) / math.Ln2
	}
	at := point{x, c.off(k, x)}
	if math.Abs(at.off) < calibrationAim || c.err != nil {
		return false
	}
	beyond, ok := c.bracket(k, at)
	if !ok {
		*nearest = float64(k.target * portable.Exp(beyond.off))
		*k.factor(&c.pace) = 1
		return x != 0
	}
	*nearest = 0
	c.illinois(k, at, beyond)
	return true
}

// bracket doubles or halves a knob until its measure is on the other side of the
// target; every measure rises with its knob. It is false where the largest factor, or
// the last one with which the pipeline keeps up, does not get there.
func (c *calibration) bracket(k knob, at point) (beyond point, ok bool) {
	step := 1.0
	if at.off > 0 {
		step = -1
	}
	beyond = at
	for math.Abs(beyond.x+step) <= k.span && math.Abs(step) > 1.0/32 {
		x := beyond.x + step
		off := c.off(k, x)
		if math.IsNaN(off) {
			step /= 2 // too far for the pipeline: closer to what it keeps up with
			continue
		}
		beyond = point{x, off}
		if off*at.off <= 0 {
			return beyond, true
		}
	}
	return beyond, math.Abs(beyond.off) <= calibrationMet
}

// point is a place on the way to a root.
type point struct{ x, off float64 }

// illinois closes in on the root between two points (Dowell and Jarratt, 1971) and
// leaves the knob at the nearest place that it saw.
func (c *calibration) illinois(k knob, a, b point) {
	best := a
	for range calibrationSteps {
		if math.Abs(b.off) < math.Abs(best.off) {
			best = b
		}
		if math.Abs(best.off) < calibrationAim/4 || c.err != nil {
			break
		}
		x := b.x - float64(b.off*(b.x-a.x))/(b.off-a.off)
		next := point{x, c.off(k, x)}
		if next.off*b.off < 0 {
			a = b
		} else {
			a.off /= 2
		}
		b = next
	}
	*k.factor(&c.pace) = portable.Exp(float64(best.x * math.Ln2))
}

// fits measures once more, with all factors in place.
func (c *calibration) fits(knobs []knob, nearest []float64) []Fit {
	var fits []Fit
	for i, k := range knobs {
		f := Fit{Metric: k.metric, Stated: k.target, Input: k.input, Factor: *k.factor(&c.pace), Nearest: stat.Number(nearest[i])}
		if f.Factor == 0 {
			f.Factor = 1
		}
		f.Reached = stat.Number(c.measure(k.metric))
		f.Met = math.Abs(float64(f.Reached)-k.target) <= calibrationMet*k.target
		fits = append(fits, f)
	}
	return fits
}

// Pace is what the calibration has solved; that of no calibration leaves everything as
// it is.
func (c *Calibration) Pace() models.Pace {
	var pace models.Pace
	if c == nil {
		return pace
	}
	all := Targets{DeploymentFrequency: 1, LeadTime: 1, ChangeFailureRate: 1, TimeToRestore: 1}
	for _, k := range all.knobs() {
		for _, f := range c.Fits {
			if f.Metric == k.metric {
				*k.factor(&pace) = f.Factor
			}
		}
	}
	return pace
}
