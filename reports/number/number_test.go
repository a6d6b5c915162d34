package number

import (
	"math"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestText(t *testing.T) {
	check := func(v, err float64, u Unit, want string) {
		t.Helper()
		got := strings.ReplaceAll(Text(v, err, u), NoBreak, " ")
		if got != want {
			t.Errorf("Text(%v, %v, %s) = %q, want %q", v, err, u, got, want)
		}
	}
	check(41234, 0, Count, "41 k")
	check(1900, 0, Count, "1.9 k")
	check(310000, 0, Count, "310 k")
	check(999999, 0, Count, "1 M")
	check(999.9, 0, Count, "1 k")
	check(0, 0, Count, "0")
	check(0.5, 0, Count, "0.5")
	check(7, 0, Count, "7")
	check(7, 1, Count, "7")
	check(1.5e12, 0, Count, "1.5 T")
	check(41234, 600, Count, "41.2 k")
	check(41234, 6000, Count, "41 k")
	check(41234, 60000, Count, "40 k")
	check(41234, 6, Count, "41.2 k")
	check(-41234, 600, Count, "−41.2 k")
	check(-0.0001, 1, Plain, "−0.0001")
	check(6.4, 0, Hours, "6.4 h")
	check(74.4, 0, Hours, "3.1 d")
	check(0.95, 0, Hours, "57 min")
	check(0.9999, 0, Hours, "1 h")
	check(47.99, 0, Hours, "2 d")
	check(0.005, 0, Hours, "18 s")
	check(0, 0, Hours, "0 s")
	check(20000, 0, Hours, "2.3 y")
	check(math.Inf(1), 0, Hours, "never")
	check(math.Inf(1), 0, Count, "unbounded")
	check(math.NaN(), 0, Count, "n/a")
	check(0.44, 0, Share, "44 %")
	check(0.0432, 0, Share, "4.3 %")
	check(0.0432, 0.02, Share, "4 %")
	check(0.9996, 0, Share, "99.96 %")
	check(1, 0, Share, "100 %")
	check(0, 0, Share, "0 %")
	check(52123, 0, Money("USD"), "$52k")
	check(52123, 600, Money("EUR"), "€52.1k")
	check(52123, 0, Money("CHF"), "CHF 52k")
	check(52123, 0, Money("US$"), "US$52k")
	check(52123, 0, Money(""), "52k")
	check(-52123, 0, Money("USD"), "−$52k")
}

func TestWhole(t *testing.T) {
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1 000", 20000: "20 000", 1234567: "1 234 567", -1000: "-1 000", -100000: "-100 000"} {
		if got := strings.ReplaceAll(Whole(n), NoBreak, " "); got != want {
			t.Errorf("Whole(%d) = %q, want %q", n, got, want)
		}
	}
}

func TestSigned(t *testing.T) {
	for v, want := range map[float64]string{36000: "+36 k", -36000: "−36 k", 0: "0"} {
		if got := strings.ReplaceAll(Signed(v, 0, Count), NoBreak, " "); got != want {
			t.Errorf("Signed(%v) = %q, want %q", v, got, want)
		}
	}
}

// A printed number is off by at most a twentieth of the value (two digits) or
// half the simulation error, has at most three digits besides leading zeros,
// and never an exponent.
func TestPrintedNumberIsTheValue(t *testing.T) {
	sizes := map[string]float64{"k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12}
	rapid.Check(t, func(t *rapid.T) {
		v := rapid.Float64Range(1e-6, 9e14).Draw(t, "v")
		err := rapid.Float64Range(0, 1e9).Draw(t, "err")
		text := Text(v, err, Count)
		digits, suffix, _ := strings.Cut(text, NoBreak)
		scale := 1.
		if suffix != "" {
			scale = sizes[suffix]
		}
		n, e := strconv.ParseFloat(digits, 64)
		if e != nil || strings.ContainsAny(text, "eE") {
			t.Fatalf("%v prints as %q", v, text)
		}
		if off := math.Abs(n*scale - v); off > max(0.05*v, err/2)*(1+1e-9) {
			t.Fatalf("%v +- %v prints as %q, off by %v", v, err, text, off)
		}
		if len(strings.Trim(strings.Replace(digits, ".", "", 1), "0")) > 3 {
			t.Fatalf("%v +- %v prints as %q: too many digits", v, err, text)
		}
	})
}
