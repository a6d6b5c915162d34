package section

import (
	"strconv"

	"github.com/rollrisk/rollrisk/models/study"
	"github.com/rollrisk/rollrisk/reports"
)

var trail = Section{
	Name:   "trail",
	Title:  "How to repeat this",
	Medium: reports.ScreenOnly,
	Doc:    "Command, seed, version, scenario and the numbers as CSV.",
	Build: func(s *study.Study) []reports.Block {
		v := view{s}
		blocks := []reports.Block{paragraph(reports.Body, reports.Say("{}, seed {}, form of the saved study {}. The same scenario, seed and number of changes give the same numbers on every machine.",
			version(s), seed(s), reports.Typed(s.Schema)))}
		if s.Command != "" {
			blocks = append(blocks, reports.Source{Label: "Command", Text: s.Command})
		}
		blocks = append(blocks, reports.Download{
			Label: "Download all measures as CSV", Name: "measures.csv", Type: "text/csv", Data: v.csv()})
		if s.About.Text != "" {
			blocks = append(blocks, reports.Details{Summary: reports.Words("The scenario as it was read"),
				Blocks: []reports.Block{reports.Source{Label: s.About.File, Text: s.About.Text}}})
		}
		return blocks
	},
}

// seed prints the seed exactly: a rounded seed repeats nothing.
func seed(s *study.Study) reports.Span {
	return reports.Span{Text: strconv.FormatUint(s.Seed, 10), Style: reports.Number, Value: float64(s.Seed), From: "seed"}
}

// version names the program and its version.
func version(s *study.Study) reports.Text {
	if s.Version == "" {
		return reports.Words("rollrisk")
	}
	return reports.Say("rollrisk {}", reports.Name(s.Version))
}
