package portable

// twoSum returns a+b as rounded, and what the rounding dropped: Knuth, "The Art of
// Computer Programming" vol. 2 (1969), 4.2.2 theorem B. Exact unless it overflows.
func twoSum(a, b float64) (sum, rest float64) {
	sum = a + b
	bb := sum - a
	return sum, (a - (sum - bb)) + (b - bb)
}

// twoProduct returns a*b as rounded, and what the rounding dropped: Dekker, "A
// floating-point technique for extending the available precision" (1971), after
// Veltkamp's split of each factor in two halves. Exact for factors below 2^990
// whose product is above 2^-960.
func twoProduct(a, b float64) (product, rest float64) {
	const split = 1<<27 + 1
	ca, cb := float64(split*a), float64(split*b)
	ah, bh := ca-(ca-a), cb-(cb-b)
	al, bl := a-ah, b-bh
	product = float64(a * b)
	rest = float64(ah*bh) - product
	rest += float64(ah * bl)
	rest += float64(al * bh)
	return product, rest + float64(al*bl)
}

// polynomial returns the sum of terms[n] x^n, with the even and the odd powers
// apart, which a processor can compute side by side. It needs at least one term.
func polynomial(terms []float64, x float64) float64 {
	x2 := float64(x * x)
	n := len(terms) - 1
	even, odd := 0.0, 0.0
	if n%2 == 0 {
		even = terms[n]
		n--
	}
	for ; n > 0; n -= 2 {
		odd = float64(odd*x2) + terms[n]
		even = float64(even*x2) + terms[n-1]
	}
	return even + float64(odd*x)
}
