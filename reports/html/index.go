package html

import (
	"fmt"
	"io"

	"github.com/rollrisk/rollrisk/reports"
)

// Entry is one report that has a page of its own.
type Entry struct {
	Report reports.Report
	Page   string // the address of the page, seen from the index
}

// WriteIndex writes a page that says the answer of each report and leads to its page. It
// fails only when w does.
func WriteIndex(w io.Writer, entries ...Entry) error {
	var p page
	var all []reports.Report
	for _, e := range entries {
		all = append(all, reports.Report{Title: e.Report.Title, Summary: e.Report.Summary})
	}
	title, summary := about(all)
	p.Raw("<!DOCTYPE html>\n")
	p.Open("html", "lang", "en")
	p.head(title, summary)
	p.Open("body")
	p.element("a", "Skip to the answer", "class", "skip", "href", "#main")
	p.Open("main", "id", "main")
	p.answers(entries)
	p.close("main")
	p.footer("listed in its report")
	p.close("body")
	p.close("html")
	p.Raw("\n")
	_, err := io.WriteString(w, p.String())
	return err
}

// answers are the answers of all, each a link to its report.
func (p *page) answers(entries []Entry) {
	p.element("h1", counted(len(entries)), "class", "studies")
	p.Open("nav", "aria-label", "Studies", "class", "index")
	p.Open("ol")
	for _, e := range entries {
		p.Open("li")
		p.element("span", e.Report.Title, "class", "soft")
		p.Raw(" ")
		p.element("a", e.Report.Summary, "href", e.Page)
		p.close("li")
	}
	p.close("ol")
	p.close("nav")
}

func counted(n int) string {
	if n == 1 {
		return "1 study"
	}
	return fmt.Sprintf("%d studies", n)
}
