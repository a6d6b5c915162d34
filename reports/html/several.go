package html

import (
	"fmt"

	"github.com/rollrisk/rollrisk/reports"
)

// about is the title of the document and the answer in one sentence, for browsers
// and for previews of a shared link.
func about(all []reports.Report) (title, summary string) {
	if len(all) == 0 {
		return "no study", ""
	}
	if len(all) == 1 {
		return all[0].Title, all[0].Summary
	}
	others := "And another study."
	if n := len(all) - 1; n > 1 {
		others = fmt.Sprintf("And %d other studies.", n)
	}
	return fmt.Sprintf("%d studies: %s ...", len(all), all[0].Title), fmt.Sprintf("%s: %s %s", all[0].Title, all[0].Summary, others)
}

// several writes an index of the answers, and each report whole under a heading of
// its own. Its ids begin with its number.
func (p *page) several(all []reports.Report) {
	p.Open("header")
	var entries []Entry
	for i, r := range all {
		entries = append(entries, Entry{r, "#" + studyID(i)})
	}
	p.answers(entries)
	p.close("header")
	p.Open("main", "id", "main")
	p.depth = 2
	for i, r := range all {
		p.one(i, r)
	}
	p.close("main")
}

// one writes the i-th of several reports.
func (p *page) one(i int, r reports.Report) {
	name := studyID(i)
	p.prefix, p.of = name+"-", fmt.Sprintf(" of study %d", i+1)
	p.Open("article", "id", name, "aria-labelledby", p.id("name"))
	p.element("h2", fmt.Sprintf("%d. %s", i+1, r.Title), "id", p.id("name"), "class", "study")
	p.parts(p.strip(shown(r.Parts)))
	p.close("article")
}

// studyID names the i-th report on its page.
func studyID(i int) string { return fmt.Sprintf("study-%d", i+1) }
