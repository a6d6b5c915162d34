package models

import (
	"math"
	"time"

	"github.com/rollrisk/rollrisk/sim"
	"github.com/rollrisk/rollrisk/sim/portable"
	"github.com/rollrisk/rollrisk/sim/rng"
)

// Sample is where one replication of one pipeline puts its results. The slices
// belong to the caller: one Outcome a counted change, one DefectOutcome a
// defect of those changes.
type Sample struct {
	Outcomes []Outcome
	Defects  []DefectOutcome
	Period   *Period
}

// Run is the state of one replication of one pipeline: releases on their way,
// who has been exposed to what. Its events are its methods. A worker owns one
// Run for each pipeline and uses it again and again; after the first few
// replications it allocates nothing.
type Run struct {
	c     *Case
	p     *Pipeline
	world *World
	clock *Clock
	keys  runKeys

	kernel      sim.Kernel[Run]
	coupling    uint64
	counted     int // counted changes of this replication
	open        int // counted changes that are not closed yet
	changes     []changeState
	defects     []defectState
	doses       []float64 // [defect][ring], hours of mean traffic a defect showed while its release was at that ring
	waiting     []int32   // changes that wait to be batched, in order of arrival
	releases    []release
	idle        []int32        // releases that may be used again
	stages      []sim.Resource // one for each Environment; index = stage
	ramp        sim.Resource   // releases between first and last ring
	responders  sim.Resource   // people who answer alarms
	nextOutage  int            // near the outage that was looked at last
	firstRing   int            // index of the first Ring
	share       []float64      // of each ring in this world, by ring number
	reproduces  []float64      // [stage][class], r of each environment in this world
	exercises   []float64      // [stage][class], c
	window      Window
	signals     []int32 // defect of each of the window's signals
	sample      Sample
	tally       tally
	newMonitors func() []Monitor
	present     int           // changes that have arrived and are not done
	delivered   int           // of those, the ones that everyone has
	outlook     float64       // hours that a counted change may be on its way before it is asked whether the pipeline keeps up
	unanswered  int           // alarms that wait for a responder
	midway      time.Duration // from then on the growth of the period is told; 0: it is not
	halfway     int           // changes on their way then
	trace       *Trace
	audience    *Audience
}

// runKeys are the streams of luck, named for what happens.
type runKeys struct {
	effort, acknowledge, decide, act rng.Key
	fails, skips                     rng.Key
	stages                           []stageKeys
}

type stageKeys struct{ setup, run, approval, flaky, tests rng.Key }

// changeState is where one change is.
type changeState struct {
	live      uint32 // bit k: its k-th defect is not repaired
	caught    uint32 // bit k: found, and repaired when the change comes back
	next      int32  // next change of the same release; -1 at the end
	attempts  uint16 // releases it has led, for the key of their luck
	fixes     uint16 // repairs it has been through
	hotfix    bool   // has priority since it was repaired
	closed    bool
	delivered uint8 // 1 when everyone has it, else 0
	passed    bool  // has passed the last environment at least once
	leadTime  float64
	extra     float64 // cost of incidents charged to it
	out       Outcome // the counts; harm is worked out when it closes
}

// defectState is what has happened to one defect so far.
type defectState struct {
	first    time.Duration // first exposure of a user; -1 before
	showed   time.Duration // when it first showed to users; -1 before
	ended    time.Duration // end of its last exposure
	alarm    time.Duration // when it was noticed; -1 before
	exposure float64       // hours of full exposure so far, showing or not
	shown    float64       // hours of full exposure so far while it shows
	age      float64       // wall-clock hours since it shows, counted while exposed
	userTime float64       // wall-clock hours x share while it shows
	spared   float64       // hours of full exposure, of those shown, that met people who cannot meet it
	lingered float64       // hours of mean traffic x share of users, for those a rollback did not heal
	lingers  float64       // wall-clock hours x share of users, for the same
	maxRing  int16         // furthest ring it reached; -1 none
	stop     int16
	channel  int16
}

