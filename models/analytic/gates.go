package analytic

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
