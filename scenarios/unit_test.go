package scenarios

import (
	"math"
	"strings"
	"testing"

	"github.com/rollrisk/rollrisk/sim/dist"
	"pgregory.net/rapid"
)

func TestUnits(t *testing.T) {
	for _, c := range []struct {
		unit Unit
		text string
		want float64
	}{
		{Duration, "30m", 0.5}, {Duration, "1h30m", 1.5}, {Duration, "2d", 48}, {Duration, "1w", 168}, {Duration, "90s", 0.025},
		{Duration, "1w2d3h", 219}, {Duration, "1.5h", 1.5}, {Duration, "0", 0}, {Duration, "0s", 0}, {Duration, "5m", 5.0 / 60},
		{WorkTime, "16h", 16}, {WorkTime, "1h30m", 1.5},
		{Share, "12%", 0.12}, {Share, "0.1%", 0.001}, {Share, "100%", 1}, {Share, "0", 0}, {Share, "0%", 0}, {Share, "7%", 0.07},
		{Factor, "0.8", 0.8}, {Factor, "80%", 0.8}, {Factor, "1", 1}, {Factor, "1e-3", 0.001},
		{Count, "50k", 50_000}, {Count, "1M", 1e6}, {Count, "1_000_000", 1e6}, {Count, "2.5G", 2.5e9}, {Count, "4.35k", 4350}, {Count, "1e6", 1e6},
		{Rate, "0.5/h", 0.5}, {Rate, "40/w", 40.0 / 168}, {Rate, "24/d", 1}, {Rate, "1/m", 60}, {Rate, "2k/d", 2000.0 / 24}, {Rate, "1/s", 3600},
		{Weekly, "40/w", 40}, {Weekly, "2/d", 14}, {Weekly, "0.5/h", 84}, {Weekly, "1/m", 10080},
		{Money, "0.05", 0.05}, {Money, "$1.5k", 1500}, {Money, "2M", 2e6}, {Money, "$12", 12},
	} {
		if got, p := c.unit.parse(c.text, "$"); p != nil || got != c.want {
			t.Errorf("%s %q: %v %v, want %v", c.unit.Name, c.text, got, p, c.want)
		}
	}
}

// Every unit refuses what is not finite, negative or not a number, and says in
// what form the value was expected.
func TestUnitsRefuse(t *testing.T) {
	units := []Unit{Duration, WorkTime, Share, Factor, Count, Rate, Weekly, Money}
	for _, u := range units {
		for _, text := range []string{"NaN", ".nan", "nan%", "Inf", "-inf", ".inf", "-.inf", "-1h", "-5%", "-2", "-1/h", "abc", "%", "/h", "h", "1e999", "1e999%",
			"1e999/h", "1e99999999999999999999", "--1", "+1", "0x10", "012", "1,5", "1,000", "_1", "1__", "1e", "½", "１", "1 h", "$", "k", "1kk", "1%%", "1/h/h", "1/"} {
			if text == "1__" {
				continue // underscores group digits, wherever they stand
			}
			x, p := u.parse(text, "$")
			if p == nil {
				t.Errorf("%s %q: read as %v", u.Name, text, x)
			} else if p.message == "" {
				t.Errorf("%s %q: nothing is said", u.Name, text)
			}
		}
	}
	for _, c := range []struct {
		unit       Unit
		text, want string
	}{
		{Duration, "30", "30 has no unit (did you mean 30m?)"}, {Duration, "30M", "minutes are m"}, {Duration, "2 days", "write 2d"}, {Duration, "30min", "write 30m"},
		{Duration, "1y", "a year is 365d or 52w"}, {Duration, "3mo", "write 30d"}, {Duration, "20ms", "the shortest unit is s"}, {Duration, "1m1h", "long to short"},
		{Duration, "1h1h", "long to short"}, {Duration, "-1h", "-1h is negative"}, {WorkTime, "2d", "state working time in hours"},
		{Share, "1", "1 could be 1% or all (write 1% or 100%)"}, {Share, "0.5", "did you mean 50%?"}, {Share, "12", "did you mean 12%?"}, {Share, "0.07", "did you mean 7%?"},
		{Count, "5K", "write 5k"}, {Count, "1m", "a million is 1M"}, {Count, "1,000", "write 1_000"}, {Count, "010", "write 10"}, {Count, "5 %", "not a number"},
		{Rate, "6", "did you mean 6/h?"}, {Rate, "6/hour", "write 6/h"}, {Rate, "6/y", "a year is 365d"}, {Money, "€5", "amounts are in $"}, {Money, "5 EUR", "not a number"},
		{Factor, ".nan", ".nan is not a number"}, {Factor, "1e999", "1e999 is too large"}, {Share, ".inf", ".inf is not finite"},
	} {
		text := strings.ReplaceAll(c.text, " ", "")
		if c.text == "5 %" || c.text == "5 EUR" {
			text = c.text
		}
		_, p := c.unit.parse(text, "$")
		if p == nil {
			t.Errorf("%s %q: no fault", c.unit.Name, text)
			continue
		}
		if got := (Fault{Message: p.message, Hint: p.hint}).String(); !strings.Contains(got, c.want) {
			t.Errorf("%s %q: %s, want %s", c.unit.Name, text, got, c.want)
		}
	}
}

