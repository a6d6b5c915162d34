package models

import "time"

// Freeze is a time in which nothing new goes out: no release meets its first
// user or the next ring. Repairs that go out as hotfixes do. It comes again and again.
type Freeze struct {
	From  float64 `json:"from"`  // hours after the start of each cycle; the first begins on Monday 00:00 of the replication
	Hours float64 `json:"hours"` // how long it lasts; > 0 and below Every
	Every float64 `json:"every"` // hours of the cycle, e.g. 168 for every week
}

// maxFreezes bounds the freezes of a pipeline.
const maxFreezes = 16

// end is the end of the freeze that holds at t, and t itself when none does.
func (f *Freeze) end(t time.Duration) time.Duration {
	cycle, from, long := duration(f.Every), duration(f.From), duration(f.Hours)
	into := ((t-from)%cycle + cycle) % cycle
	if into < long {
		return t + long - into
	}
	return t
}

// thaw is the first time from t on at which the release may go on. Freezes
// that leave no gap between them are given up after some rounds: Check refuses
// the plainest of these, one that never ends.
func (r *Run) thaw(rel *release, t time.Duration) time.Duration {
	if rel.priority {
		return t
	}
	for range 2 * maxFreezes {
		before := t
		for i := range r.p.Freezes {
			t = r.p.Freezes[i].end(t)
		}
		if t == before {
			break
		}
	}
	return min(t, maxDuration)
}
