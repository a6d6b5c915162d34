// Package dist holds the probability distributions of the simulation, each as the
// function that inversion sampling needs: from one uniform number to one draw.
//
// Every draw uses exactly one uniform and never falls when the uniform rises, so that
// common random numbers couple two alternatives as tightly as they can be. "Never
// falls" holds to the last digits: where a quantile is found by iteration, two
// uniforms that differ in the last place can come out in the wrong order by a
// relative 1e-13.
//
// All results have the same bits on every machine, as all functions come from
// sim/portable.
//
// The package refuses to know where uniforms come from (that is sim/rng), units (a
// draw is in the unit of the parameters) and anything that is drawn with them.
package dist

import (
	"fmt"
	"math"
	"strings"
)

// Dist is one distribution of finite mean, a value that any number of workers may
// share.
type Dist interface {
	// Quantile returns the smallest x with P(X <= x) >= u. At u = 0 and 1 it is the
	// end of the support, possibly infinite. For u outside [0, 1] or NaN the result
	// has no meaning: no uniform of sim/rng is there, and looking would cost time in
	// the innermost loop.
	Quantile(u float64) float64
	// Mean returns the expectation, always finite.
	Mean() float64
}

// CDFer is a Dist that can also be asked the other way round. All continuous families
// of this package can.
type CDFer interface {
	// CDF returns P(X <= x), 0 below the support and 1 above.
	CDF(x float64) float64
	// Survival returns P(X > x), with all its digits in the far tail, where 1 - CDF
	// has none.
	Survival(x float64) float64
}

// Family is one kind of distribution as a scenario can name it.
type Family struct {
	Name       string   // lower case, unique
	Doc        string   // one sentence
	Parameters []string // their names, in order; one that ends in "..." stands for one or more
	// New makes the distribution. It fails with a *ParameterError, or where the number
	// of parameters is wrong.
	New func(parameters []float64) (Dist, error)
}

// ParameterError says which parameter of which family cannot be.
type ParameterError struct {
	Family    string
	Parameter string
	Value     float64 // as given, outside of what it must be
	Need      string  // what it must be, to be read after "must"
}

// Error returns "family: parameter is value, must ...".
func (e *ParameterError) Error() string {
	return fmt.Sprintf("%s: %s is %v, must %s", e.Family, e.Parameter, e.Value, e.Need)
}

// finite and positive are the two checks that nearly every parameter needs.
func finite(family, parameter string, value float64) error {
	if math.IsNaN(value) || math.IsInf(value, 0) {
		return &ParameterError{family, parameter, value, "be a finite number"}
	}
	return nil
}

func positive(family, parameter string, value float64) error {
	if err := finite(family, parameter, value); err != nil {
		return err
	}
	if value <= 0 {
		return &ParameterError{family, parameter, value, "be above 0"}
	}
	return nil
}

// below checks that value is under limit, the parameter called limitName.
func below(at ParameterError, limitName string, limit float64) error {
	if at.Value < limit {
		return nil
	}
	at.Need = fmt.Sprintf("be below %s, which is %v", limitName, limit)
	return &at
}

// firstOf returns the first error, if any.
func firstOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// one, two and three make the New of a family with as many parameters.
func one[D Dist](f Family, make func(a float64) (D, error)) Family {
	f.New = func(p []float64) (Dist, error) {
		if err := f.count(p); err != nil {
			return nil, err
		}
		return orNil(make(p[0]))
	}
	return f
}

func two[D Dist](f Family, make func(a, b float64) (D, error)) Family {
	f.New = func(p []float64) (Dist, error) {
		if err := f.count(p); err != nil {
			return nil, err
		}
		return orNil(make(p[0], p[1]))
	}
	return f
}

func three[D Dist](f Family, make func(a, b, c float64) (D, error)) Family {
	f.New = func(p []float64) (Dist, error) {
		if err := f.count(p); err != nil {
			return nil, err
		}
		return orNil(make(p[0], p[1], p[2]))
	}
	return f
}

// count checks the number of parameters.
func (f Family) count(p []float64) error {
	if len(p) == len(f.Parameters) {
		return nil
	}
	return fmt.Errorf("%s: %d parameters given, it takes %d (%s)", f.Name, len(p), len(f.Parameters), strings.Join(f.Parameters, ", "))
}

// orNil keeps a failed make from returning a typed zero value.
func orNil[D Dist](d D, err error) (Dist, error) {
	if err != nil {
		return nil, err
	}
	return d, nil
}
