package sim_test

// Small models on Kernel and Resource, written to be read: a model is a struct,
// its events are its methods, its subjects are indices into its slices. Each
// measures itself in named tallies, which queue_test.go compares with theory.
//
// Time is in seconds. A mutant is a fault that can be planted in a model, to
// prove that the comparison would find it.

import (
	"time"

	"github.com/rollrisk/rollrisk/sim"
	"github.com/rollrisk/rollrisk/sim/rng"
)

func seconds(s float64) time.Duration { return time.Duration(s * 1e9) }

// A mark is a value in seconds with which every observation is compared: the
// measure is the share of those not above it.
type mark struct {
	name  string
	value float64
}

func (f findings) compare(span time.Duration, marks []mark) {
	for _, m := range marks {
		f.of(m.name).addTruth(span.Seconds() <= m.value)
	}
}

// stream returns the numbers of one cause in one replication.
func stream(cause string, replication int) rng.Stream {
	return rng.NewKey(20, "test/"+cause).Stream(0, uint64(replication), 0)
}

// A tally is the sum and the number of some observations of one replication.
type tally struct{ sum, count float64 }

func (t *tally) add(x float64) { t.sum += x; t.count++ }

func (t *tally) addSpan(d time.Duration) { t.add(d.Seconds()) }

func (t *tally) addTruth(b bool) {
	if b {
		t.sum++
	}
	t.count++
}

// findings are the tallies of one replication by the name of the measure.
type findings map[string]*tally

func (f findings) of(name string) *tally {
	if f[name] == nil {
		f[name] = new(tally)
	}
	return f[name]
}

type mutant string

const (
	none         mutant = ""
	extraServer  mutant = "one server too many"
	roomForMore  mutant = "> for >= at the door: room for one more"
	lastFirst    mutant = "last come, first served"
	secondFirst  mutant = "queue discipline off by one: the second is served first"
	serviceTwice mutant = "service counted twice"
	tiesReversed mutant = "simultaneous events happen in reverse order"
	noPriority   mutant = "priority ignored"
	oneRidesLess mutant = "batch off by one: the last of the queue stays behind"
	noRework     mutant = "rework leaves"
	twelveIsMore mutant = ">= for >: twelve counts as more than twelve"
	lastIgnored  mutant = "join off by one: the last task is not awaited"
)

// station is the queue with Poisson arrivals, alone or in batches: M/M/c, M/G/1,
// M/D/1, M/M/1/K, M^X/M/1, with or without priority.
type station struct {
	name    string                                 // of its streams
	rate    float64                                // batches per second
	batch   int                                    // customers in a batch
	servers int                                    // 1 or more
	room    int                                    // customers at most, waiting or served; 0 is no limit
	urgent  float64                                // share of customers of class 0, served before class 1
	service func(class int, s *rng.Stream) float64 // seconds
	marks   []mark                                 // of the sojourn
	waits   []mark                                 // of the wait
	warmUp  float64                                // seconds, not measured
	horizon float64                                // seconds; the last arrival that is measured
	mutant  mutant

	k                           sim.Kernel[station]
	server                      sim.Resource
	arrivals, services, classes rng.Stream
	customers                   []customer
	line                        []int32 // the queue of a mutant
	closed                      bool    // nobody comes any more
	watched                     int     // measured customers that are still here
	found                       findings

	wait, sojourn, square, waited, blocked *tally // of found, at hand for every customer
}

type customer struct {
	arrived, started, service time.Duration
	class, seat               int // seat is the place within the batch
}

func (s *station) replicate(index int) findings {
	s.open(index)
	s.k.Run(seconds(s.warmUp))
	s.server.EndWarmUp(s.k.Now())
	s.k.Run(seconds(s.horizon))
	s.found.of("busy").add(s.server.BusyMean(s.k.Now()))
	s.found.of("Lq").add(s.server.WaitingMean(s.k.Now()))
	s.found.of("L").add(s.server.BusyMean(s.k.Now()) + s.server.WaitingMean(s.k.Now()))
	if s.watched > 0 { // customers keep coming until the last of them has left
		s.k.Run(sim.Forever)
	}
	return s.found
}

