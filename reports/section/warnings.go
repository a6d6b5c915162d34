package section

import (
	"github.com/rollrisk/rollrisk/models/study"
	"github.com/rollrisk/rollrisk/reports"
)

var warnings = Section{
	Name:  "warnings",
	Title: "Warnings",
	Doc:   "Doubts about the whole study. Those about single numbers stand under the table of measures.",
	Build: func(s *study.Study) []reports.Block {
		var blocks []reports.Block
		for _, w := range s.Warnings {
			blocks = append(blocks, reports.Warning{Text: reports.Text{reports.Name(w.Text)}})
		}
		return blocks
	},
}
