package experiment

import (
	"math"

	"github.com/rollrisk/rollrisk/sim/dist"
	"github.com/rollrisk/rollrisk/sim/portable"
)

// degree is that of the polynomials in the normal score of an input: enough for a bend and
// an end that flattens, and little enough for a few hundred worlds. An assumption.
const degree = 3

// basis is 1 and the Hermite polynomials of the normal score of each column of u, whose
// values lie between 0 and 1: what is linear in a normal number is the first of them.
func basis(u ...[]float64) [][]float64 {
	n := len(u[0])
	ones := make([]float64, n)
	for r := range ones {
		ones[r] = 1
	}
	all := [][]float64{ones}
	for _, column := range u {
		terms := make([][]float64, degree)
		for k := range terms {
			terms[k] = make([]float64, n)
		}
		for r, v := range column {
			z := portable.NormalQuantile(v)
			square := float64(z * z)
			terms[0][r] = z
			terms[1][r] = (square - 1) / math.Sqrt2
			terms[2][r] = float64(z*(square-3)) / math.Sqrt(6)
		}
		all = append(all, terms...)
	}
	return all
}

// fit is a least-squares fit of several results on one basis.
type fit struct {
	fitted   [][]float64 // [result][row]
	residual [][]float64 // covariance of the residuals of the results, divisor n - terms
	root     [][]float64 // lower triangle R of R R' = the inverse of X'X
	basis    [][]float64
}

// regress fits each of y on the columns of x. ok is false where there are too few rows for
// the columns, or columns that others add up to.
func regress(x, y [][]float64) (f fit, ok bool) {
	n, p := len(x[0]), len(x)
	if n < 2*p {
		return f, false
	}
	inner := make([][]float64, p)
	for i := range inner {
		inner[i] = make([]float64, p)
		for j := range i + 1 {
			inner[i][j] = dot(x[i], x[j])
		}
	}
	lower, ok := dist.Cholesky(inner)
	if !ok {
		return f, false
	}
	f = fit{basis: x, root: transposedInverse(lower)}
	var left [][]float64
	for _, column := range y {
		right := make([]float64, p)
		for i := range right {
			right[i] = dot(x[i], column)
		}
		fitted, rest := combine(x, backward(lower, forward(lower, right))), make([]float64, n)
		for r := range rest {
			rest[r] = column[r] - fitted[r]
		}
		f.fitted, left = append(f.fitted, fitted), append(left, rest)
	}
	for a := range left {
		f.residual = append(f.residual, make([]float64, len(left)))
		for b := range left {
			f.residual[a][b] = dot(left[a], left[b]) / float64(n-p)
		}
	}
	return f, true
}

func dot(a, b []float64) (sum float64) {
	for i := range a {
		sum += float64(a[i] * b[i])
	}
	return sum
}

// combine adds up columns with weights.
func combine(x [][]float64, weights []float64) []float64 {
	sum := make([]float64, len(x[0]))
	for k, column := range x {
		for r, v := range column {
			sum[r] += float64(weights[k] * v)
		}
	}
	return sum
}

// forward solves L x = b.
func forward(lower [][]float64, b []float64) []float64 {
	x := make([]float64, len(b))
	for i := range b {
		sum := b[i]
		for k := range i {
			sum -= float64(lower[i][k] * x[k])
		}
		x[i] = sum / lower[i][i]
	}
	return x
}

// backward solves L' x = b.
func backward(lower [][]float64, b []float64) []float64 {
	x := make([]float64, len(b))
	for i := len(b) - 1; i >= 0; i-- {
		sum := b[i]
		for k := i + 1; k < len(b); k++ {
			sum -= float64(lower[k][i] * x[k])
		}
		x[i] = sum / lower[i][i]
	}
	return x
}

// transposedInverse is R = (L')^-1, for which R R' is the inverse of L L'; row by row.
func transposedInverse(lower [][]float64) [][]float64 {
	p := len(lower)
	r := make([][]float64, p)
	for i := range r {
		r[i] = make([]float64, p)
	}
	for j := range p {
		unit := make([]float64, p)
		unit[j] = 1
		for i, v := range backward(lower, unit) {
			r[i][j] = v
		}
	}
	return r
}

func total(x []float64) (sum float64) {
	for _, v := range x {
		sum += v
	}
	return sum
}
