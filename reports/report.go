// Package reports holds the shown answer as plain values: a Report is an
// ordered list of Parts, a Part an ordered list of Blocks. Renderers in the
// folders beside this file turn the same Report into a page or into text;
// package section makes it from a study.
//
// It refuses to know the study, the model, any file format and any command. It
// computes nothing: every number arrives with its text and with the place in
// the study that it was read from.
package reports

import "github.com/rollrisk/rollrisk/reports/chart"

// Report is one finished answer.
type Report struct {
	Title   string // of the document, for a browser's tab
	Summary string // the answer in one plain sentence, for previews of the page
	Parts   []Part // in reading order; each is a complete answer for whoever stops there
}

// Part is one stretch of the report under one title.
type Part struct {
	Name   string // letters, digits and hyphens; unique in the report; the page links to it
	Title  string // "" when the part speaks without one
	Medium Medium
	Blocks []Block

	NewSheet bool // on paper it begins a new sheet
}

// Medium says where a part is shown.
type Medium int

// The media.
const (
	Everywhere   Medium = iota
	PageOnly            // drawn: the page has room for it
	ScreenOnly          // long: the page has room for it where it can be scrolled, paper has not
	TerminalOnly        // a short form of what the page shows at length
)

// Block is one piece of content. The kinds are the types of this file that
// have an isBlock method; every renderer knows all of them.
type Block interface{ isBlock() }

// Role says what a paragraph does on the page.
type Role int

// The roles of paragraphs.
const (
	Body     Role = iota
	Headline      // the answer itself
	Lead          // its size and its doubt
	Note          // how to read what is beside it
	Strip         // one line of facts about the study, split at " · "
)

// Paragraph is running text.
type Paragraph struct {
	Role Role
	Text Text
}

// List is a few items of equal standing.
type List struct{ Items []Text }

// Warning is a doubt about the result. It is never hidden.
type Warning struct{ Text Text }

// Figure is one number for all alternatives.
type Figure struct {
	Label string // what is measured
	Unit  string // what one value belongs to and which part of the spread it is
	Sides []Side // one an alternative, in order
	Note  Text   // the difference; may be empty
}

// Side is one alternative's value in a Figure.
type Side struct {
	Choice chart.Choice
	Value  Text
}

// Figures are the few numbers to remember: at most three.
type Figures struct{ Figures []Figure }

// Table is rows under titles. The first column names the row.
type Table struct {
	Caption Text // what the table says; also read to those who cannot see it
	Columns []Column
	Rows    []Row
}

// Column is one column of a Table.
type Column struct {
	Title  Text
	Align  Alignment
	Narrow Priority
}

// Alignment is the side on which a column is flush.
type Alignment int

// The alignments.
const (
	Left  Alignment = iota // words
	Right                  // numbers
)

// Priority says which columns a narrow terminal may leave out.
type Priority int

// The priorities.
const (
	Keep      Priority = iota
	Droppable          // left out from the right until the table fits
)

// Row is one row of a Table. A row with fewer cells than columns is a heading
// of the rows that follow.
type Row struct{ Cells []Text }

// Chart is a picture with the table that says the same in numbers.
type Chart struct {
	Title    Text // what to take from it
	Subtitle Text // what is drawn, in which unit
	Picture  chart.Chart
	Key      []Text // what to say of each alternative in the key, in the order of Picture.Key; may be empty
	Table    Table
}

// Atlas is a map of two inputs as a picture, and as characters where no picture can be.
type Atlas struct {
	Picture chart.Regions
	Lines   []string
}

// Details is content that is shown on request.
type Details struct {
	Summary Text
	Blocks  []Block
}

// Source is a text shown as it was written: a scenario, a command.
type Source struct {
	Label string
	Text  string
}

// Download is a file carried inside the page.
type Download struct {
	Label string
	Name  string // of the file
	Type  string // media type, e.g. "text/csv"
	Data  string
}

func (Paragraph) isBlock() {}
func (List) isBlock()      {}
func (Warning) isBlock()   {}
func (Figures) isBlock()   {}
func (Table) isBlock()     {}
func (Chart) isBlock()     {}
func (Atlas) isBlock()     {}
func (Details) isBlock()   {}
func (Source) isBlock()    {}
func (Download) isBlock()  {}
