package scenarios

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"unicode"

	"go.yaml.in/yaml/v4"
)

// maxText is the longest text, in characters.
const maxText = 2000

// printable refuses texts that would spoil a page or a terminal.
func printable(s string, most int) *problem {
	n := 0
	for _, r := range s {
		if n++; !unicode.IsPrint(r) {
			return problemf("", "the character %s cannot be printed", strconv.QuoteRune(r))
		}
	}
	if n > most {
		return problemf("", "the text has %d characters; at most %d are allowed", n, most)
	}
	return nil
}

func (t Text) decode(d *decoder, n *yaml.Node, e *entry) {
	text, ok := d.scalar(n, e, "a text")
	if !ok {
		return
	}
	e.word = text
	d.fault(e, at(n), printable(text, t.Max))
	if t.Name && !e.bad && !namePattern.MatchString(text) {
		d.fault(e, at(n), problemf(nameRule, "%s is no name", show(text)))
	}
}

func (t Text) absent(*decoder, *entry) {}

func (t Version) decode(d *decoder, n *yaml.Node, e *entry) {
	text, ok := d.scalar(n, e, "a version")
	if ok && text != "1" {
		d.fault(e, at(n), problemf("this program reads version 1", "version %s of the format is unknown", show(text)))
	}
}

func (t Version) absent(*decoder, *entry) {}

func (t Flag) decode(d *decoder, n *yaml.Node, e *entry) {
	n, ok := d.leaf(n, e)
	if !ok {
		return
	}
	text, ok := d.scalar(n, e, "yes or no")
	if !ok {
		return
	}
	switch text {
	case "yes", "true":
		e.word = "yes"
	case "no", "false":
		e.word = "no"
	default:
		d.fault(e, at(n), problemf("write yes or no", "%s is neither yes nor no", show(text)))
	}
}

func (t Flag) absent(*decoder, *entry) {}

func (t Choice) decode(d *decoder, n *yaml.Node, e *entry) {
	n, ok := d.leaf(n, e)
	if !ok {
		return
	}
	words := t.words()
	text, ok := d.scalar(n, e, "one of "+list(words))
	if !ok {
		return
	}
	e.word = text
	if !contains(words, text) {
		d.fault(e, at(n), problemf(orElse(didYouMean(text, words), "one of "+list(words)), "%s is not known here", show(text)))
	}
}

func (t Choice) absent(*decoder, *entry) {}

func (t Choice) words() []string {
	words := make([]string, len(t.Words))
	for i, w := range t.Words {
		words[i] = w.Name
	}
	return words
}

func (t Phrase) decode(d *decoder, n *yaml.Node, e *entry) {
	n, ok := d.leaf(n, e)
	if !ok {
		return
	}
	text, ok := d.scalar(n, e, t.Wants)
	if !ok {
		return
	}
	for i, f := range t.Forms {
		if m := regexp.MustCompile("^(?:" + f.Pattern + ")$").FindStringSubmatch(text); m != nil {
			e.form, e.parts = i, m
			return
		}
	}
	var examples []string
	for _, f := range t.Forms {
		examples = append(examples, "`"+f.Example+"`")
	}
	d.fault(e, at(n), problemf("write it like "+list(examples), "%s is not %s", show(text), t.Wants))
}

func (t Phrase) absent(*decoder, *entry) {}

func (t Number) decode(d *decoder, n *yaml.Node, e *entry) {
	e.format, e.unit, e.whole = func(x float64) string { return t.Unit.format(x, d.currency) }, t.Unit, t.Whole
	n, ok := d.leaf(n, e)
	if !ok {
		return
	}
	text, ok := d.scalar(n, e, t.Unit.Wants)
	if !ok {
		return
	}
	e.doubt = known
	if t.Zero != "" && text == t.Zero {
		return
	}
	q, p := t.quantity(text, d.currency)
	if p != nil {
		d.fault(e, at(n), p)
		return
	}
	e.number, e.doubt, e.dist = q.middle, q.doubt, q.dist
}

func (t Number) absent(_ *decoder, e *entry) {
	e.format, e.unit, e.whole = func(x float64) string { return t.Unit.format(x, "") }, t.Unit, t.Whole
}

// amount reads one amount and holds it against the range.
func (t Number) amount(text, currency string) (float64, *problem) {
	x, p := t.Unit.parse(text, currency)
	if p != nil {
		if p.hint == "" {
			p.hint = "write " + t.Unit.Wants
		}
		return 0, p
	}
	switch {
	case x < t.Min || t.Above && x == t.Min || x > t.Max:
		return 0, problemf("", "%s is out of range; it must be %s", show(text), t.span(currency))
	case t.Whole && x != math.Floor(x):
		return 0, problemf("", "%s is not a whole number", show(text))
	}
	return x, nil
}

// span is the range in words.
func (t Number) span(currency string) string {
	low, high := t.Unit.format(t.Min, currency), t.Unit.format(t.Max, currency)
	switch {
	case t.Above && math.IsInf(t.Max, 1):
		return "above " + low
	case t.Above:
		return "above " + low + " and at most " + high
	case math.IsInf(t.Max, 1):
		return "at least " + low
	}
	return "between " + low + " and " + high
}

func (t Either) decode(d *decoder, n *yaml.Node, e *entry) {
	inner, ok := d.leaf(n, e)
	if !ok {
		return
	}
	if inner.Kind != yaml.SequenceNode {
		basis := e.input
		t.Word.decode(d, inner, e)
		e.input = basis
		return
	}
	t.List.decode(d, inner, e)
	var texts []string
	for _, c := range e.children {
		texts = append(texts, c.text)
	}
	e.text = strings.Join(texts, ", ")
}

func (t Either) absent(*decoder, *entry) {}
