package analytic

import (
	"errors"
	"math"

	"github.com/rollrisk/rollrisk/sim/portable"
)

// ReportCluster is the alarm at the first report that is the last of Reports within
// the time Within (the scan statistic: Glaz, Naus and Wallenstein, "Scan
// statistics", 2001). Reports are Poisson.
type ReportCluster struct {
	Rate    float64 // reports per hour, positive
	Reports int     // that it takes, 1 or more
	Within  float64 // hours, positive
}

// MeanTime is the mean time of the alarm in hours. It is exact for up to 3 reports.
// For more, it is the limit of chains that look every few moments, each a little
// closer, known to 1e-6; a limit that is not, as for many reports at a middling
// rate, is an error. Up to 6 reports always have an answer.
func (r ReportCluster) MeanTime() (float64, error) {
	Complaints{Rate: r.Rate, Reports: r.Reports}.mustHold()
	mustBePositive("the time within", r.Within)
	switch {
	case r.Reports == 1 || r.tooSlow() < 1e-12:
		return float64(r.Reports) / r.Rate, nil
	case r.Reports == 2:
		// Each report after the first ends it with probability 1 - exp(-rate within).
		return (1 - 1/math.Expm1(-r.Rate*r.Within)) / r.Rate, nil
	case r.Reports == 3:
		return r.three(), nil
	}
	return r.limit()
}

// tooSlow is the probability that the first Reports reports take longer than
// Within. With every such group the search begins anew at the latest, so the mean is
// at most that without the condition, divided by 1 less this.
func (r ReportCluster) tooSlow() float64 {
	_, above := erlangTails(r.Reports-1, r.Rate*r.Within)
	return above
}

// three solves the renewal equation of three reports. Let V(g) be the mean time left
// at a report that came g hours after the one before. The next one rings the alarm
// if it comes within w - g, so
//
//	V(g) = 1/rate + integral over y > w-g of rate exp(-rate y) V(min(y, w)) dy.
//
// Differentiated, with A(g) = exp(-rate g/2) V(g) and B(g) = exp(rate g/2) V(w-g):
//
//	A' = -rate/2 A + rate exp(-rate w) B,  B' = rate/2 B - rate A,
//
// which is linear with constant coefficients; the square of its matrix is k² =
// rate² (1/4 - exp(-rate w)) times the identity. V(0) = 1/rate + exp(-rate w) V(w)
// and B(w) = exp(rate w/2) V(0) give V(w); the first report adds 1/rate. Here in
// units of 1/rate.
func (r ReportCluster) three() float64 {
	w := r.Rate * r.Within
	if w < 0.01 { // where the closed form loses digits: its series, to 1e-12
		return (2 + w*(8.0/3+w*(17.0/9+w*(13.0/135+w*7/1620)))) / (w * w * r.Rate)
	}
	none := math.Exp(-w)
	even, odd := evenOdd((0.25-none)*w*w, w)
	// exp(w/2) V(0) = B(w) = (even + odd/2) V(w) - odd V(0), and V(0) as above.
	front := math.Exp(w/2) + odd
	full := front / (even + odd/2 - front*none)
	return (1 + full) / r.Rate
}

// evenOdd returns cosh(k w) and sinh(k w)/k given k² w², which may be negative.
func evenOdd(squared, w float64) (even, odd float64) {
	root := math.Sqrt(math.Abs(squared))
	switch {
	case root < 1e-4: // the series to the third term
		return 1 + squared/2 + squared*squared/24, w * (1 + squared/6 + squared*squared/120)
	case squared > 0:
		return math.Cosh(root), w * math.Sinh(root) / root
	}
	return math.Cos(root), w * math.Sin(root) / root
}

// limit looks at ever shorter intervals and extrapolates to intervals of no length,
// by a polynomial in the length (Richardson, "The approximate arithmetical solution
// by finite differences", 1911, by Neville's scheme). What is extrapolated is how
// much longer it takes than without the condition, since that is small where
// reports are frequent and intervals are long beside them.
func (r ReportCluster) limit() (float64, error) {
	var lengths, row []float64
	more, doubt := 0.0, math.Inf(1)
	base := float64(r.Reports) / r.Rate
	for _, m := range []int{3, 4, 6, 8, 10, 12, 14, 16, 20, 24, 28, 32, 40, 48, 56, 64, 80, 96, 128} {
		if float64(m) < r.Rate*r.Within/3 {
			continue
		}
		if simplexStates(m-1, r.Reports-1, mostStates/8) > mostStates/8 || doubt < 1e-9*(base+more) {
			break
		}
		lengths, row = append(lengths, 1/float64(m)), append(row, r.looking(m))
		last := row[0]
		toNoLength(lengths, row)
		if change := math.Abs(row[0] - last); len(row) > 2 && change < doubt {
			more, doubt = row[0], change
		}
	}
	if !(doubt < 1e-7*(base+more)) {
		return 0, errors.New("the mean time of so many reports within a time cannot be worked out to 1e-6; that of up to 6 can")
	}
	return base + more, nil
}

// toNoLength brings Neville's row of extrapolated values up to date with its last
// entry: row[i] becomes the value at length 0 of the polynomial through the values
// at lengths[i] and after.
func toNoLength(lengths, row []float64) {
	last := len(row) - 1
	for j := last - 1; j >= 0; j-- {
		row[j] = row[j+1] + (row[j+1]-row[j])*lengths[last]/(lengths[j]-lengths[last])
	}
}

// looking is how much longer the alarm takes than the r-th report, in the mean,
// when looks are made only m times in each time Within.
func (r ReportCluster) looking(m int) float64 {
	interval := r.Within / float64(m)
	mean := r.Rate * interval
	c := newSlidingChain(m-1, r.Reports-1, func(y int) (weight, above float64) {
		_, above = poissonTails(y, mean)
		return portable.PoissonWeight(float64(y), mean), above
	})
	c.enough = 1e-14 // since the extrapolation multiplies what is lost
	looks, _ := c.moments(1)
	return (looks - looksToReports(r.Reports, mean)) * interval
}

// looksToReports is the mean number of looks to the k-th report, at a mean of
// reports from look to look: the sum over n >= 0 of the Erlang tail at n mean. For a
// small mean that is the integral and half the first term, up to the fifth power of
// the mean (Euler and Maclaurin) for the 4 reports and more that it is used for.
func looksToReports(k int, mean float64) float64 {
	if mean < 0.01 {
		return float64(k)/mean + 0.5
	}
	sum := 0.0
	for n := 0.0; ; n++ {
		_, tail := erlangTails(k, n*mean)
		sum += tail
		if tail < negligible {
			return sum
		}
	}
}
