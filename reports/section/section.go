// Package section turns a study into a report: one section a file, in the order
// of all.go. Each is a complete answer for whoever stops reading there.
//
// Every number it prints comes from the study and says from where; the words
// around the numbers are chosen by what the numbers show. It refuses to
// simulate, to run statistics beyond comparing what the study holds, and to
// know how a block looks.
package section

import (
	"github.com/rollrisk/rollrisk/models/study"
	"github.com/rollrisk/rollrisk/reports"
)

// Section is one part of the page.
type Section struct {
	Name   string // stable key; the page links to it
	Title  string // "" when it speaks without one
	Medium reports.Medium
	Doc    string                               // what it answers
	Build  func(s *study.Study) []reports.Block // nothing when the study has nothing for it

	NewSheet bool // on paper it begins a new sheet
}

// Build makes the report of a study that passes its Check. The same study gives
// the same report.
func Build(s *study.Study) reports.Report {
	r := reports.Report{Title: titleOf(s), Summary: view{s}.headline().Plain()}
	for _, section := range All() {
		if blocks := section.Build(s); len(blocks) > 0 {
			r.Parts = append(r.Parts, reports.Part{
				Name: section.Name, Title: section.Title, Medium: section.Medium, Blocks: blocks, NewSheet: section.NewSheet,
			})
		}
	}
	return r
}

func titleOf(s *study.Study) string {
	if s.About.Title != "" {
		return s.About.Title
	}
	return s.About.Name
}
