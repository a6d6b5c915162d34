package analytic

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/dsp/fourier"
)

// Lattice is the law of a loss that is a whole multiple of Step.
type Lattice struct {
	Step float64   // positive
	Mass []float64 // probability of 0, Step, 2 Step ...; what is missing to 1 lies beyond
}

// Panjer returns the law of the sum of count losses, independent and each with the
// given probabilities of 0, 1, 2 ...; the sums up to points-1 (Panjer, "Recursive
// evaluation of a family of compound distributions", 1981). It panics
// when the probability of no loss underflows, at a mean of some 700: see
// CompoundGrid.
func Panjer(count Count, severity []float64, points int) Lattice {
	mustCount("points", points)
	mustBeLaw(severity)
	a := (count.Dispersion - 1) / count.Dispersion
	b := (count.Mean - count.Dispersion + 1) / count.Dispersion
	g := make([]float64, points)
	g[0] = count.generating(severity[0])
	mustBePositive("the probability of no loss", g[0])
	for s := 1; s < points; s++ {
		sum := 0.0
		for j := 1; j <= s && j < len(severity); j++ {
			sum += (a + b*float64(j)/float64(s)) * severity[j] * g[s-j]
		}
		g[s] = sum / (1 - a*severity[0])
	}
	return Lattice{Step: 1, Mass: g}
}

func mustBeLaw(mass []float64) {
	sum := 0.0
	for _, m := range mass {
		mustBeShare("a probability", m)
		sum += m
	}
	if !(math.Abs(sum-1) < 1e-9) {
		panic(fmt.Sprintf("analytic: probabilities add up to %v", sum))
	}
}

// moment is the mean of (loss - center)^power.
func (l Lattice) moment(power, center float64) float64 {
	sum := 0.0
	for i, m := range l.Mass {
		sum += m * math.Pow(l.Step*float64(i)-center, power)
	}
	return sum
}

// Mean is the mean of the loss, as far as Mass goes.
func (l Lattice) Mean() float64 { return l.moment(1, 0) }

// Variance is that of the loss, as far as Mass goes.
func (l Lattice) Variance() float64 { return l.moment(2, l.Mean()) }

// Skewness is the third central moment over the third power of the standard
// deviation; NaN for a constant.
func (l Lattice) Skewness() float64 {
	return l.moment(3, l.Mean()) / math.Pow(l.Variance(), 1.5)
}

// AtMost is the probability of a loss of at most x.
func (l Lattice) AtMost(x float64) float64 {
	sum := 0.0
	for i := 0; i < len(l.Mass) && l.Step*float64(i) <= x; i++ {
		sum += l.Mass[i]
	}
	return sum
}

// Above is the probability of a loss above x, as far as Mass goes.
func (l Lattice) Above(x float64) float64 {
	sum := 0.0
	for i := len(l.Mass) - 1; i >= 0 && l.Step*float64(i) > x; i-- {
		sum += l.Mass[i]
	}
	return sum
}

// Quantile is the smallest loss that is not exceeded with probability p (value at
// risk), 0 <= p < 1; +Inf when Mass does not reach so far.
func (l Lattice) Quantile(p float64) float64 {
	mustBeLevel(p)
	sum := 0.0
	for i, m := range l.Mass {
		if sum += m; sum >= p {
			return l.Step * float64(i)
		}
	}
	return math.Inf(1)
}

// TailMean is the mean of the worst 1-p, with the part of the atom at the quantile
// that it takes to fill the 1-p (Acerbi and Tasche, 2002, definition 2.6).
func (l Lattice) TailMean(p float64) float64 {
	q := l.Quantile(p)
	above, sum := 0.0, 0.0
	for i := len(l.Mass) - 1; i >= 0 && l.Step*float64(i) > q; i-- {
		above += l.Mass[i]
		sum += l.Mass[i] * l.Step * float64(i)
	}
	return (sum + q*(1-p-above)) / (1 - p)
}

// compoundFFT returns the masses of the sum of count losses whose masses are given
// on as many points, by the fast Fourier transform. Masses are tilted by
// exp(-20 i/points) before and back after, so that what belongs beyond the end and
// comes around to the beginning is 2e-9 of itself (Grübel and Hermesmeier,
// "Computation of compound distributions I: aliasing errors and exponential
// tilting", 1999).
func compoundFFT(count Count, severity []float64) []float64 {
	count.mustHold()
	n := len(severity)
	tilt := 20 / float64(n)
	tilted := make([]float64, n)
	for i, m := range severity {
		tilted[i] = m * math.Exp(-tilt*float64(i))
	}
	fft := fourier.NewFFT(n)
	spectrum := fft.Coefficients(nil, tilted)
	for i, z := range spectrum {
		spectrum[i] = count.generatingAt(z)
	}
	mass := fft.Sequence(tilted, spectrum)
	for i := range mass {
		mass[i] *= math.Exp(tilt*float64(i)) / float64(n)
	}
	return mass
}
