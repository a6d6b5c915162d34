package section

import (
	"strings"

	"github.com/rollrisk/rollrisk/reports"
)

// gathered is one doubt and the metrics that it is about.
type gathered struct {
	text  string
	about []string
}

// doubts gathers the warnings of all summaries: the same sentence is said once,
// with the names of its metrics. The sentences stay in the order of the
// metrics.
func (v view) doubts() []reports.Text {
	var all []gathered
	index := map[string]int{}
	for i := range v.Alternatives {
		for k, s := range v.Alternatives[i].Summaries {
			for _, w := range s.Warnings {
				n, known := index[w.Text]
				if !known {
					n = len(all)
					index[w.Text] = n
					all = append(all, gathered{text: w.Text})
				}
				all[n].add(v.Metrics[k].Title)
			}
		}
	}
	var texts []reports.Text
	for _, g := range all {
		texts = append(texts, reports.Say("{}: {}.", strings.Join(g.about, ", "), reports.Name(g.text)))
	}
	return texts
}

func (g *gathered) add(title string) {
	for _, t := range g.about {
		if t == title {
			return
		}
	}
	g.about = append(g.about, title)
}
