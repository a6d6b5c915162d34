package stat

import (
	"encoding/json"
	"fmt"
	"math"
)

// Number is a float64 that survives JSON. Finite values are written in the
// shortest form that reads back to the same bits, NaN (there is no such value: a
// mean of nothing, an interval that cannot be computed) as null, and the
// infinities (never, without bound) as the strings "inf" and "-inf".
type Number float64

// MarshalJSON implements json.Marshaler. It never fails.
func (x Number) MarshalJSON() ([]byte, error) {
	switch f := float64(x); {
	case math.IsNaN(f):
		return []byte("null"), nil
	case math.IsInf(f, 1):
		return []byte(`"inf"`), nil
	case math.IsInf(f, -1):
		return []byte(`"-inf"`), nil
	default:
		return json.Marshal(f)
	}
}

// UnmarshalJSON implements json.Unmarshaler, the inverse of MarshalJSON. It fails
// if data is not a number of the range of float64, null, "inf" or "-inf".
func (x *Number) UnmarshalJSON(data []byte) error {
	switch string(data) {
	case "null":
		*x = Number(math.NaN())
	case `"inf"`:
		*x = Number(math.Inf(1))
	case `"-inf"`:
		*x = Number(math.Inf(-1))
	default:
		var f float64
		if err := json.Unmarshal(data, &f); err != nil {
			return fmt.Errorf(`stat: %s is not a number, null, "inf" or "-inf": %w`, data, err)
		}
		*x = Number(f)
	}
	return nil
}

// finite reports whether x is neither NaN nor infinite.
func finite(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }

// absent is the value of what does not exist.
func absent() Number { return Number(math.NaN()) }