// release is a batch of changes that travels together. It lives in a slot that
// is used again, with the monitors that watch it.
type release struct {
	head, tail int32
	stage      int32
	entity     uint64 // key of its luck
	monitors   []Monitor
	start      time.Duration // of the present stretch of constant exposure
	end        time.Duration // planned end of the present ring
	alarm      alarm
	responding bool
	staffed    bool          // somebody answers its alarm
	forward    bool          // taking it back has failed: a repair must come
	baking     sim.Event     // the planned end of the bake while it is being responded to
	holdFrom   time.Duration // while responding, no next ring from here on
	reruns     uint8
	alarms     uint8  // alarms so far: each is an incident with luck of its own
	silenced   uint16 // bit d: detector d has been dismissed
	priority   bool
	repairOnly bool  // carries the repair of a defect through the environments
	repairs    int32 // the release whose defect it repairs
	ramping    bool  // holds a slot of the ramp
	counted    bool  // carries a counted change
	passed     bool  // has passed the last environment
	hurt       bool  // a request of a user has failed
	failed     bool  // an alarm rang for a real defect
	falseAlarm bool
	reached    bool // reached a user
}

// The key of a release's luck is the number of its first change, the attempts
// of that change and the incident: 31, 16 and 8 bits. A further bit tells the
// repair of an incident from the release itself, and 8 bits stay free for reruns.
const repairLuck = uint64(1) << 55

// incident is the key of the luck of the present alarm of the release.
func (rel *release) incident() uint64 { return rel.entity | uint64(rel.alarms) }

// alarm is what the monitors said: when, which detector, which defect.
type alarm struct {
	at       time.Duration
	detector int16
	defect   int32 // index into World.Defects; -1 for a false alarm
}

// NewRun prepares a Run of pipeline number p of the Case.
func NewRun(c *Case, p int, seed uint64) *Run {
	pl := &c.Pipelines[p]
	key := func(name string) rng.Key { return rng.NewKey(seed, name) }
	r := &Run{c: c, p: pl, clock: NewClock(&c.Service.Shape), firstRing: len(pl.Stages)}
	r.keys = runKeys{effort: key("fix/effort"), acknowledge: key("response/acknowledge"),
		decide: key("response/decide"), act: key("response/act"), fails: key("response/fails"), skips: key("rollout/skips")}
	for i, s := range pl.Stages {
		r.keys.stages = append(r.keys.stages, stageKeys{
			setup: key("setup/" + s.Name), run: key("run/" + s.Name), approval: key("approval/" + s.Name),
			flaky: key("flaky/" + s.Name), tests: key("tests/" + s.Name)})
		if s.Kind == InRing && i < r.firstRing {
			r.firstRing = i
		}
	}
	r.stages = make([]sim.Resource, r.firstRing)
	r.share = make([]float64, len(pl.Stages)-r.firstRing)
	r.reproduces = make([]float64, r.firstRing*len(c.Classes))
	r.exercises = make([]float64, r.firstRing*len(c.Classes))
	r.window.Clock = r.clock
	r.outlook = float64(2*pl.WatchHours) + hoursPerWeek + float64(patience*c.Stay(p))
	r.newMonitors = func() []Monitor {
		ms := make([]Monitor, len(pl.Detectors))
		for i, d := range pl.Detectors {
			ms[i] = d.Monitor(seed)
		}
		return ms
	}
	return r
}

// Replicate runs the replication that the World has drawn, with common luck
// (coupling 0) or with luck of its own over the same causes (coupling 1), and
// fills the Sample. Its slices must have the length of the counted changes and
// of their defects.
func (r *Run) Replicate(w *World, coupling uint64, s Sample) {
	r.reset(w, coupling, s)
	r.kernel.At(w.Change(0).Arrives, (*Run).changeArrives, 0)
	if r.p.Batching.Cadence > 0 {
		r.kernel.At(duration(r.p.Batching.Offset), (*Run).trainDeparts, 0)
	}
	r.kernel.Run(maxDuration)
	r.finish()
}

