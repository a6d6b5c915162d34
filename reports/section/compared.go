package section

import (
	"github.com/rollrisk/rollrisk/models/study"
	"github.com/rollrisk/rollrisk/reports"
)

var compared = Section{
	Name:  "compared",
	Title: "What is compared",
	Doc:   "Each alternative in a sentence, and the stages that a release passes.",
	Build: func(s *study.Study) []reports.Block {
		v := view{s}
		var items []reports.Text
		for i := range v.Alternatives {
			items = append(items, reports.Say("{}: {}", v.name(i), v.about(i)))
		}
		return []reports.Block{reports.List{Items: items}}
	},
}

// about is what the scenario says of alternative i, else the way of its releases.
func (v view) about(i int) reports.Text {
	a := &v.Alternatives[i]
	if a.Doc != "" {
		return reports.Text{reports.Name(a.Doc)}
	}
	var stages []reports.Text
	for _, st := range a.Stages {
		stages = append(stages, reports.Text{reports.Name(st.Name)})
	}
	return append(reports.Join(stages, ", then ", ", then "), reports.Words(".")...)
}
