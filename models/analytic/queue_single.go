package analytic

import "math"

// FiniteQueue is one server with exponential service times and room for so many
// changes, the one in service included; who finds it full goes away (M/M/1/K: Gross
// and Harris, "Fundamentals of queueing theory", 1998, chapter 2).
type FiniteQueue struct {
	Arrivals float64 // per hour, positive; the utilisation may be 1 or more
	Service  float64 // mean service time in hours, positive
	Room     int     // 1 or more
}

// chances are the probabilities of 0 ... Room in the system, proportional to powers
// of the load.
func (q FiniteQueue) chances() []float64 {
	mustBePositive("the arrival rate", q.Arrivals)
	mustBePositive("the service time", q.Service)
	mustCount("room", q.Room)
	load, first := q.Arrivals*q.Service, 0
	if load > 1 { // from the other end, so that nothing overflows
		first = -q.Room
	}
	p := make([]float64, q.Room+1)
	for i := range p {
		p[i] = math.Pow(load, float64(first+i))
	}
	scaleToOne(p)
	return p
}

// Blocked is the share of arrivals that find no room.
func (q FiniteQueue) Blocked() float64 { return q.chances()[q.Room] }

// Mean is the mean number in the system.
func (q FiniteQueue) Mean() float64 {
	sum := 0.0
	for i, p := range q.chances() {
		sum += float64(i) * p
	}
	return sum
}

// Sojourn is the mean time from arrival to departure of those who find room, in
// hours: by Little's law over their rate.
func (q FiniteQueue) Sojourn() float64 {
	return q.Mean() / (q.Arrivals * (1 - q.Blocked()))
}

// Class is one kind of work of a PriorityQueue.
type Class struct {
	Arrivals float64 // per hour, positive
	Service  float64 // mean service time in hours, positive
	Square   float64 // mean of the squared service time in hours², at least Service²
}

// PriorityQueue is one server that takes the first of the most urgent class when it
// becomes free, and never stops what it has begun. Classes go from the most urgent
// to the least.
type PriorityQueue []Class

// check returns the utilisation.
func (q PriorityQueue) check() (float64, error) {
	mustCount("classes", len(q))
	u := 0.0
	for _, c := range q {
		mustBePositive("the arrival rate", c.Arrivals)
		mustBePositive("the service time", c.Service)
		mustNotBeNegative("the variance of the service time", c.Square-c.Service*c.Service)
		u += c.Arrivals * c.Service
	}
	if u >= 1 {
		return u, &Unstable{Utilisation: u}
	}
	return u, nil
}

// Residual is the mean rest of the service in progress that an arrival meets, 0 when
// there is none, in hours: half the sum of arrivals times squared service time.
func (q PriorityQueue) Residual() float64 {
	sum := 0.0
	for _, c := range q {
		sum += c.Arrivals * c.Square / 2
	}
	return sum
}

// Waits are the mean waits of the classes in hours: Residual over (1 - load of the
// classes before) (1 - load of these and the class) (Cobham, "Priority assignment in
// waiting line problems", 1954).
func (q PriorityQueue) Waits() ([]float64, error) {
	if _, err := q.check(); err != nil {
		return nil, err
	}
	waits := make([]float64, len(q))
	before := 0.0
	for i, c := range q {
		after := before + c.Arrivals*c.Service
		waits[i] = q.Residual() / ((1 - before) * (1 - after))
		before = after
	}
	return waits, nil
}

// WaitInOrder is the mean wait in hours without priorities (Pollaczek-Khinchine).
func (q PriorityQueue) WaitInOrder() (float64, error) {
	u, err := q.check()
	if err != nil {
		return 0, err
	}
	return q.Residual() / (1 - u), nil
}

// BulkQueue is one server with exponential service times whose changes arrive in
// groups, each served one by one (M^X/M/1: Gross and Harris, 1998, section 3.1).
type BulkQueue struct {
	Groups  float64 // arriving per hour, positive
	Mean    float64 // changes in a group, at least 1
	Square  float64 // mean of the squared number in a group, at least Mean²
	Service float64 // mean service time in hours, positive
}

// BulkAnswer is a BulkQueue in the long run.
type BulkAnswer struct {
	Utilisation float64 // 0 to 1
	Mean        float64 // number in the system
	Wait        float64 // mean wait before service, hours
}

// Solve gives L = u (1 + (E X² - E X) / (2 E X)) / (1 - u). A utilisation of 1 or
// more is an Unstable error.
func (q BulkQueue) Solve() (BulkAnswer, error) {
	mustBePositive("the rate of groups", q.Groups)
	mustBePositive("the service time", q.Service)
	mustNotBeNegative("the mean of a group above 1", q.Mean-1)
	mustNotBeNegative("the variance of a group", q.Square-q.Mean*q.Mean)
	a := BulkAnswer{Utilisation: q.Groups * q.Mean * q.Service}
	if a.Utilisation >= 1 {
		return BulkAnswer{}, &Unstable{Utilisation: a.Utilisation}
	}
	a.Mean = a.Utilisation * (1 + (q.Square-q.Mean)/(2*q.Mean)) / (1 - a.Utilisation)
	a.Wait = a.Mean/(q.Groups*q.Mean) - q.Service
	return a, nil
}