// open makes the station empty and lets the first batch be on its way.
func (s *station) open(index int) {
	s.arrivals, s.services, s.classes =
		stream(s.name+"/arrivals", index), stream(s.name+"/services", index), stream(s.name+"/classes", index)
	servers := s.servers
	if s.mutant == extraServer {
		servers++
	}
	s.k.Reset(s)
	s.server.Reset(servers)
	s.customers, s.line, s.watched, s.closed = s.customers[:0], s.line[:0], 0, false
	s.found = findings{}
	s.wait, s.sojourn, s.square = s.found.of("Wq"), s.found.of("W"), s.found.of("W^2")
	s.waited, s.blocked = s.found.of("P_wait"), s.found.of("P_block")
	s.k.After(s.gap(), (*station).batchArrives, 0)
}

func (s *station) gap() time.Duration { return seconds(s.arrivals.Exponential() / s.rate) }

// batchArrives lets each customer of the batch enter on his own, all at the same
// moment: the kernel must keep them in order.
func (s *station) batchArrives(int32) {
	if s.closed {
		return
	}
	s.k.After(s.gap(), (*station).batchArrives, 0)
	first := len(s.customers)
	for seat := range s.batch {
		s.customers = append(s.customers, customer{seat: seat})
	}
	for seat := range s.batch {
		if s.mutant == tiesReversed {
			seat = s.batch - 1 - seat
		}
		s.k.After(0, (*station).enters, int32(first+seat))
	}
}

func (s *station) enters(id int32) {
	c := &s.customers[id]
	c.arrived = s.k.Now()
	if s.urgent > 0 && s.classes.Uniform() >= s.urgent {
		c.class = 1
	}
	full := s.full()
	if s.measured(c) {
		s.blocked.addTruth(full)
	}
	if full {
		return
	}
	if s.measured(c) {
		s.watched++
	}
	c.service = seconds(s.service(c.class, &s.services))
	priority := sim.Priority(c.class)
	if s.mutant == noPriority {
		priority = 0
	}
	if s.server.Seize(s.k.Now(), id, priority) {
		s.begins(id)
	} else {
		s.line = append(s.line, id)
	}
}

func (s *station) full() bool {
	room := s.room
	if s.mutant == roomForMore {
		room++
	}
	return room > 0 && s.server.Busy()+s.server.Waiting() >= room
}

// begins starts a service.
func (s *station) begins(id int32) {
	c := &s.customers[id]
	c.started = s.k.Now()
	s.k.After(c.service, (*station).served, id)
}

func (s *station) served(id int32) {
	if next, ok := s.server.Release(s.k.Now()); ok {
		s.begins(s.choice(next))
	}
	c := &s.customers[id]
	if !s.measured(c) {
		return
	}
	s.measure(c)
	s.watched--
	if s.watched == 0 && s.k.Now() > seconds(s.horizon) {
		s.k.Stop()
	}
}

// choice replaces the customer whom the Resource has chosen by a mutant's.
func (s *station) choice(next int32) int32 {
	i := 0
	switch s.mutant {
	case lastFirst:
		i = len(s.line) - 1
	case secondFirst:
		i = min(1, len(s.line)-1)
	default:
		return next
	}
	next = s.line[i]
	s.line = append(s.line[:i], s.line[i+1:]...)
	return next
}

func (s *station) measured(c *customer) bool {
	return c.arrived >= seconds(s.warmUp) && c.arrived < seconds(s.horizon)
}