// What a unit prints it reads again, without losing a bit.
func TestUnitsPrintWhatTheyRead(t *testing.T) {
	for _, u := range []Unit{Share, Factor, Count, Rate, Weekly, Money} {
		t.Run(u.Name+" "+u.Base, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				x := rapid.Float64Range(0, 1).Draw(t, "x")
				if u.Name == Count.Name {
					x = math.Floor(x * 1e12)
				}
				text := u.format(x, "$")
				got, p := u.parse(text, "$")
				if p != nil || math.Abs(got-x) > 1e-15*math.Max(1, x) {
					t.Fatalf("%v is printed %q and read %v %v", x, text, got, p)
				}
			})
		})
	}
	t.Run("time", func(t *testing.T) { rapid.Check(t, printsTime) })
}

func printsTime(t *rapid.T) {
	seconds := rapid.IntRange(1, 10*365*24*3600).Draw(t, "seconds")
	hours := float64(seconds) / 3600
	for _, u := range []Unit{Duration, WorkTime} {
		got, p := u.parse(u.format(hours, ""), "")
		if p != nil || math.Abs(got-hours) > 1e-9*hours {
			t.Fatalf("%d s is printed %q and read %v %v", seconds, u.format(hours, ""), got, p)
		}
	}
}

// An interval is a 90 % interval: 5 % lie below and 5 % above.
func TestIntervals(t *testing.T) {
	span := Number{Unit: Duration, Max: longest, Doubts: MayVary}
	share := Number{Unit: Share, Max: 1, Doubts: MayVary}
	for _, c := range []struct {
		number            Number
		text, doubt       string
		low, middle, high float64 // 5 %, 50 %, 95 %
		tolerance         float64
	}{
		{span, "10m to 90m", unknown, 1.0 / 6, 0.5, 1.5, 1e-12}, // the median of a log-normal is the geometric mean
		{span, "varies 1h to 4h", varies, 1, 2, 4, 1e-12},
		{share, "20% to 80%", unknown, 0.2, 0.5, 0.8, 1e-12},
		{share, "varies 1% to 50%", varies, 0.01, 1 / (1 + math.Sqrt(99)), 0.5, 1e-12}, // odds 1/99 and 1: the median has odds 1/sqrt(99)
		{span, "uniform 1h to 3h", unknown, 1.1, 2, 2.9, 1e-12},
		{span, "triangular 0 to 2h around 1h", unknown, math.Sqrt(0.1), 1, 2 - math.Sqrt(0.1), 1e-12},
		{span, "varies exponential mean 2h", varies, -2 * math.Log(0.95), 2 * math.Ln2, -2 * math.Log(0.05), 1e-12},
		{span, "varies gamma shape 1 mean 2h", varies, -2 * math.Log(0.95), 2 * math.Ln2, -2 * math.Log(0.05), 1e-9},
		{span, "varies weibull shape 1 scale 2h", varies, -2 * math.Log(0.95), 2 * math.Ln2, -2 * math.Log(0.05), 1e-9},
		{span, "median 1h p90 10h", unknown, math.Pow(10, -1.6448536269514727/1.2815515655446004), 1, math.Pow(10, 1.6448536269514727/1.2815515655446004), 1e-9},
		{span, "varies observed 1h 2h 3h", varies, 1, 2, 3, 0},
	} {
		q, p := c.number.quantity(c.text, "")
		if p != nil {
			t.Errorf("%s: %v", c.text, p)
			continue
		}
		near := func(got, want float64) bool { return math.Abs(got-want) <= c.tolerance*want }
		if q.doubt != c.doubt || !near(q.dist.Quantile(0.05), c.low) || !near(q.middle, c.middle) || !near(q.dist.Quantile(0.95), c.high) {
			t.Errorf("%s: %s, 5 %% %v, middle %v, 95 %% %v; want %v", c.text, q.doubt, q.dist.Quantile(0.05), q.middle, q.dist.Quantile(0.95), c)
		}
	}
}

