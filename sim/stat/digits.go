package stat

import (
	"math"
	"strconv"
)

// RoundTo returns how many decimals of value a simulation error supports, negative
// for places before the point: the last digit shown is the first uncertain one, the
// leading digit of standardError. So 1234.5 with an error of 20 has -1 decimals
// (1230), 0.5678 with 0.003 has 3 (0.568), and with an error of 0.0999 it has 2.
//
// The leading digit of value is always shown, however large the error. An error of 0
// supports all digits of the shortest decimal form. An error that is NaN, infinite
// or negative is not known: two significant digits. For a value of 0 the error
// decides alone; infinite values and NaN have 0 decimals.
func RoundTo(value, standardError float64) (decimals int) {
	switch {
	case !finite(value):
		return 0
	case standardError == 0:
		_, last := decimalPlaces(value)
		return last
	case !(standardError > 0) || math.IsInf(standardError, 1):
		first, _ := decimalPlaces(value)
		return first + 1
	}
	decimals, _ = decimalPlaces(standardError)
	if value != 0 {
		first, _ := decimalPlaces(value)
		decimals = max(decimals, first)
	}
	return decimals
}

// Round returns value rounded to the decimals of RoundTo, half to even in the
// shortest decimal form: the digits a reader should see.
func Round(value, standardError float64) float64 {
	if value == 0 || !finite(value) {
		return value
	}
	first, _ := decimalPlaces(value)
	return significant(value, 1+RoundTo(value, standardError)-first)
}

// significant rounds x to n >= 1 significant digits.
func significant(x float64, n int) float64 {
	// Neither call can fail: the text is a number of the range of float64, or rounds
	// up beyond it, to the infinity that is returned with the error.
	y, _ := strconv.ParseFloat(strconv.FormatFloat(x, 'e', n-1, 64), 64)
	return y
}

// decimalPlaces returns the places of the first and the last digit of x, counted as
// decimals: 1 for tenths, 0 for units, -2 for hundreds. It reads the shortest decimal
// form, so that no logarithm decides; 0 and 0 for x = 0.
func decimalPlaces(x float64) (first, last int) {
	s := strconv.AppendFloat(nil, math.Abs(x), 'e', -1, 64)
	e := 0
	for s[e] != 'e' {
		e++
	}
	power, err := strconv.Atoi(string(s[e+1:]))
	if err != nil {
		return 0, 0 // infinite or NaN, which the callers exclude
	}
	return -power, max(0, e-2) - power // "d.ddd" has e-2 digits after the first
}
