// Package markdown writes a Report as GitHub Flavored Markdown, for the summary of a
// CI job or a comment: the parts that a terminal shows, with tables as tables.
//
// It refuses to know the study and where the text is shown. Whatever could be taken
// for markup in a name or a sentence is escaped, so that a scenario can neither add a
// link nor break a table.
package markdown

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"unicode"

	"github.com/rollrisk/rollrisk/reports"
)

// Write writes the parts of r that are not drawn. It fails only when w does.
func Write(w io.Writer, r reports.Report) error {
	p := printer{w: bufio.NewWriter(w)}
	for _, part := range r.Parts {
		if part.Medium == reports.PageOnly || part.Medium == reports.ScreenOnly {
			continue
		}
		if part.Title != "" && !speaksItself(part) {
			p.paragraph("### " + escape(part.Title))
		}
		for _, b := range part.Blocks {
			p.block(b)
		}
	}
	return p.w.Flush()
}

// speaksItself: the part begins with the answer, which is a heading.
func speaksItself(part reports.Part) bool {
	if len(part.Blocks) == 0 {
		return false
	}
	first, ok := part.Blocks[0].(reports.Paragraph)
	return ok && first.Role == reports.Headline
}

// printer writes blocks with an empty line between them. Errors of the writer stay
// with the bufio.Writer until Flush.
type printer struct {
	w     *bufio.Writer
	begun bool
}

// paragraph writes lines that belong together.
func (p *printer) paragraph(lines ...string) {
	if len(lines) == 0 {
		return
	}
	if p.begun {
		p.w.WriteString("\n")
	}
	p.begun = true
	for _, l := range lines {
		p.w.WriteString(strings.TrimRight(l, " ") + "\n")
	}
}

func (p *printer) block(block reports.Block) {
	switch b := block.(type) {
	case reports.Paragraph:
		p.text(b)
	case reports.List:
		var items []string
		for _, item := range b.Items {
			items = append(items, "- "+inline(item))
		}
		p.paragraph(items...)
	case reports.Warning:
		p.paragraph("> **Warning:** " + inline(b.Text))
	case reports.Figures:
		p.figures(b)
	case reports.Table:
		p.table(b)
	case reports.Chart:
		p.paragraph(inline(b.Title))
		p.table(b.Table)
	case reports.Atlas:
		p.source(reports.Source{Label: "In characters", Text: strings.Join(b.Lines, "\n")})
	case reports.Details:
		p.paragraph("**" + inline(b.Summary) + "**")
		for _, inner := range b.Blocks {
			p.block(inner)
		}
	case reports.Source:
		p.source(b)
	case reports.Download:
		// A comment carries no files.
	default:
		panic(fmt.Sprintf("markdown: no way to write a %T", block))
	}
}

func (p *printer) text(b reports.Paragraph) {
	switch b.Role {
	case reports.Headline:
		p.paragraph("## " + inline(b.Text))
	case reports.Strip, reports.Note:
		if s := inline(b.Text); s != "" {
			p.paragraph("<sub>" + s + "</sub>")
		}
	default:
		p.paragraph(inline(b.Text))
	}
}

func (p *printer) figures(b reports.Figures) {
	var items []string
	for _, f := range b.Figures {
		var sides []string
		for _, s := range f.Sides {
			sides = append(sides, inline(s.Value)+" ("+escape(s.Choice.Name)+")")
		}
		items = append(items, "- "+escape(f.Label)+", "+escape(f.Unit)+": "+strings.Join(sides, ", "))
	}
	p.paragraph(items...)
}

// table writes a table of GitHub Flavored Markdown (section 4.10 of its specification);
// a heading within it is a row with one bold cell.
func (p *printer) table(t reports.Table) {
	if len(t.Columns) == 0 {
		return
	}
	var head, line []string
	for _, c := range t.Columns {
		head = append(head, inline(c.Title))
		if c.Align == reports.Right {
			line = append(line, "---:")
		} else {
			line = append(line, "---")
		}
	}
	lines := []string{row(head), row(line)}
	for _, r := range t.Rows {
		var cells []string
		for _, c := range r.Cells {
			cells = append(cells, inline(c))
		}
		if len(cells) == 1 {
			cells[0] = "**" + cells[0] + "**"
		}
		for len(cells) < len(t.Columns) {
			cells = append(cells, "")
		}
		lines = append(lines, row(cells))
	}
	p.paragraph(lines...)
	if s := inline(t.Caption); s != "" {
		p.paragraph("<sub>" + s + "</sub>")
	}
}

func row(cells []string) string { return "| " + strings.Join(cells, " | ") + " |" }

// source writes a text in a fence that is longer than any in it.
func (p *printer) source(b reports.Source) {
	fence := "```"
	for strings.Contains(b.Text, fence) {
		fence += "`"
	}
	lines := []string{fence}
	for _, l := range strings.Split(strings.TrimRight(b.Text, "\n"), "\n") {
		lines = append(lines, clean(l))
	}
	p.paragraph(escape(b.Label) + ":")
	p.paragraph(append(lines, fence)...)
}

// inline is a text on one line; what the eye should find is bold.
func inline(t reports.Text) string {
	var b strings.Builder
	for _, s := range t {
		if s.Style == reports.Code && !strings.Contains(s.Text, "`") {
			b.WriteString("`" + strings.TrimSpace(clean(s.Text)) + "`")
			continue
		}
		word := escape(s.Text)
		if trimmed := strings.TrimSpace(word); s.Style == reports.Strong && trimmed != "" {
			word = strings.Replace(word, trimmed, "**"+trimmed+"**", 1)
		}
		b.WriteString(word)
	}
	return strings.TrimSpace(b.String())
}

// marks are the characters that Markdown or HTML could take for markup within a line
// (CommonMark 0.31, section 2.4).
const marks = "\\`*_{}[]<>#|~&@"

// escape makes a text fit for a line: one line, no control characters, no markup.
func escape(s string) string {
	var b strings.Builder
	for _, r := range clean(s) {
		if strings.ContainsRune(marks, r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return links.Replace(b.String())
}

// links are what GitHub would make a link of by itself (section 6.9 of its
// specification).
var links = strings.NewReplacer("://", "\\://", "www.", "www\\.", "WWW.", "WWW\\.")

// clean drops what a renderer should never see.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r) && r != '\u00a0' && r != '\u202f':
			return ' '
		case unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || r == unicode.ReplacementChar:
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, ""))
}
