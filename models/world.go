package models

import (
	"math"
	"time"

	"github.com/rollrisk/rollrisk/sim/dist"
	"github.com/rollrisk/rollrisk/sim/portable"
	"github.com/rollrisk/rollrisk/sim/rng"
)

// Change is a deployable unit of work.
type Change struct {
	Arrives time.Duration // when it is finished and merged
	First   int32         // index of its first defect in the World
	Count   int32         // defects it carries, 0..MaxDefects
}

// Defect is one fault of one change, drawn once and the same for every
// pipeline.
type Defect struct {
	Change       int32
	Class        int16
	Visible      bool
	Reported     bool
	Irreversible bool
	Reproduce    float64 // uniform; an environment can show it when this is below its r, so that environments fail together
	Exercise     float64 // uniform; how easily tests come across it, where that is an attribute of the defect
	Reach        float64 // share of users who can meet it, 0..1
	Strength     float64 // probability that a request of such a user fails, 0..1
	Onset        float64 // wall-clock hours from first exposure until it shows
	OnsetDose    float64 // hours of full exposure until it shows
	LoadShare    float64 // it shows only where a ring holds at least this share; 0 when everywhere
	Absent       bool    // nobody in a first ring can meet it, where there is a second
	Calendar     float64 // hours of the cycle at whose end alone it begins to show; 0 when at any time
}

// World is one drawing of everything that all pipelines share: the doubted
// inputs, the changes, their defects. It grows as far as a run looks ahead;
// what it says about change i never depends on how far that is.
type World struct {
	c           *Case
	replication uint64
	beliefs     []float64
	copula      dist.Copula
	changes     []Change
	defects     []Defect
	outages     []Outage
	outageDue   time.Duration // when the last of them would have begun, had none been in its way
	worked      float64       // working hours at the last arrival
	at          time.Duration
	ratePerHour float64 // changes per working hour
	mean        float64 // defects per change
	shares      []float64
	keys        worldKeys
}

type worldKeys struct {
	beliefs                                   []rng.Key
	arrival, count, class, reproduce, global  rng.Key
	reach, strength, onset, dose, bound, load rng.Key
	visible, reported, irreversible, absent   rng.Key
	exercise                                  rng.Key
	outage, outageLasts, outageErrors         rng.Key
}

// NewWorld prepares a World for a Case; Reset draws one.
func NewWorld(c *Case, seed uint64) *World {
	key := func(name string) rng.Key { return rng.NewKey(seed, name) }
	w := &World{c: c, keys: worldKeys{
		arrival: key("change/arrival"), count: key("change/defects"), class: key("defect/class"),
		reproduce: key("defect/reproducible"), global: key("defect/global"), reach: key("defect/reach"),
		strength: key("defect/strength"), onset: key("defect/onset"), dose: key("defect/onset-dose"),
		bound: key("defect/load-bound"), load: key("defect/load-share"), visible: key("defect/visible"),
		reported: key("defect/reported"), irreversible: key("defect/irreversible"), absent: key("defect/absent"),
		exercise: key("defect/exercised"),
		outage:   key("outage/arrival"), outageLasts: key("outage/lasts"), outageErrors: key("outage/errors"),
	}}
	total := 0.0
	for _, cl := range c.Classes {
		total += cl.Share
		w.shares = append(w.shares, total)
	}
	for i := range w.shares {
		w.shares[i] /= total
	}
	for _, b := range c.Beliefs {
		w.keys.beliefs = append(w.keys.beliefs, key("belief/"+b.Path))
	}
	w.beliefs = make([]float64, len(c.Beliefs))
	w.copula, _ = c.Copula() // Check has refused what contradicts itself
	return w
}

// Reset starts replication number rep: the doubted inputs are drawn, and there
// are no changes yet.
func (w *World) Reset(rep uint64) {
	w.replication, w.worked, w.at = rep, 0, 0
	w.changes, w.defects, w.outages, w.outageDue = w.changes[:0], w.defects[:0], w.outages[:0], 0
	for i := range w.beliefs {
		w.beliefs[i] = w.keys.beliefs[i].Uniform(0, rep, 0)
	}
	w.copula.Join(w.beliefs)
	for i, b := range w.c.Beliefs {
		w.beliefs[i] = b.Dist.Quantile(w.beliefs[i])
	}
	w.ratePerHour = times(w.c.Pace.Changes, w.value(w.c.Changes.PerWeek)/w.c.Work.hoursAWeek())
	w.mean = times(w.c.Pace.Defects, w.value(w.c.Changes.Defects))
}

// Draws says what replication rep draws of what nobody knows: for each Belief the
// probability below the drawn value, between 0 and 1.
func (c *Case) Draws(seed, rep uint64) []float64 {
	u := make([]float64, len(c.Beliefs))
	for i, b := range c.Beliefs {
		u[i] = rng.NewKey(seed, "belief/"+b.Path).Uniform(0, rep, 0)
	}
	copula, _ := c.Copula()
	copula.Join(u)
	return u
}

// Replication is the number of the replication that is drawn now.
func (w *World) Replication() uint64 { return w.replication }

// Change is change i of the replication, drawing as far as needed.
func (w *World) Change(i int) Change {
	for len(w.changes) <= i {
		w.draw(len(w.changes))
	}
	return w.changes[i]
}

