package reports_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/rollrisk/rollrisk/reports"
	page "github.com/rollrisk/rollrisk/reports/html"
	"github.com/rollrisk/rollrisk/reports/section"
)

// An index says the answer of each report and leads to its page; it has no script, and the
// same reports give the same bytes.
func TestIndex(t *testing.T) {
	index := func(all ...reports.Report) []byte {
		var b bytes.Buffer
		var entries []page.Entry
		for _, r := range all {
			entries = append(entries, page.Entry{Report: r, Page: "one/report.html"})
		}
		if err := page.WriteIndex(&b, entries...); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	first, second := section.Build(better()), section.Build(three())
	data := index(first, second)
	doc, links := parse(t, data), []string{}
	for n := range doc.Descendants() {
		if href, _ := attribute(n, "href"); n.Data == "a" && strings.HasSuffix(href, "report.html") {
			links = append(links, content(n))
		}
	}
	if len(links) != 2 || links[0] != first.Summary || links[1] != second.Summary {
		t.Errorf("the links say %q", links)
	}
	count := marked(t, doc)
	for element, want := range map[string]int{"h1": 1, "main": 1, "footer": 1, "title": 1, "nav": 1, "script": 0, "li": 2} {
		if count[element] != want {
			t.Errorf("%d <%s>, want %d", count[element], element, want)
		}
	}
	if !bytes.Equal(data, index(first, second)) {
		t.Error("the same reports give another index")
	}
	if none := content(parse(t, index())); !strings.Contains(none, "0 studies") {
		t.Errorf("nothing gives %q", none)
	}
	for _, name := range hostile() {
		if got, want := marked(t, parse(t, index(reports.Report{Title: name, Summary: name}))), marked(t, parse(t, index(reports.Report{Title: "x", Summary: "x"}))); len(got) != len(want) {
			t.Errorf("%q changes the page: %v, want %v", name, got, want)
		}
	}
}

// The list of answers says the headline of each study, also where there is none.
func TestIndexOfAnswers(t *testing.T) {
	stuck := better()
	stuck.Alternatives[1].GivenUp = 0.5
	r := section.Index(better(), stuck)
	items := r.Parts[0].Blocks[0].(reports.List).Items
	if s := items[0].Plain(); !strings.Contains(s, section.Build(better()).Summary) {
		t.Error(s)
	}
	if s := items[1].Plain(); !strings.Contains(s, "There is no answer yet") {
		t.Error(s)
	}
}
