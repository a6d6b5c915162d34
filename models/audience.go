package models

import (
	"cmp"
	"slices"
)

// Audience follows every counted change of a replication: which share of the users is
// on a release with a live defect of it, from when on. A nil Audience records nothing
// and costs one comparison. What a defect does, and to whom, it does not know.
type Audience struct {
	Steps []AudienceStep // in the order of time
	now   []float64      // share at present, one a counted change
}

// AudienceStep says that a share begins. Before its first step a change is with nobody;
// after its last, what it says holds for good.
type AudienceStep struct {
	Change int32   // number of the counted change, from 0
	At     float64 // hours since the change was ready
	Share  float64 // of users (of requests, where each is routed afresh), 0..1
}

// SetAudience makes the Run record into a, emptied at the start of each replication,
// from now on; nil stops it.
func (r *Run) SetAudience(a *Audience) { r.audience = a }

// ByChange are the steps of the replication in a slice of their own, those of a change
// together and in the order of time.
func (a *Audience) ByChange() []AudienceStep {
	steps := slices.Clone(a.Steps)
	slices.SortStableFunc(steps, func(x, y AudienceStep) int { return cmp.Compare(x.Change, y.Change) })
	return steps
}

// reset empties it for a replication of so many counted changes.
func (a *Audience) reset(counted int) {
	a.Steps = a.Steps[:0]
	a.now = slices.Grow(a.now[:0], counted)[:counted]
	clear(a.now)
}

// meet notes that change i is with that share of the users from now on, unless none of
// its defects is live.
func (r *Run) meet(i int32, share float64) {
	if r.audience == nil || !r.isCounted(i) {
		return
	}
	if r.changes[i].live == 0 {
		share = 0
	}
	k := i - int32(r.c.Changes.Warmup)
	if a := r.audience; a.now[k] != share {
		a.now[k] = share
		a.Steps = append(a.Steps, AudienceStep{k, hours(r.kernel.Now() - r.world.changes[i].Arrives), share})
	}
}