// Defects are all defects drawn so far; those of a change stand together.
func (w *World) Defects() []Defect { return w.defects }

// value is a Quantity in this world.
func (w *World) value(q Quantity) float64 {
	if q.Slot == 0 {
		return q.Value
	}
	return w.beliefs[q.Slot-1]
}

// share is a Quantity that is a probability or a share: a draw of a doubted one
// is cut to 0..1.
func (w *World) share(q Quantity) float64 {
	return math.Min(1, math.Max(0, w.value(q)))
}

func (w *World) draw(i int) {
	w.at = w.arrival(i)
	n := w.count(i)
	w.changes = append(w.changes, Change{Arrives: w.at, First: int32(len(w.defects)), Count: int32(n)})
	for k := range n {
		w.defects = append(w.defects, w.defect(int32(i), uint64(i*MaxDefects+k)))
	}
}

// arrival is when change i arrives: from a list, at a fixed distance, or as a
// Poisson process that runs in working hours only.
func (w *World) arrival(i int) time.Duration {
	ch := &w.c.Changes
	if n := len(ch.At); n > 0 {
		return duration(float64(float64(i/n)*ch.AtCycle) + ch.At[i%n])
	}
	if !ch.Every.IsZero() {
		u := w.keys.arrival.Uniform(uint64(i), w.replication, 0)
		every := w.draft(ch.Every, u)
		if w.c.Pace.Changes > 0 {
			every /= w.c.Pace.Changes
		}
		return w.at + duration(every)
	}
	gap := -portable.Log(w.keys.arrival.Uniform(uint64(i), w.replication, 0))
	w.worked += gap / w.ratePerHour
	return max(w.at, w.c.Work.atWork(w.worked))
}

// draft is a Span in this world, in hours, from one uniform.
func (w *World) draft(s Span, u float64) float64 {
	if s.Varies != nil {
		return math.Max(0, s.Varies.Quantile(u))
	}
	return math.Max(0, w.value(s.Hours))
}

// amount is an Amount in this world from one uniform.
func (w *World) amount(a Amount, u float64) float64 {
	if a.Varies != nil {
		return math.Min(1, math.Max(0, a.Varies.Quantile(u)))
	}
	return w.share(a.Value)
}

// count is the number of defects of change i, by inversion of one uniform.
func (w *World) count(i int) int {
	ch := &w.c.Changes
	if ch.Evenly {
		g := float64(float64(w.replication)*float64(ch.PerPeriod)) + float64(i-ch.Warmup)
		return clampCount(math.Floor(float64((g+1)*w.mean)+0.5) - math.Floor(float64(g*w.mean)+0.5))
	}
	u := w.keys.count.Uniform(uint64(i), w.replication, 0)
	if ch.Variance > 1 {
		return clampCount(float64(dist.NegativeBinomialQuantile(u, w.mean, ch.Variance)))
	}
	return clampCount(float64(dist.PoissonQuantile(u, w.mean)))
}

func clampCount(n float64) int { return int(math.Min(MaxDefects, math.Max(0, n))) }

// defect draws one defect; entity is its number in the replication.
func (w *World) defect(change int32, entity uint64) Defect {
	k, rep := &w.keys, w.replication
	class := w.class(k.class.Uniform(entity, rep, 0))
	cl := &w.c.Classes[class]
	d := Defect{
		Change: change, Class: int16(class), Reach: 1,
		Reproduce:    k.reproduce.Uniform(entity, rep, 0),
		Strength:     w.amount(cl.Strength, k.strength.Uniform(entity, rep, 0)),
		Onset:        w.draft(cl.Onset, k.onset.Uniform(entity, rep, 0)),
		Visible:      k.visible.Uniform(entity, rep, 0) < w.share(cl.Visible),
		Reported:     k.reported.Uniform(entity, rep, 0) < w.share(cl.Reported),
		Irreversible: k.irreversible.Uniform(entity, rep, 0) < w.share(cl.Irreversible),
		Absent:       k.absent.Uniform(entity, rep, 0) < w.share(cl.Absent),
		Calendar:     w.value(cl.Calendar),
	}
	if cl.Together != (Quantity{}) {
		d.Exercise = k.exercise.Uniform(entity, rep, 0)
	}
	if !cl.OnsetDose.IsZero() {
		d.OnsetDose = w.draft(cl.OnsetDose, k.dose.Uniform(entity, rep, 0))
	}
	if k.global.Uniform(entity, rep, 0) >= w.share(cl.Global) {
		d.Reach = w.amount(cl.Reach, k.reach.Uniform(entity, rep, 0))
	}
	if k.bound.Uniform(entity, rep, 0) < w.share(cl.LoadBound) {
		d.LoadShare = w.amount(cl.LoadShare, k.load.Uniform(entity, rep, 0))
	}
	return d
}

func (w *World) class(u float64) int {
	for i, s := range w.shares {
		if u < s {
			return i
		}
	}
	return len(w.shares) - 1
}

// Carried is how many of the changes first to first+n-1 carry a defect, and how
// many defects they carry, without drawing the changes themselves.
func (w *World) Carried(first, n int) (changes, defects int) {
	for i := range n {
		if c := w.count(first + i); c > 0 {
			changes++
			defects += c
		}
	}
	return changes, defects
}