func (s *station) measure(c *customer) {
	wait, sojourn := c.started-c.arrived, s.k.Now()-c.arrived
	if s.mutant == serviceTwice {
		sojourn += c.service
	}
	s.wait.addSpan(wait)
	s.sojourn.addSpan(sojourn)
	s.square.add(sojourn.Seconds() * sojourn.Seconds())
	s.waited.addTruth(wait > 0)
	if s.urgent > 0 {
		s.found.of([]string{"Wq0", "Wq1"}[c.class]).addSpan(wait)
	}
	if s.batch > 1 {
		s.found.of([]string{"Wq first", "Wq second", "Wq third"}[c.seat]).addSpan(wait)
	}
	s.found.compare(sojourn, s.marks)
	s.found.compare(wait, s.waits)
}

// network is stations in a row, one server each, exponential services; a customer
// who fails the last one comes back to the first.
type network struct {
	rate, failBack  float64
	serviceRates    []float64
	marks           []mark
	warmUp, horizon float64
	mutant          mutant

	k         sim.Kernel[network]
	stations  []sim.Resource
	arrivals  rng.Stream
	services  []rng.Stream
	failures  rng.Stream
	travelled []visit
	watched   int
	found     findings
}

// A visit is one customer's way through the network.
type visit struct {
	arrived time.Duration
	at      int // the station
}

func (n *network) replicate(index int) findings {
	n.k.Reset(n)
	n.stations = make([]sim.Resource, len(n.serviceRates))
	n.services = make([]rng.Stream, len(n.serviceRates))
	servers := 1
	if n.mutant == extraServer {
		servers = 2
	}
	for i := range n.stations {
		n.stations[i].Reset(servers)
		n.services[i] = rng.NewKey(20, "test/network/services").Stream(uint64(i), uint64(index), 0)
	}
	n.arrivals, n.failures = stream("network/arrivals", index), stream("network/failures", index)
	n.travelled, n.watched, n.found = n.travelled[:0], 0, findings{}

	n.k.After(seconds(n.arrivals.Exponential()/n.rate), (*network).arrives, 0)
	n.k.Run(seconds(n.warmUp))
	for i := range n.stations {
		n.stations[i].EndWarmUp(n.k.Now())
	}
	n.k.Run(seconds(n.horizon))
	total := 0.0
	for i := range n.stations {
		present := n.stations[i].BusyMean(n.k.Now()) + n.stations[i].WaitingMean(n.k.Now())
		n.found.of([]string{"L1", "L2", "L3"}[i]).add(present)
		total += present
	}
	n.found.of("L_total").add(total)
	n.found.of("eff_rate").add(n.stations[0].Utilisation(n.k.Now()) * n.serviceRates[0])
	if n.watched > 0 {
		n.k.Run(sim.Forever)
	}
	return n.found
}

func (n *network) arrives(id int32) {
	n.k.After(seconds(n.arrivals.Exponential()/n.rate), (*network).arrives, id+1)
	n.travelled = append(n.travelled, visit{arrived: n.k.Now()})
	if n.measured(id) {
		n.watched++
	}
	n.enters(id)
}

func (n *network) enters(id int32) {
	if n.stations[n.travelled[id].at].Seize(n.k.Now(), id, 0) {
		n.begins(id)
	}
}

func (n *network) begins(id int32) {
	at := n.travelled[id].at
	n.k.After(seconds(n.services[at].Exponential()/n.serviceRates[at]), (*network).served, id)
}

func (n *network) served(id int32) {
	v := &n.travelled[id]
	if next, ok := n.stations[v.at].Release(n.k.Now()); ok {
		n.begins(next)
	}
	v.at++
	if v.at == len(n.stations) {
		if n.failBack == 0 || n.failures.Uniform() >= n.failBack || n.mutant == noRework {
			n.leaves(id)
			return
		}
		v.at = 0
	}
	n.enters(id)
}

func (n *network) leaves(id int32) {
	if !n.measured(id) {
		return
	}
	sojourn := n.k.Now() - n.travelled[id].arrived
	n.found.of("W").addSpan(sojourn)
	n.found.of("W^2").add(sojourn.Seconds() * sojourn.Seconds())
	n.found.compare(sojourn, n.marks)
	n.watched--
	if n.watched == 0 && n.k.Now() > seconds(n.horizon) {
		n.k.Stop()
	}
}

