package analytic

import (
	"fmt"

	"github.com/rollrisk/rollrisk/sim/portable"
)

// RingPlan is the part of a rollout that can be chosen: how many rings, how many users
// each has met by then, and how long each is watched.
type RingPlan struct {
	Shares []float64 // of users that have met the release by each ring; above 0, rising, at most 1
	Bakes  []float64 // hours each ring is watched, 0 or more; the last one's is the watch at the end
}

// Hours is the time from the first user to the last ring.
func (p RingPlan) Hours() float64 {
	sum := 0.0
	for _, b := range p.Bakes[:len(p.Bakes)-1] {
		sum += b
	}
	return sum
}

func (p RingPlan) mustHold() {
	if len(p.Shares) == 0 || len(p.Shares) != len(p.Bakes) {
		panic(fmt.Sprintf("analytic: a plan of %d shares and %d bakes", len(p.Shares), len(p.Bakes)))
	}
	last := 0.0
	for i, s := range p.Shares {
		mustBePositive("a share", s)
		mustBeShare("a share", s)
		mustNotBeNegative("a bake", p.Bakes[i])
		if s < last {
			panic(fmt.Sprintf("analytic: ring %d has %v of the users after %v", i, s, last))
		}
		last = s
	}
}

// RingDefect is one defect, or all that are alike, and what it meets. In a ring of share
// s its alarm has the hazard PerHour + PerDose s; see Watch.
type RingDefect struct {
	Weight  float64 // mean number of such defects in a release, 0 or more
	Reach   float64 // share of the users who can meet it, 0..1
	Failing float64 // failing requests of such a user in an hour, 0 or more
	PerHour float64 // alarms per hour on the wall, however few meet it, 0 or more
	PerDose float64 // alarms per hour at full audience, 0 or more
	Respond float64 // hours from the alarm to the end of the exposure; the ramp is held meanwhile
}

// RingPrices price a release, in any currency; all are 0 or more.
type RingPrices struct {
	Request  float64 // each failed request
	User     float64 // each user affected
	UserHour float64 // each hour of a user who can meet a live defect
	Incident float64 // each alarm
	Hour     float64 // each hour from the first user to the last ring
}

// RingCase is everything about a rollout that no plan changes.
type RingCase struct {
	Users   float64 // of the service, positive
	Defects []RingDefect
	Prices  RingPrices
	False   float64 // false alarms per hour at any share, 0 or more; none of them stops what a defect does
}

// RingLaw is what is expected of one release.
type RingLaw struct {
	Affected float64 // users with a failed request; the defects one by one
	Failed   float64 // failed requests
	Exposed  float64 // hours of users who could meet a live defect
	Detected float64 // defects for which an alarm rings; divided by their number, the probability
	Seen     float64 // probability that an alarm rings, of a defect; NaN without defects
	FalseRun float64 // probability of a false alarm before everybody has the release
	Hours    float64 // from the first user to the last ring when no alarm rings
	Cost     float64 // by the prices
}

// Law is the plan's expectation. The exposure of a ring is constant, so the alarm of a
// defect is piecewise exponential and all that follows is a sum over the rings: about
// three exponentials for each defect and ring, and no memory is allocated.
//
// Cohort j, which joins at ring j, is spared with probability exp(-f x), where f is
// Failing and x its hours from joining to the end of the exposure. With S the probability
// that no alarm rang before a ring, h its hazard and b its bake, the mean of that over the
// alarm is the recursion G(j) = exp(-f b) G(j+1) + S h (1-exp(-(h+f) b))/(h+f) exp(-f R),
// and G after the last ring is S: the derivation is in docs/background/optimal-ring-plan.md.
func (c *RingCase) Law(p RingPlan) RingLaw {
	p.mustHold()
	mustBePositive("the number of users", c.Users)
	law, weight := RingLaw{Hours: p.Hours()}, 0.0
	for i := range c.Defects {
		c.add(&law, &c.Defects[i], p)
		weight += c.Defects[i].Weight
	}
	law.Seen = law.Detected / weight
	law.FalseRun = -portable.Expm1(-float64(c.False * law.Hours))
	q := c.Prices
	law.Cost = float64(q.Request*law.Failed) + float64(q.User*law.Affected) + float64(q.UserHour*law.Exposed) +
		float64(q.Incident*law.Detected) + float64(q.Hour*law.Hours)
	return law
}

// add counts one defect.
func (c *RingCase) add(law *RingLaw, d *RingDefect, p RingPlan) {
	risk := 0.0 // integrated hazard up to the end of ring i
	for i, s := range p.Shares {
		risk += float64((d.PerHour + float64(d.PerDose*s)) * p.Bakes[i])
	}
	survival := portable.Exp(-risk)
	law.Detected += float64(d.Weight * (1 - survival))
	late := portable.Exp(-float64(d.Failing * d.Respond))
	spared, shown, users := survival, 0.0, 0.0 // from the last ring to the first
	for i := len(p.Shares) - 1; i >= 0; i-- {
		hazard := d.PerHour + float64(d.PerDose*p.Shares[i])
		risk = max(0, risk-float64(hazard*p.Bakes[i]))
		before := portable.Exp(-risk)
		shown += float64(p.Shares[i] * (float64(before*during(hazard, p.Bakes[i])) + float64(d.Respond*(before-survival))))
		rang := float64(float64(before*hazard) * during(hazard+d.Failing, p.Bakes[i]))
		spared = float64(spared*portable.Exp(-float64(d.Failing*p.Bakes[i]))) + float64(rang*late)
		joined := p.Shares[i]
		if i > 0 {
			joined -= p.Shares[i-1]
		}
		users += float64(joined * (before - spared))
		survival = before
	}
	reached := float64(float64(d.Weight*c.Users) * d.Reach)
	law.Exposed += float64(reached * shown)
	law.Failed += float64(float64(reached*d.Failing) * shown)
	law.Affected += float64(reached * users)
}

// during is the integral of exp(-rate t) over so many hours.
func during(rate, hours float64) float64 {
	if rate == 0 {
		return hours
	}
	return -portable.Expm1(-float64(rate*hours)) / rate
}

// String is the plan as people say it: 1% 2h, 10% 6h, 100%. Percentages and hours have
// three digits.
func (p RingPlan) String() string {
	text := ""
	for i, s := range p.Shares {
		if i > 0 {
			text += ", "
		}
		text += fmt.Sprintf("%.3g%%", 100*s)
		if i < len(p.Shares)-1 {
			text += " " + span(p.Bakes[i])
		}
	}
	return text
}

// span is a time as people say it.
func span(hours float64) string {
	switch {
	case hours < 1:
		return fmt.Sprintf("%.3gm", 60*hours)
	case hours >= 48:
		return fmt.Sprintf("%.3gd", hours/24)
	}
	return fmt.Sprintf("%.3gh", hours)
}
