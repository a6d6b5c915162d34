package section

import (
	"github.com/rollrisk/rollrisk/models/study"
	"github.com/rollrisk/rollrisk/reports"
)

var strip = Section{
	Name: "study",
	Doc:  "Which study this is: scenario, size, seed, version, gates.",
	Build: func(s *study.Study) []reports.Block {
		t := reports.Say("{} · {} alternatives · {} changes · {} defects · seed {} · {} · no gates in this scenario",
			reports.Span{Text: titleOf(s), Style: reports.Strong},
			whole(len(s.Alternatives), "len(alternatives)"),
			whole(s.Size.Changes, "size.changes"), whole(s.Size.Defects, "size.defects"),
			seed(s), version(s))
		return []reports.Block{paragraph(reports.Strip, t)}
	},
}
