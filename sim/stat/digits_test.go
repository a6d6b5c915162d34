package stat

import (
	"math"
	"strconv"
	"testing"

	"pgregory.net/rapid"
)

func TestRoundTo(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	for _, c := range []struct {
		value, se float64
		decimals  int
		rounded   float64
	}{
		{1234.5, 20, -1, 1230}, {0.5678, 0.003, 3, 0.568}, {0.5678, 0.0999, 2, 0.57}, {0.5678, 0.1, 1, 0.6},
		{41_234, 9_000, -3, 41_000}, {41_234, 10_000, -4, 40_000}, {41_234, 1e6, -4, 40_000}, {-1234.5, 20, -1, -1230},
		{0.3, 5, 1, 0.3}, {3, 40, 0, 3}, {0, 0.02, 2, 0}, {0, 0, 0, 0}, {1.25, 0, 2, 1.25}, {1200, 0, -2, 1200},
		{1234, nan, -2, 1200}, {0.01234, inf, 3, 0.012}, {5, -1, 1, 5}, {nan, 1, 0, nan}, {inf, 1, 0, inf}, {999.6, 1, 0, 1000},
		{5e-324, 5e-324, 324, 5e-324},
	} {
		if got := RoundTo(c.value, c.se); got != c.decimals {
			t.Errorf("RoundTo(%v, %v) = %d, want %d", c.value, c.se, got, c.decimals)
		}
		if got := Round(c.value, c.se); got != c.rounded && !(got != got && c.rounded != c.rounded) {
			t.Errorf("Round(%v, %v) = %v, want %v", c.value, c.se, got, c.rounded)
		}
	}
}

// TestRoundMovesLessThanTheError: at most half of the leading place of the error, but
// for the last bit, and rounding again changes nothing.
func TestRoundMovesLessThanTheError(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := rapid.Float64Range(-1e9, 1e9).Draw(t, "x")
		se := math.Pow(10, rapid.Float64Range(-9, 9).Draw(t, "log error"))
		r := Round(x, se)
		if se <= math.Abs(x) && math.Abs(r-x) > 0.5*se*(1+1e-6)+0x1p-52*math.Abs(x) {
			t.Fatalf("Round(%v, %v) = %v", x, se, r)
		}
		if again := Round(r, se); again != r {
			t.Fatalf("Round(%v, %v) = %v, and then %v", x, se, r, again)
		}
		if d := RoundTo(x, se); d >= 0 && d < 15 {
			if text, err := strconv.ParseFloat(strconv.FormatFloat(x, 'f', d, 64), 64); err != nil || text != r {
				t.Fatalf("Round(%v, %v) = %v, with %d decimals it prints %v", x, se, r, d, text)
			}
		}
	})
}
