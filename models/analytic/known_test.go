package analytic

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// A known case is a question with answers that were computed by other means, copied
// into testdata.
type known struct {
	ID      string         `json:"id"`
	Inputs  map[string]any `json:"inputs"`
	Outputs map[string]any `json:"outputs"`
	Method  string         `json:"method"`
}

// closed is the relative error allowed to closed forms: a few digits more than
// anybody prints.
const closed = 1e-9

// An answer is what this package says to a known case, key by key, and how far it
// may be off. A case that was computed numerically says so and allows for it.
type answer struct {
	values    map[string]float64
	tolerance float64 // relative; 0 for closed
	why       string  // of a tolerance other than closed
	printed   bool    // a value with few digits holds as far as they go
	rounding  float64 // absolute; where the case took a probability from 1

	// corrected are by key what a printed table should say, by the reason above; that it
	// says something else is held too.
	corrected map[string]float64
}

// knownFile answers every case of a file of testdata and compares every key of it:
// a case nobody answers, a key nobody answers and an answer to no key are faults.
func knownFile(t *testing.T, file string, answers map[string]func(q question) answer) {
	t.Helper()
	used := map[string]bool{}
	for _, c := range readKnown(t, file) {
		t.Run(c.ID, func(t *testing.T) {
			id, of := longestPrefix(c.ID, answers)
			if of == nil {
				t.Fatal("nobody answers this case")
			}
			used[id] = true
			compareKnown(t, c, of(question{t, c.Inputs, c.ID}))
		})
	}
	for id := range answers {
		if !used[id] {
			t.Errorf("%s answers no case", id)
		}
	}
}

func readKnown(t *testing.T, file string) []known {
	t.Helper()
	data, err := os.ReadFile("testdata/" + file)
	if err != nil {
		t.Fatal(err)
	}
	var cases []known
	if err := json.Unmarshal(data, &cases); err != nil {
		t.Fatal(err)
	}
	if len(cases) == 0 {
		t.Fatal("no cases")
	}
	return cases
}

// longestPrefix finds who answers a case: by its name, or by the beginning of it.
func longestPrefix(id string, answers map[string]func(q question) answer) (string, func(q question) answer) {
	best := ""
	for prefix := range answers {
		if strings.HasPrefix(id, prefix) && len(prefix) > len(best) {
			best = prefix
		}
	}
	return best, answers[best]
}

func compareKnown(t *testing.T, c known, a answer) {
	t.Helper()
	if a.tolerance == 0 {
		a.tolerance = closed
	} else if a.why == "" {
		t.Error("a tolerance needs a reason")
	}
	want := flatten(t, c.Outputs)
	for key, right := range a.corrected {
		if want[key] == right || a.why == "" {
			t.Errorf("%s is %v: nothing to correct, or no reason", key, right)
		}
		want[key] = right
	}
	for _, key := range slices.Sorted(maps.Keys(want)) {
		got, ok := a.values[key]
		if !ok {
			t.Errorf("%s: no answer, want %v", key, want[key])
		} else if !near(got, want[key], a.tolerance) && math.Abs(got-want[key]) > a.rounding && !(a.printed && math.Abs(got-want[key]) <= lastDigit(want[key])) {
			t.Errorf("%s = %v, want %v (relative error %.2g, allowed %.2g)",
				key, got, want[key], math.Abs(got-want[key])/math.Abs(want[key]), a.tolerance)
		}
	}
	for key := range a.values {
		if _, ok := want[key]; !ok {
			t.Errorf("%s = %v answers no key", key, a.values[key])
		}
	}
}

// near reports whether x is y to a relative tolerance.
func near(x, y, tolerance float64) bool {
	return x == y || math.Abs(x-y) <= tolerance*math.Abs(y)
}

// lastDigit is half a unit of the last digit that x is printed with.
func lastDigit(x float64) float64 {
	_, digits, _ := strings.Cut(strconv.FormatFloat(x, 'f', -1, 64), ".")
	return 0.5 * math.Pow10(-len(digits))
}

// flatten gives every number of the outputs a key: "P[2]" for the third of a list.
func flatten(t *testing.T, outputs map[string]any) map[string]float64 {
	flat := map[string]float64{}
	for key, v := range outputs {
		switch v := v.(type) {
		case float64:
			flat[key] = v
		case []any:
			for i, x := range v {
				flat[fmt.Sprintf("%s[%d]", key, i)] = x.(float64)
			}
		default:
			t.Fatalf("%s is a %T", key, v)
		}
	}
	return flat
}

// list gives the numbers of a list the keys that flatten gives them.
func list(values map[string]float64, key string, xs []float64) {
	for i, x := range xs {
		values[fmt.Sprintf("%s[%d]", key, i)] = x
	}
}

// A question is the input of a known case. Reading what is not there fails the test.
type question struct {
	t      *testing.T
	inputs map[string]any
	id     string
}

func (q question) number(key string) float64 {
	q.t.Helper()
	x, ok := q.inputs[key].(float64)
	if !ok {
		q.t.Fatalf("input %s is %v, not a number", key, q.inputs[key])
	}
	return x
}

func (q question) count(key string) int { return int(q.number(key)) }

func (q question) text(key string) string {
	q.t.Helper()
	s, ok := q.inputs[key].(string)
	if !ok {
		q.t.Fatalf("input %s is %v, not a text", key, q.inputs[key])
	}
	return s
}

func (q question) numbers(key string) []float64 {
	q.t.Helper()
	all, ok := q.inputs[key].([]any)
	if !ok {
		q.t.Fatalf("input %s is %v, not a list", key, q.inputs[key])
	}
	xs := make([]float64, len(all))
	for i, x := range all {
		xs[i] = x.(float64)
	}
	return xs
}

// scan reads numbers out of a text input such as "Exp(mean 2h)", in the manner of
// package fmt.
func (q question) scan(key, format string) []float64 {
	q.t.Helper()
	var xs [4]float64
	n := strings.Count(format, "%")
	args := []any{&xs[0], &xs[1], &xs[2], &xs[3]}
	if _, err := fmt.Sscanf(q.text(key), format, args[:n]...); err != nil {
		q.t.Fatalf("input %s is %q, not %q: %v", key, q.text(key), format, err)
	}
	return xs[:n]
}
