package portable

import (
	"math"
	"testing"
)

func TestTablesAreConsistent(t *testing.T) {
	for i, c := range expCells {
		if e := math.Abs(c.power/math.Exp2(float64(i)/128) - 1); e > 4e-16 {
			t.Errorf("power %d is off by %v", i, e)
		}
	}
	for i, c := range logCells {
		if e := math.Abs(c.high + c.low + math.Log(c.inverse)); e > 4e-16 {
			t.Errorf("logarithm %d is off by %v", i, e)
		}
	}
}
