// Package text writes a Report for a terminal: wrapped to a width, tables in
// columns, colour only when asked for.
//
// It refuses to know the study and the terminal. Control characters and marks
// that change the direction of writing are dropped from every text, so that a
// name in a scenario can neither move the cursor nor reorder a line.
package text

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"github.com/rollrisk/rollrisk/reports"
)

// Options says how to write.
type Options struct {
	Width int  // columns; below 40 counts as 40, 0 as 80
	Color bool // mark what stands out with ANSI colours
}

// Write writes the parts of r that belong on a terminal. It fails only when w
// does.
func Write(w io.Writer, r reports.Report, o Options) error {
	if o.Width == 0 {
		o.Width = 80
	}
	p := printer{w: bufio.NewWriter(w), width: max(o.Width, 40), color: o.Color}
	first := true
	for _, part := range r.Parts {
		if part.Medium == reports.PageOnly || part.Medium == reports.ScreenOnly {
			continue
		}
		if !first {
			p.line("")
		}
		first = false
		p.part(part)
	}
	return p.w.Flush()
}

// printer writes lines. Errors of the writer stay with the bufio.Writer until
// Flush.
type printer struct {
	w     *bufio.Writer
	width int
	color bool
}

// indent is how far blocks are set in. Titles and the strip are flush left.
const indent = "  "

// part writes a title in capitals and the blocks under it, set in.
func (p *printer) part(part reports.Part) {
	if part.Title != "" {
		p.line(p.paint(bold, strings.ToUpper(clean(part.Title))))
	}
	p.blocks(part.Blocks)
}

func (p *printer) blocks(blocks []reports.Block) {
	for _, b := range blocks {
		p.block(b)
	}
}

func (p *printer) block(block reports.Block) {
	switch b := block.(type) {
	case reports.Paragraph:
		at := indent
		if b.Role == reports.Strip {
			at = ""
		}
		p.wrap(b.Text, at, at)
	case reports.List:
		for _, item := range b.Items {
			p.wrap(item, indent+"- ", indent+"  ")
		}
	case reports.Warning:
		p.wrap(b.Text, indent+p.paint(yellow, "! "), indent+"  ")
	case reports.Figures:
		p.figures(b)
	case reports.Table:
		p.table(b)
	case reports.Chart:
		p.wrap(b.Title, indent, indent)
		p.table(b.Table)
	case reports.Atlas:
		for _, l := range b.Lines {
			p.line(clean(l))
		}
	case reports.Details:
		p.wrap(b.Summary, indent, indent)
		p.blocks(b.Blocks)
	case reports.Source:
		p.source(b)
	case reports.Download:
		// A terminal has the file system for that.
	default:
		panic(fmt.Sprintf("text: no way to write a %T", block))
	}
}

func (p *printer) figures(b reports.Figures) {
	for _, f := range b.Figures {
		var sides []reports.Text
		for _, s := range f.Sides {
			sides = append(sides, reports.Say("{} ({})", s.Value, reports.NameOf(s.Choice.Name, s.Choice.Index)))
		}
		p.wrap(reports.Say("{}, {}: {}", f.Label, f.Unit, reports.Join(sides, " against ", " against ")), indent, indent+"  ")
	}
}

func (p *printer) source(b reports.Source) {
	p.line(indent + clean(b.Label) + ":")
	for _, l := range strings.Split(strings.TrimRight(b.Text, "\n"), "\n") {
		p.line(indent + "  " + clean(l))
	}
}

// line writes one line without blanks at its end.
func (p *printer) line(s string) { p.w.WriteString(strings.TrimRight(s, " ") + "\n") }
