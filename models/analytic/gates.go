package analytic

import "github.com/rollrisk/rollrisk/sim/portable"

// Gates are stages one after the other, each of which catches a defect that
// reaches it with a probability of its own, independently of all others.
type Gates struct {
	Defects Count     // injected in the period
	Catch   []float64 // probabilities in the order of the gates; none for no gate
}

// Escapes is how many defects pass all gates: independent thinning with the product
// of (1 - catch), whatever the order of the gates.
func (g Gates) Escapes() Count {
	keep := 1.0
	for _, catch := range g.Catch {
		mustBeShare("a catch probability", catch)
		keep *= 1 - catch
	}
	return g.Defects.Thinned(keep)
}

// Caught is the mean number of defects that each gate catches: what reaches it
// times its catch probability.
func (g Gates) Caught() []float64 {
	caught, left := make([]float64, len(g.Catch)), g.Defects.Mean
	for i, catch := range g.Catch {
		mustBeShare("a catch probability", catch)
		caught[i] = left * catch
		left *= 1 - catch
	}
	return caught
}

// SharedGates are gates one after the other for which some defects are hard and some
// are easy: how likely a gate is to catch it is an attribute of the defect, the same
// at every gate. Given it, gates are independent; not given it, they miss the same
// defects, and more escape than the product of the misses (Littlewood and Miller,
// "Conceptual modeling of coincident failures in multiversion software", 1989).
type SharedGates struct {
	Defects       Count     // injected in the period
	Detectability BetaShare // probability that a gate catches the defect, over the defects
	Gates         int       // 0 or more
}

// Escape is the probability that a defect passes all gates: the mean of (1 - d)^n, of
// a Beta variable the product of (B + i) / (A + B + i) for i from 0 to n - 1.
func (g SharedGates) Escape() float64 { return g.passes(g.Gates) }

// Alone is what it would be if each gate met another defect, just as hard on average:
// the mean of 1 - d, to the power n.
func (g SharedGates) Alone() float64 {
	mustNotBeNegative("the gates", float64(g.Gates))
	return portable.Pow(1-g.Detectability.Mean(), float64(g.Gates))
}

// passes is the probability that a defect passes the first n gates.
func (g SharedGates) passes(n int) float64 {
	d := g.Detectability
	d.mustHold()
	mustNotBeNegative("the gates", float64(n))
	escape := 1.0
	for i := range n {
		escape *= (d.B + float64(i)) / (d.A + d.B + float64(i))
	}
	return escape
}

// Escapes is how many defects pass all gates. Defects are independent of each other.
func (g SharedGates) Escapes() Count { return g.Defects.Thinned(g.Escape()) }

// Caught is the mean number of defects that each gate catches. It falls from gate to
// gate: what is left is hard.
func (g SharedGates) Caught() []float64 {
	var caught []float64
	for i := range g.Gates {
		caught = append(caught, g.Defects.Mean*(g.passes(i)-g.passes(i+1)))
	}
	return caught
}
