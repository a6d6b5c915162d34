package scenarios

import (
	"fmt"
	"math"

	"github.com/rollrisk/rollrisk/models"
)

// alternative is a pipeline under construction.
type alternative struct {
	b         *builder
	e         *entry
	p         models.Pipeline
	detectors []*entry // that watch it, in the order of p.Detectors
	names     map[string]bool
}

func (b *builder) alternatives() {
	for _, e := range b.root.get("alternatives").children {
		if e.bad {
			continue
		}
		a := &alternative{b: b, e: e, names: map[string]bool{}}
		a.p = models.Pipeline{Name: e.name, Title: e.get("title").word, Doc: e.get("about").word}
		a.p.Batching = a.batching()
		a.watchers()
		a.stages()
		a.p.Response = a.response()
		a.p.Fix = a.fix()
		a.p.RampSlots = a.rampSlots()
		a.p.WatchHours = b.number(a.shared("watch"))
		a.p.Sticky = a.sticky()
		a.p.Freezes = a.freezes()
		if skips := a.e.get("skips_ramp"); a.rings() > 1 {
			a.p.SkipsRamp = b.stated(skips)
		}
		b.world.Pipelines = append(b.world.Pipelines, a.p)
		b.built = append(b.built, e)
	}
}

// shared is a key that an alternative may change, otherwise what stands at the
// top level.
func (a *alternative) shared(keys ...string) *entry {
	own, common := a.e, a.b.root
	for _, k := range keys {
		own, common = own.get(k), common.get(k)
	}
	return own.or(common)
}

// rampSlots matters only where there is a ramp.
func (a *alternative) rampSlots() int {
	if a.rings() < 2 {
		return 0
	}
	return int(a.b.number(a.e.get("ramp_slots")))
}

// sticky matters only where a ring is not everyone.
func (a *alternative) sticky() bool {
	if a.rings() < 2 {
		return true
	}
	return a.b.word(a.shared("routing")) != "per-request"
}

func (a *alternative) rings() int {
	n := 0
	for i := range a.p.Stages {
		if a.p.Stages[i].Kind == models.InRing {
			n++
		}
	}
	return n
}

// The forms of batching, in the order of batchingType.
const (
	everyChange = iota
	everyFew
	train
	whenFree
)

func (a *alternative) batching() models.Batching {
	e := a.b.use(a.e.get("batching"))
	if !e.here() || e.parts == nil {
		return models.Batching{WhenFree: true}
	}
	switch e.form {
	case everyChange:
		return models.Batching{Every: 1}
	case everyFew:
		n := atoi(e.parts[1])
		if n < 1 || n > maxPeriod {
			a.b.fault(e, problemf("", "%s: between 1 and %s changes can wait for each other", show(e.text), formatCount(maxPeriod, "")))
		}
		return models.Batching{Every: n}
	case train:
		return a.train(e)
	}
	return models.Batching{WhenFree: true}
}

// train reads the cadence of a release train and its first departure.
func (a *alternative) train(e *entry) models.Batching {
	cadence, p := parseDuration(e.parts[1], "")
	if p == nil && (cadence < 1.0/60 || cadence > longest) {
		p = problemf("", "a train departs at least every 10 years and at most every minute")
	}
	a.b.fault(e, p)
	b := models.Batching{Cadence: cadence, Offset: a.b.world.Work.Start}
	if e.parts[3] == "" {
		return b
	}
	hour, minute := atoi(e.parts[3]), atoi(e.parts[4])
	if hour > 23 || minute > 59 {
		a.b.fault(e, problemf("", "%s:%s is no time of day", e.parts[3], e.parts[4]))
	}
	b.Offset = float64(24*weekday(e.parts[2])+hour) + float64(minute)/60
	return b
}

// weekday counts from Monday; 0 for no day at all.
func weekday(name string) int {
	for i, d := range []string{"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"} {
		if d == name {
			return i
		}
	}
	return 0
}

// stages reads the stops and holds their order.
func (a *alternative) stages() {
	items := a.e.get("stages")
	if !items.here() {
		return
	}
	last, share, broken := len(items.children)-1, 0.0, false
	for i, s := range items.children {
		if s.bad {
			broken = true
			continue
		}
		if s.variant == "environment" {
			if a.rings() > 0 {
				a.b.fault(s, problemf("environments come before the first ring", "environment %s stands behind a ring", s.get("environment").word))
			}
			a.environment(s)
			continue
		}
		share = a.ring(s, share, i == last)
	}
	switch n := a.rings(); {
	case broken:
	case n == 0:
		a.b.fault(items, problemf("end with `- ring: 100%`", "no stage reaches users"))
	case n > models.MaxRings:
		a.b.fault(items, problemf("", "there are %d rings; at most %d can be simulated", n, models.MaxRings))
	}
}

