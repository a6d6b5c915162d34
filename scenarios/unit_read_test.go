package scenarios

import (
	"strings"
	"testing"
)

// TestRead reads amounts without a file around them.
func TestRead(t *testing.T) {
	for _, c := range []struct {
		unit Unit
		text string
		want float64
	}{
		{Duration, "1h30m", 1.5}, {Duration, "0", 0}, {Rate, "0.5/h", 0.5}, {Rate, "2/m", 120}, {Rate, "48/d", 2},
		{Share, "2%", 0.02}, {Factor, "0.02", 0.02}, {Count, "50k", 50_000}, {Money, "1.5k", 1500},
	} {
		if got, err := c.unit.Read(c.text); err != nil || got != c.want {
			t.Errorf("%s %s: %v, %v; want %v", c.unit.Name, c.text, got, err, c.want)
		}
	}
}

// TestReadRefuses wants the text, what is wrong and a way out, on one line.
func TestReadRefuses(t *testing.T) {
	for _, c := range []struct {
		unit       Unit
		text, want string
	}{
		{Rate, "0.5", "0.5 has no unit; did you mean 0.5/h?"},
		{Rate, "2/min", "2/min has an unknown unit; write 2/m"},
		{Duration, "-1h", "-1h is negative, want a length of time such as 30m, 2h or 1d"},
		{Share, "1", "1 could be 1% or all; write 1% or 100%"},
		{Count, "", `"" is not a number, want a number such as 500, 50k or 1M`},
		{Money, "$12", ""},
	} {
		_, err := c.unit.Read(c.text)
		if err == nil || c.want != "" && err.Error() != c.want || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s %q: %v, want %s", c.unit.Name, c.text, err, c.want)
		}
	}
}