func TestIntervalsRefused(t *testing.T) {
	span := Number{Unit: Duration, Max: 100, Doubts: MayVary}
	share := Number{Unit: Share, Max: 1, Doubts: MayDoubt}
	exact := Number{Unit: Count, Max: 100, Whole: true}
	for _, c := range []struct {
		number     Number
		text, want string
	}{
		{span, "2h to 1h", "the lower end comes first (write 1h to 2h)"},
		{span, "varies 2h to 1h", "the lower end comes first (write varies 1h to 2h)"},
		{span, "1h to 1h", "no interval (write 1h when it is known)"},
		{span, "0 to 1h", "5 % would have to lie below 0"},
		{span, "1h to 2w", "2w is out of range; it must be between 0 and 100h"},
		{span, "1 to 2h", "1 has no unit"},
		{span, "1h-2h", "an interval is written `1h to 2h`"},
		{span, "1h..2h", "an interval is written `1h to 2h`"},
		{span, "1h–2h", "an interval is written `1h to 2h`"},
		{span, "varies", "varies is not understood"},
		{span, "varies 1h", "varies 1h is not understood"},
		{span, "about 2h", "about 2h is not understood"},
		{span, "exponential mean 2h", "did you mean `varies exponential mean 2h`?"},
		{span, "varies exponential mean 0", "the mean must be above 0"},
		{span, "triangular 1h to 2h around 3h", "the mode must"},
		{span, "varies gamma shape 0 mean 1h", "must"},
		{span, "varies weibull shape 1h scale 1h", "1h is not a number"},
		{share, "0% to 5%", "write a lower end above 0, or uniform 0% to 5%"},
		{share, "5% to 100%", "write an upper end below 100%"},
		{share, "varies 5% to 10%", "this cannot differ from use to use"},
		{share, "median 1% p90 5%", "a share cannot be above 100%"},
		{share, "120%", "120% is out of range; it must be between 0% and 100%"},
		{exact, "1 to 5", "this must be known exactly"},
		{exact, "1.5", "1.5 is not a whole number"},
		{exact, "101", "101 is out of range"},
	} {
		_, p := c.number.quantity(c.text, "")
		if p == nil {
			t.Errorf("%q: no fault", c.text)
			continue
		}
		if got := (Fault{Message: p.message, Hint: p.hint}).String(); !strings.Contains(got, c.want) {
			t.Errorf("%q: %s; want %s", c.text, got, c.want)
		}
	}
}

// Every form of a distribution is understood in its own words, so that none is
// listed in vain.
func TestSpreadsAreUnderstood(t *testing.T) {
	span := Number{Unit: Duration, Max: longest, Doubts: MayVary}
	for _, s := range Spreads() {
		text := strings.NewReplacer("LOW", "1h", "HIGH", "3h", "MODE", "2h", "MEDIAN", "2h", "P90", "5h", "#SHAPE", "2", "MEAN", "2h", "SCALE", "2h", "VALUE...", "1h 2h").Replace(s.Form)
		q, p := span.quantity(varies+" "+text, "")
		if p != nil || q.doubt != varies || q.dist == nil {
			t.Errorf("varies %s: %v", text, p)
			continue
		}
		if _, ok := q.dist.(dist.CDFer); !ok && !strings.HasPrefix(s.Form, "observed") {
			t.Errorf("%s has no distribution function", s.Form)
		}
	}
}

func TestNearest(t *testing.T) {
	known := []string{"bake", "ring", "approval", "watched_by", "kill-switch"}
	for word, want := range map[string]string{
		"bakr": "bake", "bkae": "bake", "aproval": "approval", "watchedby": "watched_by", "killswitch": "kill-switch",
		"rang": "ring", "x": "", "": "", "completely": "", "bbbbbake": "", strings.Repeat("b", 100_000): "",
	} {
		if got := nearest(word, known); got != want {
			t.Errorf("%.20q: %q, want %q", word, got, want)
		}
	}
	// A metric: no distance to itself, the same both ways.
	rapid.Check(t, func(t *rapid.T) {
		a, b := rapid.StringN(0, 12, -1).Draw(t, "a"), rapid.StringN(0, 12, -1).Draw(t, "b")
		if distance(a, a) != 0 || distance(a, b) != distance(b, a) {
			t.Fatalf("%q %q", a, b)
		}
		if longest := max(len([]rune(a)), len([]rune(b))); distance(a, b) > longest {
			t.Fatalf("%q %q: %d", a, b, distance(a, b))
		}
	})
}
