package section

import (
	"github.com/rollrisk/rollrisk/models/study"
	"github.com/rollrisk/rollrisk/reports"
)

var excluded = Section{
	Name:   "not-modelled",
	Title:  "What is not modelled",
	Medium: reports.PageOnly,
	Doc:    "What the simulation leaves out, so that nobody reads it into the answer.",
	Build: func(s *study.Study) []reports.Block {
		if len(s.Excluded) == 0 {
			return nil
		}
		var l reports.List
		for _, sentence := range s.Excluded {
			l.Items = append(l.Items, reports.Text{reports.Name(sentence)})
		}
		return []reports.Block{l}
	},
}
