package models

import (
	"testing"

	"github.com/rollrisk/rollrisk/sim/portable"
	"github.com/rollrisk/rollrisk/sim/rng"
)

// Environments fail together: what one cannot reproduce, its equal cannot either, so
// that a second environment whose tests hit everything adds nothing. Merging r and c
// into one draw for each environment is a mutant this kills.
func TestEnvironmentsFailTogether(t *testing.T) {
	c := lonely(oneDefectCase(0.5, append([]Stage{environment("test", Environment{}), environment("staging", Environment{})}, everyone())))
	c.Classes[0].Reproducible, c.Classes[0].Exercised = Known(0.5), Known(1)
	outs, _, _ := outcomes(t, c, 0, 10_000)
	escapes := column(outs, func(o *Outcome) float64 { return float64(o.Escapes) })
	within(t, "escapes", escapes, 0.5)
	far(t, "r drawn anew in each environment", escapes, 0.5*0.5)
	// With r sure, the tests miss independently.
	c.Classes[0].Reproducible, c.Classes[0].Exercised = Known(1), Known(0.5)
	outs, _, _ = outcomes(t, c, 0, 10_000)
	escapes = column(outs, func(o *Outcome) float64 { return float64(o.Escapes) })
	within(t, "escapes", escapes, 0.5*0.5)
	far(t, "c drawn once for all environments", escapes, 0.5)
}

// People who need longer to look than a ring bakes let the ramp go on through several
// rings; then it is held.
func TestRampGoesOnUntilSomebodyLooks(t *testing.T) {
	const rate, look, act = 2.0, 60.0, 200.0
	c := oneDefectCase(rate, ramp(shares, starts))
	c.Pipelines[0].Response = Response{Acknowledge: Hours(look), Act: Hours(act)}
	outs, defs, _ := outcomes(t, c, 0, 20)
	key := rng.NewKey(1, "test/exposure")
	for i := range outs {
		entity := uint64((c.Changes.Warmup + i%c.Changes.PerPeriod) * MaxDefects)
		e := -portable.Log(key.Uniform(entity, uint64(i/c.Changes.PerPeriod), 0)) / rate
		at := reachedRef(e, shares, starts)
		share := 0.0
		for k, s := range starts {
			if at+look > s {
				share = shares[k]
			}
		}
		near(t, "time to detect", defs[i].Detect, at)
		near(t, "users exposed", outs[i].UsersExposed, 1000*share)
		near(t, "failed requests", outs[i].FailedRequests, (exposureRef(at+look, shares, starts)+act*share)*1500)
	}
}