func (n *network) measured(id int32) bool {
	arrived := n.travelled[id].arrived
	return arrived >= seconds(n.warmUp) && arrived < seconds(n.horizon)
}

// train leaves once a period with all the changes that have come since the last,
// and its test takes a fixed time.
type train struct {
	rate, period, test float64 // per hour, hours
	trains             int     // in a replication
	mark               float64 // of the lead time, hours
	mutant             mutant

	k        sim.Kernel[train]
	changes  rng.Stream
	came     []time.Duration
	boarded  int // changes that have left
	departed int // trains
	found    findings
}

func hours(h float64) time.Duration { return time.Duration(h * 3600e9) }

func (r *train) replicate(index int) findings {
	r.k.Reset(r)
	r.changes = stream("train/changes", index)
	r.came, r.boarded, r.departed, r.found = r.came[:0], 0, 0, findings{}
	r.k.At(hours(r.period), (*train).departs, 0)
	r.k.After(hours(r.changes.Exponential()/r.rate), (*train).comes, 0)
	r.k.Run(sim.Forever)
	return r.found
}

func (r *train) comes(change int32) {
	r.came = append(r.came, r.k.Now())
	r.k.After(hours(r.changes.Exponential()/r.rate), (*train).comes, change+1)
}

// departs takes the changes from boarded up to the last that came.
func (r *train) departs(int32) {
	size := len(r.came) - r.boarded
	if r.mutant == oneRidesLess && size > 0 {
		size--
	}
	for _, came := range r.came[r.boarded : r.boarded+size] {
		wait := (r.k.Now() - came).Hours()
		r.found.of("mean_wait_h").add(wait)
		r.found.of("mean_lead_h").add(wait + r.test)
		r.found.of("lead_q90").addTruth(wait+r.test <= r.mark)
		r.found.of("batch_size_seen_by_change").add(float64(size))
	}
	r.boarded += size
	r.found.of("batch_mean").add(float64(size))
	r.found.of("batch^2").add(float64(size) * float64(size))
	r.found.of("P_empty_train").addTruth(size == 0)
	r.departed++
	if r.departed == r.trains {
		r.k.Stop()
		return
	}
	r.k.After(hours(r.period), (*train).departs, 0)
}

// greedy is a slot that takes all who wait when it becomes free: the Resource
// hands over the first, and Take lets the others ride along.
type greedy struct {
	rate, duration  float64
	warmUp, horizon float64
	mutant          mutant

	k       sim.Kernel[greedy]
	slot    sim.Resource
	changes rng.Stream
	came    []time.Duration
	batch   []int32 // on board now
	found   findings
}

func (g *greedy) replicate(index int) findings {
	g.k.Reset(g)
	g.slot.Reset(1)
	g.changes = stream("greedy/changes", index)
	g.came, g.batch, g.found = g.came[:0], g.batch[:0], findings{}
	g.k.After(seconds(g.changes.Exponential()/g.rate), (*greedy).comes, 0)
	g.k.Run(seconds(g.warmUp))
	g.slot.EndWarmUp(g.k.Now())
	g.k.Run(seconds(g.horizon))
	g.found.of("P_server_busy").add(g.slot.Utilisation(g.k.Now()))
	return g.found
}

func (g *greedy) comes(change int32) {
	g.k.After(seconds(g.changes.Exponential()/g.rate), (*greedy).comes, change+1)
	g.came = append(g.came, g.k.Now())
	alone := g.slot.Seize(g.k.Now(), change, 0)
	if g.k.Now() >= seconds(g.warmUp) {
		g.found.of("P_change_waits").addTruth(!alone)
	}
	if alone {
		g.starts(change)
	}
}

