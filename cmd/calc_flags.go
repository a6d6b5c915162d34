package cmd

import (
	"fmt"
	"strings"

	"github.com/spf13/pflag"
)

// calcFlags reads the values of flags strictly and notes all faults.
type calcFlags struct {
	set    *pflag.FlagSet
	faults []string
}

// declare declares a flag whose value is read later; without a default it has none.
func (f *calcFlags) declare(name, byDefault, usage string) { f.set.String(name, byDefault, usage) }

// fault notes what is wrong with the question, on a line of its own.
func (f *calcFlags) fault(format string, args ...any) {
	f.faults = append(f.faults, fmt.Sprintf(format, args...))
}

// has reports whether a flag was given.
func (f *calcFlags) has(name string) bool { return f.set.Changed(name) }

// is reports whether a switch is on.
func (f *calcFlags) is(name string) bool { return f.text(name) == "true" }

func (f *calcFlags) text(name string) string { return f.set.Lookup(name).Value.String() }

// given is the question as it was asked: the flags that were given, in the order of
// their names.
func (f *calcFlags) given() string {
	var words []string
	f.set.Visit(func(g *pflag.Flag) {
		switch {
		case g.Name == "output":
		case g.Value.Type() == "bool":
			words = append(words, "--"+g.Name)
		default:
			words = append(words, "--"+g.Name+" "+g.Value.String())
		}
	})
	return strings.Join(words, " ")
}

// value reads one amount that must be there, or have a default. What is not
// understood is a fault, and is 0.
func (f *calcFlags) value(name string, u calcUnit, limits ...calcLimit) float64 {
	text := f.text(name)
	if text == "" && !f.has(name) {
		f.fault("--%s is missing; for example --%s %s", name, name, u.example)
		return 0
	}
	return f.amount(name, text, u, limits)
}

// optional reads one amount that may be left out, which is 0.
func (f *calcFlags) optional(name string, u calcUnit, limits ...calcLimit) float64 {
	if !f.has(name) {
		return 0
	}
	return f.amount(name, f.text(name), u, limits)
}

// values reads amounts with commas between them; nil when one is at fault.
func (f *calcFlags) values(name string, u calcUnit, limits ...calcLimit) []float64 {
	if !f.has(name) {
		f.fault("--%s is missing; for example --%s %s", name, name, u.list)
		return nil
	}
	before := len(f.faults)
	parts := strings.Split(f.text(name), ",")
	if len(parts) > mostInList {
		f.fault("--%s has %d values; at most %d", name, len(parts), mostInList)
		return nil
	}
	var xs []float64
	for _, part := range parts {
		xs = append(xs, f.amount(name, strings.TrimSpace(part), u, limits))
	}
	if len(f.faults) > before {
		return nil
	}
	return xs
}

// mostInList is how many values a list may have.
const mostInList = 1000

// amount reads one text.
func (f *calcFlags) amount(name, text string, u calcUnit, limits []calcLimit) float64 {
	x, problem := u.parse(text)
	for _, l := range limits {
		if problem == "" && !l.holds(x) {
			problem = quoted(text) + " " + l.problem
		}
	}
	if problem != "" {
		f.fault("--%s %s", name, problem)
		return 0
	}
	return x
}

// quoted is a text as a fault shows it: as it is, unless that would not be seen or
// would spoil a terminal.
func quoted(text string) string {
	const most = 40
	if runes := []rune(text); len(runes) > most {
		text = string(runes[:most]) + "..."
	}
	if q := fmt.Sprintf("%q", text); text == "" || q != `"`+text+`"` {
		return q
	}
	return text
}

// A calcLimit is what an amount must hold.
type calcLimit struct {
	holds   func(x float64) bool
	problem string
}

func aboveZero() calcLimit {
	return calcLimit{func(x float64) bool { return x > 0 }, "must be above 0"}
}

func atLeast(least float64, as string) calcLimit {
	return calcLimit{func(x float64) bool { return x >= least }, "must be " + as + " or more"}
}

func atMost(most float64, as string) calcLimit {
	return calcLimit{func(x float64) bool { return x <= most }, "is too large; at most " + as}
}

func whole() calcLimit {
	return calcLimit{func(x float64) bool { return x == float64(int64(x)) }, "is not a whole number"}
}

// signed reads one number that may be negative, of a size up to most.
func (f *calcFlags) signed(name, example string, most float64) float64 {
	text := f.text(name)
	if text == "" && !f.has(name) {
		f.fault("--%s is missing; for example --%s %s", name, name, example)
		return 0
	}
	size, negative := strings.CutPrefix(text, "-")
	x := f.amount(name, size, calcNumber, []calcLimit{atMost(most, digits(most))})
	if negative {
		return -x
	}
	return x
}
