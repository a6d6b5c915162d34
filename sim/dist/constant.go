package dist

// Constant is always the same number. The zero value is the constant 0.
type Constant struct {
	value float64
}

func constantFamily() Family {
	return one(Family{
		Name:       "constant",
		Doc:        "Always the same number.",
		Parameters: []string{"value"},
	}, NewConstant)
}

// NewConstant returns the distribution that is always value, which must be finite.
func NewConstant(value float64) (Constant, error) {
	if err := finite("constant", "value", value); err != nil {
		return Constant{}, err
	}
	return Constant{value}, nil
}

// Quantile returns the value, whatever u is.
func (c Constant) Quantile(float64) float64 { return c.value }

// Mean returns the value.
func (c Constant) Mean() float64 { return c.value }

// CDF returns 0 below the value and 1 from it on.
func (c Constant) CDF(x float64) float64 {
	if x < c.value {
		return 0
	}
	return 1
}

// Survival returns 1 below the value and 0 from it on.
func (c Constant) Survival(x float64) float64 { return 1 - c.CDF(x) }
