package optimize

import (
	"math"

	"github.com/rollrisk/rollrisk/models"
	"github.com/rollrisk/rollrisk/models/analytic"
	"github.com/rollrisk/rollrisk/sim/portable"
)

// The grid of plans. All are assumptions: from a thousandth of the users, in one ring to
// five, within an hour to a week, the time spent early, evenly or late.
var (
	firsts = []float64{0.001, 0.01, 0.05, 0.1}
	totals = []float64{1, 4, 12, 24, 48, 96, 168} // hours
	growth = []float64{0.5, 1, 2}                 // of a bake on the one before
)

const mostRings = 5

// grid are plans that take at most so many hours; 0 for any.
func grid(most float64) []analytic.RingPlan {
	plans := []analytic.RingPlan{{Shares: []float64{1}, Bakes: []float64{0}}}
	for _, total := range totals {
		if most > 0 && total > most {
			continue
		}
		for n := 2; n <= mostRings; n++ {
			for _, first := range firsts {
				for _, g := range growth {
					if n == 2 && g != 1 {
						continue // one bake alone
					}
					plans = append(plans, ladder(n, first, total, g))
				}
			}
		}
	}
	return plans
}

// ladder is a plan of n rings whose shares grow evenly and whose bakes grow by a factor.
func ladder(n int, first, total, grow float64) analytic.RingPlan {
	p, sum := analytic.RingPlan{}, 0.0
	for i := range n {
		p.Shares = append(p.Shares, nice(portable.Pow(first, 1-float64(i)/float64(n-1))))
		p.Bakes = append(p.Bakes, 0)
		if i < n-1 {
			p.Bakes[i] = portable.Pow(grow, float64(i))
			sum += p.Bakes[i]
		}
	}
	for i := range n - 1 {
		p.Bakes[i] = minutes(p.Bakes[i] * total / sum)
	}
	return p
}

// nice keeps one digit, 1, 2, 3 or 5, as people choose shares.
func nice(share float64) float64 {
	for scale := 1000.0; scale >= 1; scale /= 10 {
		for _, digit := range []float64{1, 2, 3, 5} {
			if x := digit / scale; share <= x*1.2 {
				return x
			}
		}
	}
	return 1
}

// minutes rounds hours to five minutes, above two hours to a quarter of one.
func minutes(hours float64) float64 {
	steps := 12.0
	if hours > 2 {
		steps = 4
	}
	return math.Max(1, math.Floor(float64(hours*steps)+0.5)) / steps
}

// published is a ramp that somebody has written about.
type published struct {
	name string
	plan analytic.RingPlan
}

// ramps are the published ones for a case. Zhao, Liu and Deb ("Safely and quickly deploying
// new features with a staged rollout framework using sequential test and adaptive
// experimental design", 2019) name three schedules, by time, by power and by risk; Xu, Duan
// and Huang ("SQR: balancing speed, quality and risk in online experiments", 2018) name the
// phases before, at and after the ramp of most power. What follows are their ideas as fixed
// plans; every constant is an assumption of ours.
func ramps(c *models.Case) []published {
	shares := []float64{0.01, 0.05, 0.25, 0.5, 1}
	steps := func(bake func(i int) float64) analytic.RingPlan {
		p := analytic.RingPlan{Shares: shares, Bakes: make([]float64, len(shares))}
		for i := range len(shares) - 1 {
			p.Bakes[i] = bake(i)
		}
		return p
	}
	sqr := analytic.RingPlan{Shares: []float64{0.01, 0.1, 0.5, 1}, Bakes: []float64{1, 4, 168, 0}}
	return []published{
		{"time-based (Zhao 2019)", steps(func(int) float64 { return 24 })},
		{"power-based (Zhao 2019)", steps(func(i int) float64 { return powered(c, shares[i]) })},
		{"risk-based (Zhao 2019)", riskBased(c.Changes.Defects.Value)},
		{"SQR phases (Xu 2018)", sqr},
	}
}

// powered is how long a ring must run to see a doubling of the baseline errors with power
// 80 % at 5 % on both sides: the sample of two proportions (Fleiss, Levin and Paik,
// "Statistical methods for rates and proportions", 2003, equation 4.14 without the
// correction), between five minutes and a week.
func powered(c *models.Case, share float64) float64 {
	p := math.Max(c.Service.BaselineErrors.Value, 1e-4)
	z := 1.959963984540054 + 0.8416212335729143
	spread := float64(p*(1-p)) + float64(2*p*(1-2*p))
	requests := float64(z*z) * spread / float64(p*p)
	hours := requests / float64(c.Service.Users.Value*c.Service.RequestsPerHr.Value*share)
	return minutes(math.Min(168, hours))
}

// riskBased lets a ring hold as many users as keep the expected harm at that of the first
// one: share times the probability that a defect is there, which a stage of four hours
// without an alarm halves in odds.
func riskBased(defects float64) analytic.RingPlan {
	prior := -portable.Expm1(-defects)
	odds, p := prior/math.Max(1e-9, 1-prior), analytic.RingPlan{}
	for share := 0.01; len(p.Shares) < models.MaxRings; {
		p.Shares, p.Bakes = append(p.Shares, share), append(p.Bakes, 4)
		if share == 1 {
			break
		}
		odds /= 2
		share = math.Min(1, math.Floor(1000*float64(0.01*prior*(1+odds))/odds+0.5)/1000)
	}
	p.Shares[len(p.Shares)-1], p.Bakes[len(p.Bakes)-1] = 1, 0
	return p
}
