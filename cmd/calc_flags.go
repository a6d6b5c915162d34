package cmd

import (
	"fmt"
	"math"
	"strings"

	"github.com/rollrisk/rollrisk/scenarios"
	"github.com/spf13/cobra"
)

// calcKind is what a flag of calc takes: how it is written and which values make
// sense. No value but 0 is below tiny.
type calcKind struct {
	unit        scenarios.Unit
	least, most float64
	whole       bool
	says        string // the values, in words
	suffix      string // of its key in JSON
}

// tiny is the least positive value that is taken: below it the answers would be
// made of rounding errors, and nobody means it.
const tiny = 1e-9

// Kinds of values.
var (
	calcHazard      = calcKind{unit: scenarios.Rate, most: 1e9, says: "a rate from 0 to 1e9 per hour", suffix: "_per_hour"}
	calcRate        = calcKind{unit: scenarios.Rate, least: tiny, most: 1e9, says: "a rate above 0 and up to 1e9 per hour", suffix: "_per_hour"}
	calcLatency     = calcKind{unit: scenarios.Duration, most: 1e6, says: "a length of time from 0 to 1,000,000 hours", suffix: "_hours"}
	calcLength      = calcKind{unit: scenarios.Duration, least: tiny, most: 1e6, says: "a length of time above 0 and up to 1,000,000 hours", suffix: "_hours"}
	calcProbability = calcKind{unit: scenarios.Share, most: 1, says: "a share from 0% to 100%"}
	calcShare       = calcKind{unit: scenarios.Share, least: tiny, most: 1, says: "a share above 0% and up to 100%"}
)

// calcCount is a whole number from 1 to most.
func calcCount(most float64) calcKind {
	return calcKind{unit: scenarios.Count, least: 1, most: most, whole: true, says: fmt.Sprintf("a whole number from 1 to %.0f", most)}
}

// calcNumber is a number from least to most.
func calcNumber(least, most float64) calcKind {
	return calcKind{unit: scenarios.Count, least: least, most: most, says: fmt.Sprintf("a number from %.0f to %.0f", least, most)}
}

// read reads one value.
func (k calcKind) read(text string) (float64, error) {
	x, err := k.unit.Read(text)
	if err != nil && k.unit.Name == scenarios.Share.Name {
		// 0.01 is as clear as 1%; 1 is not, and what is above is no share.
		if f, bad := scenarios.Factor.Read(text); bad == nil && f < 1 {
			x, err = f, nil
		}
	}
	switch {
	case err != nil:
		return 0, err
	case x < k.least || x > k.most || k.whole && x != math.Floor(x):
		return 0, fmt.Errorf("%s is not %s", text, k.says)
	case x != 0 && x < tiny:
		return 0, fmt.Errorf("%s is too small: below %v only 0 is taken", text, tiny)
	}
	return x, nil
}

// calcQuestion reads the flags of one command of calc and gathers what is wrong
// with them, so that all is told at once.
type calcQuestion struct {
	command *cobra.Command
	faults  []string
	inputs  []calcValue // as understood
}

// has reports whether a flag was given.
func (q *calcQuestion) has(name string) bool { return q.command.Flags().Changed(name) }

// yes reports whether a flag without a value is set.
func (q *calcQuestion) yes(name string) bool {
	f := q.command.Flags().Lookup(name)
	return f != nil && f.Value.String() == "true"
}

func (q *calcQuestion) faultf(format string, args ...any) {
	q.faults = append(q.faults, fmt.Sprintf(format, args...))
}

// err is what is wrong with the question; nil when nothing is.
func (q *calcQuestion) err() error {
	if len(q.faults) == 0 {
		return nil
	}
	return &badQuestion{strings.Join(q.faults, "\n")}
}

// text is the value of a flag as written. ok is false, and a fault told, when it is
// not there and has no default.
func (q *calcQuestion) text(name string) (text string, ok bool) {
	f := q.command.Flags().Lookup(name)
	if !f.Changed && f.DefValue == "" {
		q.faultf("--%s is missing (see %s --help)", name, q.command.CommandPath())
		return "", false
	}
	return f.Value.String(), true
}

// number is the value of a flag. A fault is told and gives NaN, which is neither
// more nor less than anything, so that checks that follow stay silent.
func (q *calcQuestion) number(name string, k calcKind) float64 {
	text, ok := q.text(name)
	if !ok {
		return math.NaN()
	}
	x := q.value(name, text, k)
	q.input(name, k, number(x))
	return x
}

// count is the value of a flag that is a whole number; 0 for a fault.
func (q *calcQuestion) count(name string, k calcKind) int {
	if x := q.number(name, k); !math.IsNaN(x) {
		return int(x)
	}
	return 0
}

// maxCalcList bounds the values of one flag.
const maxCalcList = 1000

// numbers are the values of a flag with a list of them, NaN for faults.
func (q *calcQuestion) numbers(name string, k calcKind) []float64 {
	text, ok := q.text(name)
	if !ok {
		return nil
	}
	if n := strings.Count(text, ",") + 1; n > maxCalcList {
		q.faultf("--%s has %d values; up to %d are taken", name, n, maxCalcList)
		return nil
	}
	var list []float64
	for part := range strings.SplitSeq(text, ",") {
		list = append(list, q.value(name, strings.TrimSpace(part), k))
	}
	q.input(name, k, numbersOf(list))
	return list
}

// value reads one value of a flag.
func (q *calcQuestion) value(name, text string, k calcKind) float64 {
	x, err := k.read(text)
	if err != nil {
		q.faultf("--%s %v", name, err)
		return math.NaN()
	}
	return x
}

// input notes a value for the answer.
func (q *calcQuestion) input(name string, k calcKind, value any) {
	q.inputs = append(q.inputs, calcValue{key: strings.ReplaceAll(name, "-", "_") + k.suffix, value: value})
}

// setting notes a flag without a value for the answer.
func (q *calcQuestion) setting(name string) bool {
	on := q.yes(name)
	q.inputs = append(q.inputs, calcValue{key: strings.ReplaceAll(name, "-", "_"), value: on})
	return on
}

// rise tells a fault where the values of a flag do not rise.
func (q *calcQuestion) rise(name string, list []float64) {
	for i := 1; i < len(list); i++ {
		if list[i] <= list[i-1] {
			q.faultf("--%s must rise; value %d is not above the one before", name, i+1)
			return
		}
	}
}
