package cmd

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"text/tabwriter"
)

// calcAnswer is what calc prints.
type calcAnswer struct {
	name   string      // of the command
	inputs []calcValue // the question as understood
	method string
	values []calcValue
	notes  []string // sentences below the values, in text only
}

// calcValue is one value with its key in JSON and its words in text.
type calcValue struct {
	key   string
	label string
	unit  string   // "%" for a number that text shows as a percentage
	value any      // number, []number, or for an input a bool
	each  []string // a label for each number of a list
}

// number is a float64 that is null in JSON where it is not finite.
type number float64

// MarshalJSON implements json.Marshaler.
func (x number) MarshalJSON() ([]byte, error) {
	if math.IsInf(float64(x), 0) || math.IsNaN(float64(x)) {
		return []byte("null"), nil
	}
	return json.Marshal(float64(x))
}

func numbersOf(list []float64) []number {
	n := make([]number, len(list))
	for i, x := range list {
		n[i] = number(x)
	}
	return n
}

// printer is how -o says to print; any other word is a fault.
func (q *calcQuestion) printer() func(io.Writer, calcAnswer) error {
	switch form, _ := q.command.Flags().GetString("output"); form {
	case "text":
		return printCalcText
	case "json":
		return printCalcJSON
	default:
		q.faultf("-o %s: text or json", form)
	}
	return nil
}

// printCalcJSON writes one object: its keys in the order of the text.
func printCalcJSON(out io.Writer, a calcAnswer) error {
	inputs, err := object(a.inputs)
	if err != nil {
		return err
	}
	all := []calcValue{{key: "calc", value: a.name}, {key: "inputs", value: inputs}}
	all = append(all, a.values...)
	flat, err := object(append(all, calcValue{key: "method", value: a.method}))
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := json.Indent(&b, flat, "", "  "); err != nil {
		return err
	}
	b.WriteByte('\n')
	_, err = out.Write(b.Bytes())
	return err
}

// object is a JSON object with its keys in the given order.
func object(values []calcValue) (json.RawMessage, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, v := range values {
		text, err := json.Marshal(v.value)
		if err != nil {
			return nil, err
		}
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, "%q:%s", v.key, text)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// printCalcText writes one line a number and the notes below.
func printCalcText(out io.Writer, a calcAnswer) error {
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	for _, v := range a.values {
		switch x := v.value.(type) {
		case number:
			fmt.Fprintf(w, "%s\t%s\n", v.label, v.shown(x))
		case []number:
			for i := range x {
				fmt.Fprintf(w, "%s\t%s\n", v.each[i], v.shown(x[i]))
			}
		}
	}
	w.Flush()
	for _, note := range append(a.notes, "Method: "+a.method+".") {
		b.WriteString("\n" + wrap(note, 80) + "\n")
	}
	_, err := io.WriteString(out, b.String())
	return err
}

// shown is a number with its unit.
func (v calcValue) shown(x number) string {
	f := float64(x)
	switch {
	case math.IsInf(f, 0):
		return "never"
	case math.IsNaN(f):
		return "-"
	case v.unit == "%":
		return digits6(100*f) + "%"
	}
	return strings.TrimSpace(digits6(f) + " " + v.unit)
}

// digits6 prints six significant digits, large numbers whole.
func digits6(x float64) string {
	if a := math.Abs(x); a >= 1e6 && a < 1e15 {
		return strconv.FormatFloat(x, 'f', 0, 64)
	}
	return strconv.FormatFloat(x, 'g', 6, 64)
}

// wrap breaks a sentence into lines of at most width bytes where it has spaces.
func wrap(text string, width int) string {
	var b strings.Builder
	column := 0
	for i, word := range strings.Fields(text) {
		switch {
		case i == 0:
		case column+1+len(word) > width:
			b.WriteByte('\n')
			column = 0
		default:
			b.WriteByte(' ')
			column++
		}
		b.WriteString(word)
		column += len(word)
	}
	return b.String()
}
