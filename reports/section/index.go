package section

import (
	"github.com/rollrisk/rollrisk/models/study"
	"github.com/rollrisk/rollrisk/reports"
)

// Index says the answer of each of several studies, in their order.
func Index(all ...*study.Study) reports.Report {
	var items []reports.Text
	for _, s := range all {
		answer := view{s}.headline()
		if stuck := (view{s}).stuck(); len(stuck) > 0 {
			answer = view{s}.noAnswer(stuck)[0].(reports.Paragraph).Text
		}
		items = append(items, reports.Say("{}: {}", reports.Hard(fullName(s)), answer))
	}
	return reports.Report{Title: "Studies", Parts: []reports.Part{{Name: "answers", Title: "Answers", Blocks: []reports.Block{reports.List{Items: items}}}}}
}
