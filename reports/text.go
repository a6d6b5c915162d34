package reports

import (
	"fmt"
	"strings"
)

// Text is running text in pieces. Renderers never parse it: what is a number
// or a name is known from the piece.
type Text []Span

// Style says how a piece stands out.
type Style int

// The styles.
const (
	Ordinary Style = iota
	Strong         // what the eye should find
	Quiet          // what it may skip
	Code           // to be typed
	Named          // a name from a scenario: it may hold any character
	Number         // a value of the study
)

// Span is one piece of Text.
type Span struct {
	Text   string
	Style  Style
	Choice int // 1 + the index of the alternative that is named or measured; 0 for none

	// For a Number: the value itself, and where in the study's JSON it was
	// read, e.g. "alternatives[0].summaries[2].mean". Sums and differences of
	// places are written "a + b" and "a - b"; "len(p)" is the length of a list
	// and "count(p.field=word)" the number of its elements with that word.
	Value float64
	From  string
}

// Words is plain text.
func Words(s string) Text { return Text{{Text: s}} }

// Hard is text that the eye should find.
func Hard(s string) Span { return Span{Text: s, Style: Strong} }

// Soft is text that the eye may skip.
func Soft(s string) Span { return Span{Text: s, Style: Quiet} }

// Typed is text as it is typed at a prompt.
func Typed(s string) Span { return Span{Text: s, Style: Code} }

// Name is a name from a scenario that belongs to no alternative.
func Name(s string) Span { return Span{Text: s, Style: Named} }

// NameOf is the name of the alternative with the given index.
func NameOf(s string, index int) Span { return Span{Text: s, Style: Named, Choice: index + 1} }

// Say puts arguments into the places marked {} of a sentence. An argument is a
// string, a Span or a Text. It panics when the places and the arguments do not
// match: the sentence is written by a programmer.
func Say(sentence string, arguments ...any) Text {
	parts := strings.Split(sentence, "{}")
	if len(parts) != len(arguments)+1 {
		panic(fmt.Sprintf("reports: %d places and %d arguments in %q", len(parts)-1, len(arguments), sentence))
	}
	var t Text
	for i, words := range parts {
		if words != "" {
			t = append(t, Span{Text: words})
		}
		if i < len(arguments) {
			t = append(t, piece(arguments[i])...)
		}
	}
	return t
}

func piece(argument any) Text {
	switch a := argument.(type) {
	case string:
		return Words(a)
	case Span:
		return Text{a}
	case Text:
		return a
	}
	panic(fmt.Sprintf("reports: cannot say a %T", argument))
}

// Plain is the text without its styles.
func (t Text) Plain() string {
	var b strings.Builder
	for _, s := range t {
		b.WriteString(s.Text)
	}
	return b.String()
}

// Join sets texts one after another with words between them: "a, b and c".
func Join(texts []Text, between, last string) Text {
	var out Text
	for i, t := range texts {
		switch {
		case i > 0 && i == len(texts)-1:
			out = append(out, Span{Text: last})
		case i > 0:
			out = append(out, Span{Text: between})
		}
		out = append(out, t...)
	}
	return out
}

// Split cuts a text at a separator within its ordinary pieces.
func Split(t Text, separator string) []Text {
	var all []Text
	var now Text
	for _, s := range t {
		if s.Style != Ordinary {
			now = append(now, s)
			continue
		}
		for i, words := range strings.Split(s.Text, separator) {
			if i > 0 {
				all, now = append(all, now), nil
			}
			if words != "" {
				now = append(now, Span{Text: words, Choice: s.Choice})
			}
		}
	}
	return append(all, now)
}