// starts runs the change and whoever else waits.
func (g *greedy) starts(change int32) {
	g.batch = append(g.batch[:0], change)
	for g.slot.Waiting() > 0 {
		if g.mutant == oneRidesLess && g.slot.Waiting() == 1 {
			break
		}
		rider, _ := g.slot.Take(g.k.Now())
		g.batch = append(g.batch, rider)
	}
	g.k.After(seconds(g.duration), (*greedy).ran, 0)
	if g.k.Now() < seconds(g.warmUp) {
		return
	}
	size := float64(len(g.batch))
	g.found.of("mean_batch").add(size)
	runs := g.found.of("runs_per_change")
	runs.sum, runs.count = runs.sum+1, runs.count+size
	for _, c := range g.batch {
		wait := (g.k.Now() - g.came[c]).Seconds()
		g.found.of("mean_Wq").add(wait)
		g.found.of("mean_lead").add(wait + g.duration)
	}
}

func (g *greedy) ran(int32) {
	if next, ok := g.slot.Release(g.k.Now()); ok {
		g.starts(next)
	}
}

// rollouts is M/G/infinity: any number of rollouts in flight, looked at once a day.
type rollouts struct {
	perDay   float64
	duration func(s *rng.Stream) float64 // days
	warmUp   int                         // days
	days     int
	mutant   mutant

	k                 sim.Kernel[rollouts]
	inFlight          sim.Resource
	starts, durations rng.Stream
	found             findings
}

func days(d float64) time.Duration { return hours(24 * d) }

func (r *rollouts) replicate(index int) findings {
	r.k.Reset(r)
	r.inFlight.Reset(0)
	r.starts, r.durations = stream("rollouts/starts", index), stream("rollouts/durations", index)
	r.found = findings{}
	r.k.After(days(r.starts.Exponential()/r.perDay), (*rollouts).arrives, 0)
	r.k.At(days(float64(r.warmUp)), (*rollouts).counted, 0)
	r.k.Run(days(float64(r.warmUp)))
	r.inFlight.EndWarmUp(r.k.Now())
	r.k.Run(days(float64(r.warmUp + r.days)))
	r.found.of("mean").add(r.inFlight.BusyMean(r.k.Now()))
	return r.found
}

func (r *rollouts) arrives(rollout int32) {
	r.k.After(days(r.starts.Exponential()/r.perDay), (*rollouts).arrives, rollout+1)
	if r.inFlight.Seize(r.k.Now(), rollout, 0) {
		r.begins(rollout)
	}
}

func (r *rollouts) begins(rollout int32) {
	r.k.After(days(r.duration(&r.durations)), (*rollouts).completed, rollout)
}

func (r *rollouts) completed(int32) {
	if next, ok := r.inFlight.Release(r.k.Now()); ok {
		r.begins(next)
	}
}

func (r *rollouts) counted(int32) {
	r.k.After(days(1), (*rollouts).counted, 0)
	most := 12
	if r.mutant == twelveIsMore {
		most--
	}
	r.found.of("P_gt_12").addTruth(r.inFlight.Busy() > most)
	r.found.of("P0").addTruth(r.inFlight.Busy() == 0)
}

// fork starts its tasks at once and is joined when the last is done. A replication
// is one job.
type fork struct {
	tasks  int
	mutant mutant

	k       sim.Kernel[fork]
	lengths rng.Stream
	left    int
	found   findings
}

func (f *fork) replicate(index int) findings {
	f.k.Reset(f)
	f.lengths = stream("fork/lengths", index)
	f.left = f.tasks
	for task := range int32(f.tasks) {
		f.k.After(seconds(f.lengths.Exponential()), (*fork).taskDone, task)
	}
	if f.mutant == lastIgnored {
		f.left--
	}
	f.k.Run(sim.Forever)
	f.found = findings{}
	f.found.of("E_max").addSpan(f.k.Now())
	f.found.of("E_max^2").add(f.k.Now().Seconds() * f.k.Now().Seconds())
	return f.found
}

func (f *fork) taskDone(int32) {
	f.left--
	if f.left == 0 {
		f.k.Stop()
	}
}
