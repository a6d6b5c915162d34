package detector

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
)

// Values is what a scenario says about one detector. What it does not say has
// the default of the Param. The zero value says nothing.
type Values struct {
	// Label tells detectors of one kind apart and names their chance: two
	// detectors of the same kind and label ring in step, in one pipeline or
	// in several under comparison. Empty is a label.
	Label   string
	Numbers map[string]float64 // by Param.Name: Rate, Share, Duration, Count, Plain; Bool as 0 or 1
	Choices map[string]string  // by Param.Name: Choice
}

// Number is the value of a Param of any unit but Choice; 0 when it is not
// there, which cannot happen in a New.
func (v Values) Number(name string) float64 { return v.Numbers[name] }

// Count is the value of a Param whose unit is Count.
func (v Values) Count(name string) int { return int(v.Numbers[name]) }

// Bool is the value of a Param whose unit is Bool.
func (v Values) Bool(name string) bool { return v.Numbers[name] != 0 }

// Choice is the value of a Param whose unit is Choice.
func (v Values) Choice(name string) string { return v.Choices[name] }

// Fault is one thing in Values that makes no detector. It is the user's fault,
// so it says which Param, what is wrong and, where there is one, a way out.
type Fault struct {
	Param   string // the name it is about, known or not
	Message string
	Hint    string // empty when there is none
}

// Error is the Fault in one line.
func (f *Fault) Error() string {
	s := f.Param + ": " + f.Message
	if f.Hint != "" {
		s += " (" + f.Hint + ")"
	}
	return s
}

// Faults takes the error of a New apart; nil for nil.
func Faults(err error) []*Fault {
	switch e := err.(type) {
	case nil:
		return nil
	case *Fault:
		return []*Fault{e}
	case interface{ Unwrap() []error }:
		var all []*Fault
		for _, one := range e.Unwrap() {
			all = append(all, Faults(one)...)
		}
		return all
	}
	panic(fmt.Sprintf("detector: an error that is no Fault: %v", err))
}

// complete checks Values against the Params and fills in the defaults. All
// faults come at once. The argument is not changed.
func (v Values) complete(params []Param) (Values, error) {
	full := Values{Label: v.Label, Numbers: map[string]float64{}, Choices: map[string]string{}}
	faults := v.unknown(params)
	for _, p := range params {
		if p.Unit == Choice {
			word, ok := v.Choices[p.Name]
			if !ok {
				word = p.Choices[0]
			}
			full.Choices[p.Name] = word
			faults = append(faults, p.CheckChoice(word))
			continue
		}
		x, ok := v.Numbers[p.Name]
		switch {
		case !ok && p.Required:
			faults = append(faults, &Fault{Param: p.Name, Message: "is missing", Hint: p.Doc})
		case !ok:
			x = p.Default
		default:
			faults = append(faults, p.Check(x))
		}
		full.Numbers[p.Name] = x
	}
	return full, errors.Join(faults...)
}

// unknown lists the names that no Param has, in alphabetical order.
func (v Values) unknown(params []Param) []error {
	var faults []error
	for _, name := range slices.Sorted(maps.Keys(v.Numbers)) {
		if !slices.ContainsFunc(params, func(p Param) bool { return p.Name == name && p.Unit != Choice }) {
			faults = append(faults, &Fault{Param: name, Message: "is no number of this detector"})
		}
	}
	for _, name := range slices.Sorted(maps.Keys(v.Choices)) {
		if !slices.ContainsFunc(params, func(p Param) bool { return p.Name == name && p.Unit == Choice }) {
			faults = append(faults, &Fault{Param: name, Message: "is no choice of this detector"})
		}
	}
	return faults
}

// Check reports a number that the Param does not allow, as a *Fault; nil when
// it is allowed. NaN is not.
func (p Param) Check(x float64) error {
	lo, hi := p.Min, p.Max
	if p.Unit == Bool {
		lo, hi = 0, 1
	}
	switch {
	case p.Unit == Choice:
		return &Fault{Param: p.Name, Message: fmt.Sprintf("is %v; it is one of: %s", x, strings.Join(p.Choices, ", "))}
	case !(x >= lo && x <= hi):
		return &Fault{Param: p.Name, Message: fmt.Sprintf("is %s; it lies between %s and %s", p.show(x), p.show(lo), p.show(hi))}
	case (p.Unit == Count || p.Unit == Bool) && x != math.Floor(x):
		return &Fault{Param: p.Name, Message: fmt.Sprintf("is %v; it is a whole number", x)}
	}
	return nil
}

// CheckChoice reports a word that the Param does not allow, as a *Fault.
func (p Param) CheckChoice(word string) error {
	if p.Unit == Choice && slices.Contains(p.Choices, word) {
		return nil
	}
	return &Fault{Param: p.Name, Message: fmt.Sprintf("is %q; it is one of: %s", word, strings.Join(p.Choices, ", "))}
}

// show writes a number with its unit.
func (p Param) show(x float64) string {
	switch p.Unit {
	case Rate:
		return fmt.Sprintf("%v per hour", x)
	case Share:
		return fmt.Sprintf("%v %%", float64(x*100))
	case Duration:
		return fmt.Sprintf("%v hours", x)
	}
	return fmt.Sprint(x)
}