func (r *Run) reset(w *World, coupling uint64, s Sample) {
	r.world, r.coupling, r.sample = w, coupling, s
	r.counted = len(s.Outcomes)
	r.open, r.present, r.delivered, r.halfway, r.midway, r.unanswered = r.counted, 0, 0, 0, 0, 0
	r.kernel.Reset(r)
	r.changes, r.defects, r.doses = r.changes[:0], r.defects[:0], r.doses[:0]
	r.waiting, r.idle = r.waiting[:0], r.idle[:0]
	for i := range r.releases {
		r.idle = append(r.idle, int32(len(r.releases)-1-i))
	}
	if r.audience != nil {
		r.audience.reset(r.counted)
	}
	r.tally = tally{}
	r.ramp.Reset(r.p.RampSlots)
	r.responders.Reset(r.p.Response.Responders)
	r.nextOutage = 0
	sv := &r.c.Service
	r.window.Requests = float64(w.value(sv.Users) * w.value(sv.RequestsPerHr))
	r.window.Users, r.window.Errors, r.window.Swings = w.value(sv.Users), w.share(sv.BaselineErrors), sv.Swings
	r.resetStages()
}

// resetStages works out what the stages are in this world.
func (r *Run) resetStages() {
	for i := range r.p.Stages {
		st := &r.p.Stages[i]
		if st.Kind == InRing {
			r.share[i-r.firstRing] = r.world.share(st.Ring.Share)
			continue
		}
		r.stages[i].Reset(st.Environment.Slots)
		for c := range r.c.Classes {
			at := i*len(r.c.Classes) + c
			r.reproduces[at], r.exercises[at] = r.catches(&st.Environment, c)
		}
	}
	// A doubted share of one ring may be drawn above the next: a ring never
	// holds fewer users than the one before.
	for k := 1; k < len(r.share); k++ {
		r.share[k] = math.Max(r.share[k], r.share[k-1])
	}
}

// catches is r and c of an environment for defects of class c in this world.
func (r *Run) catches(e *Environment, c int) (reproduces, exercises float64) {
	cl, w := &r.c.Classes[c], r.world
	reproduces = float64(w.share(cl.Reproducible) * w.value(e.Fidelity))
	if len(e.ByClass) > 0 && e.ByClass[c].Value >= 0 {
		reproduces = w.value(e.ByClass[c])
	}
	exercises = float64(w.share(cl.Exercised) * w.value(e.Coverage))
	return math.Min(1, math.Max(0, reproduces)), math.Min(1, math.Max(0, exercises))
}

// exercised is c of one defect, given that of its class: where a part of it belongs
// to the defect, a value of the Beta distribution with that mean and correlation,
// by a uniform of the defect; so what one environment misses, the next one misses
// more easily (the beta-binomial of Skellam, 1948).
func (r *Run) exercised(def *Defect, c float64) float64 {
	together := r.c.Classes[def.Class].Together
	if together == (Quantity{}) {
		return c
	}
	rho := r.world.share(together)
	if rho == 0 || c <= 0 || c >= 1 {
		return c
	}
	weight := 1/math.Min(rho, 0.99) - 1
	return portable.InverseIncompleteBeta(float64(weight*c), float64(weight*(1-c)), def.Exercise)
}

// span draws a Span for something that happens to entity, in hours.
func (r *Run) span(s Span, key rng.Key, entity uint64) float64 {
	if s.Varies == nil {
		return math.Max(0, r.world.value(s.Hours))
	}
	return math.Max(0, s.Varies.Quantile(r.uniform(key, entity)))
}

func (r *Run) uniform(key rng.Key, entity uint64) float64 {
	return key.Uniform(entity, r.world.replication, r.coupling)
}

func (r *Run) isCounted(change int32) bool {
	i := int(change) - r.c.Changes.Warmup
	return i >= 0 && i < r.counted
}

// rings is the number of rings; ring number k is stage firstRing+k.
func (r *Run) rings() int { return len(r.share) }

func (r *Run) lastStage() int32 { return int32(len(r.p.Stages) - 1) }
