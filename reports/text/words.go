package text

import (
	"strings"
	"unicode"

	"github.com/rivo/uniseg"

	"github.com/rollrisk/rollrisk/reports"
)

// The ANSI codes of what stands out.
const (
	bold   = "1"
	faint  = "2"
	yellow = "33"
)

// paint wraps s in a colour, when colour is asked for.
func (p *printer) paint(code, s string) string {
	if !p.color || s == "" {
		return s
	}
	return "\x1b[" + code + "m" + s + "\x1b[0m"
}

// clean makes s fit for a terminal: one line, no control characters, none of
// the marks that change the direction of writing, plain signs for the typeset
// ones.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case r == '\u2212':
			return '-'
		case unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || r == unicode.ReplacementChar:
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, ""))
}

// width is how many columns s takes.
func width(s string) int { return uniseg.StringWidth(s) }

// cut shortens s to at most n columns.
func cut(s string, n int) string {
	if width(s) <= n {
		return s
	}
	var b strings.Builder
	used := 0
	for g := uniseg.NewGraphemes(s); g.Next(); {
		if used+g.Width() > n-1 {
			break
		}
		b.WriteString(g.Str())
		used += g.Width()
	}
	return b.String() + "…"
}

// word is what is never broken: a run between spaces, with its colour codes.
type word struct {
	plain   string
	painted string
}

// words splits a text at its spaces. A number and its unit are joined by a
// no-break space and stay one word.
func (p *printer) words(t reports.Text) []word {
	var all []word
	open := false // whether the last word may still grow
	for _, s := range t {
		for i, field := range strings.Split(quoted(s), " ") {
			if i > 0 {
				open = false
			}
			if field == "" {
				continue
			}
			w := word{plain: clean(field)}
			w.painted = p.style(s, w.plain)
			if open {
				last := &all[len(all)-1]
				last.plain, last.painted = last.plain+w.plain, last.painted+w.painted
			} else {
				all = append(all, w)
			}
			open = true
		}
	}
	return all
}

// quoted is the text of a piece; the name of an alternative that has commas of
// its own stands in quotation marks, so that it can be told from the sentence.
func quoted(s reports.Span) string {
	if s.Style == reports.Named && s.Choice > 0 && strings.Contains(s.Text, ",") {
		return `"` + s.Text + `"`
	}
	return s.Text
}

func (p *printer) style(s reports.Span, plain string) string {
	switch s.Style {
	case reports.Strong, reports.Number:
		return p.paint(bold, plain)
	case reports.Quiet:
		return p.paint(faint, plain)
	}
	return plain
}

// wrap writes a text over as many lines as it needs. A word longer than a line
// is cut.
func (p *printer) wrap(t reports.Text, first, rest string) {
	line, used := first, len(rest)
	room, empty := p.width-len(rest), true
	for _, w := range p.words(t) {
		if width(w.plain) > room {
			w.plain = cut(w.plain, room)
			w.painted = w.plain
		}
		if !empty && used+1+width(w.plain) > p.width {
			p.line(line)
			line, used, empty = rest, len(rest), true
		}
		if !empty {
			line, used = line+" ", used+1
		}
		line, used, empty = line+w.painted, used+width(w.plain), false
	}
	if !empty {
		p.line(line)
	}
}