// unique makes a name of a stage its own in the pipeline.
func (a *alternative) unique(name string) string {
	for n, try := 2, name; ; n++ {
		if !a.names[try] {
			a.names[try] = true
			return try
		}
		try = fmt.Sprintf("%s (%d)", name, n)
	}
}

// ring reads an audience; share is that of the ring before. It returns its own.
func (a *alternative) ring(s *entry, share float64, last bool) float64 {
	b := a.b
	size, bake := s.get("ring"), s.get("bake")
	name := s.get("name").word
	if name == "" {
		name = "ring " + size.text
	}
	if !size.bad && size.number < share {
		b.fault(size, problemf("shares are of all users, those of earlier rings included", "%s is less than the ring before it", show(size.text)))
	}
	switch {
	case size.bad || bake.bad:
	case last && (size.number < 1 || size.doubt != known):
		b.fault(size, problemf("end with `- ring: 100%`", "the last ring is %s; not everyone would get the release", show(size.text)))
	case last && bake.written:
		b.fault(bake, problemf("set `watch` instead", "the last ring has no bake time: it is watched for `watch`"))
	case last && s.get("approval").number > 0:
		b.fault(s.get("approval"), problemf("leave it out", "nothing follows the last ring that could be approved"))
	case !last && !bake.written:
		b.fault(s, problemf("for example `bake: 1d`", "`bake` is missing"))
	}
	r := models.Ring{Share: b.quantity(size), Bake: b.span(bake), Watch: a.watching(s)}
	if !last {
		r.Approval = b.span(s.get("approval"))
	}
	a.p.Stages = append(a.p.Stages, models.Stage{Name: a.unique(name), Kind: models.InRing, Ring: r})
	return math.Max(share, size.number)
}

// environment reads a place without users: what is said of it at the top level,
// with the changes of this stage.
func (a *alternative) environment(s *entry) {
	b, name := a.b, s.get("environment")
	if name.bad {
		return
	}
	declared := b.root.get("environments")
	var base *entry
	var names []string
	for _, e := range declared.children {
		if names = append(names, e.name); e.name == name.word {
			base = e
		}
	}
	if base == nil {
		if !declared.bad {
			b.fault(name, problemf(orElse(didYouMean(name.word, names), "the environments are "+orElse(list(names), "none")), "there is no environment %s", show(name.word)))
		}
		return
	}
	if base.bad {
		return
	}
	get := func(key string) *entry { return s.get(key).or(base.get(key)) }
	a.p.Stages = append(a.p.Stages, models.Stage{Name: a.unique(name.word), Kind: models.InEnvironment, Environment: models.Environment{
		Slots: int(b.number(get("slots"))), Setup: b.span(get("setup")), Run: b.span(get("run")), Approval: b.span(get("approval")),
		Fidelity: b.quantity(get("fidelity")), ByClass: a.byClass(s, base), Coverage: b.quantity(get("coverage")),
		Flaky: b.quantity(get("flaky")), MaxReruns: int(b.number(get("max_reruns"))),
	}})
}

// byClass reads what an environment reproduces of single classes.
func (a *alternative) byClass(s, base *entry) []models.Quantity {
	by := make([]models.Quantity, len(a.b.world.Classes))
	var names []string
	for i := range by {
		by[i] = models.Known(-1)
		names = append(names, a.b.world.Classes[i].Name)
	}
	stated := false
	for _, e := range []*entry{base.get("reproduces"), s.get("reproduces")} {
		for _, c := range e.children {
			i := indexOf(names, c.name)
			switch {
			case c.bad:
			case i < 0 && a.b.root.get("defects").clean():
				a.b.fault(c, problemf(orElse(didYouMean(c.name, names), "the classes are "+list(names)), "there is no class of defect %s", show(c.name)))
			case i >= 0:
				by[i], stated = a.b.quantity(c), true
			}
		}
	}
	if !stated {
		return nil
	}
	return by
}

func indexOf(words []string, w string) int {
	for i, x := range words {
		if x == w {
			return i
		}
	}
	return -1
}
