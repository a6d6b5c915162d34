package models

import "math"

// A defect that is absent from the first ring concerns people who are not in
// it: a country, a browser, a kind of customer that no employee is. All who can
// meet it are among the others, so they are denser there: with reach a and a
// first ring of share q, a / (1 - q) of each later cohort, at most all of it.
// Where requests are routed afresh there are no cohorts: the first ring alone
// does not show it.

// apart says whether there are people outside of the first ring: only they can meet
// such a defect. A first ring of everyone, watched before another, leaves nobody out.
func (r *Run) apart() bool { return len(r.share) > 1 && r.share[0] < 1 }

// reachOf is the share of cohort j who can meet the defect.
func (r *Run) reachOf(def *Defect, j int) float64 {
	if !def.Absent || !r.apart() || !r.p.Sticky {
		return def.Reach
	}
	if j == 0 {
		return 0
	}
	return math.Min(1, def.Reach/(1-r.share[0]))
}

// meeting is the share of all users that counts as exposed in a ring after the
// first: as many as could meet the defect, divided by its reach.
func (r *Run) meeting(def *Defect, ring int) float64 {
	if !r.p.Sticky || def.Reach == 0 || !r.apart() {
		return r.share[ring]
	}
	return float64((r.share[ring] - r.share[0]) * (r.reachOf(def, ring) / def.Reach))
}

// reachIn is the share of those who are in the ring who can meet the defect.
func (r *Run) reachIn(def *Defect, ring int) float64 {
	if !r.apart() || r.share[ring] == 0 {
		return def.Reach
	}
	return float64(def.Reach*r.meeting(def, ring)) / r.share[ring]
}
