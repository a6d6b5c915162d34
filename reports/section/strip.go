package section

import (
	"github.com/rollrisk/rollrisk/models/study"
	"github.com/rollrisk/rollrisk/reports"
)

var strip = Section{
	Name: "study",
	Doc:  "Which study this is: scenario, size, seed, version, gates.",
	Build: func(s *study.Study) []reports.Block {
		t := reports.Say("{} · {} · {} · {} · seed {} · {} · {}",
			reports.Span{Text: fullName(s), Style: reports.Strong},
			counted(len(s.Alternatives), "alternative", "len(alternatives)"),
			counted(s.Size.Changes, "change", "size.changes"), counted(s.Size.Defects, "defect", "size.defects"),
			seed(s), version(s), view{s}.tally())
		return []reports.Block{paragraph(reports.Strip, t)}
	},
}

// fullName is the title of the scenario behind the name by which it is run.
func fullName(s *study.Study) string {
	title := titleOf(s)
	if s.About.Name == "" || s.About.Name == title {
		return title
	}
	return s.About.Name + ": " + title
}
