package dist

import (
	"math"

	"github.com/rollrisk/rollrisk/sim/portable"
)

// GeometricQuantile returns the number of the trial at which the first success occurs,
// the smallest n >= 1 with 1 - (1-p)^n >= u, where every trial succeeds with
// probability p on its own: log(1-u)/log(1-p) rounded up. One draw from one uniform u,
// never falling in u. It is 1 for u <= 0 or p = 1, and Never for u >= 1, p = 0 or where
// it would be larger, as with a tiny p. It panics on a p outside [0, 1].
func GeometricQuantile(u, p float64) int64 {
	mustBeShare("GeometricQuantile", p)
	switch {
	case !(u > 0) || p == 1:
		return 1
	case u >= 1 || p == 0:
		return Never
	}
	return max(1, whole(math.Ceil(portable.Log1p(-u)/portable.Log1p(-p))))
}
