package reports_test

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/rollrisk/rollrisk/reports/assets"
	"github.com/rollrisk/rollrisk/reports/section"
	"golang.org/x/net/html"
)

// Several studies on one page: one title, each study under a heading of its own,
// an index whose links say the headlines and lead to the studies, no id twice, and
// the chart runtime once.
func TestSeveral(t *testing.T) {
	first, second := better(), three()
	data := render(t, first, second, first)
	doc := parse(t, data)
	count := marked(t, doc)
	for element, want := range map[string]int{"h1": 1, "h2": 3, "article": 3, "main": 1, "footer": 1, "title": 1, "nav": 4} {
		if count[element] != want {
			t.Errorf("%d <%s>, want %d", count[element], element, want)
		}
	}
	if n := bytes.Count(data, []byte(assets.ECharts())); n != 1 {
		t.Errorf("the chart runtime is there %d times", n)
	}
	headlines := map[string]string{}
	for n := range doc.Descendants() {
		if href, _ := attribute(n, "href"); n.Data == "a" && strings.HasPrefix(href, "#study-") && !strings.Contains(href[7:], "-") {
			headlines[href] = content(n)
		}
	}
	for href, s := range map[string]string{"#study-1": section.Build(first).Summary, "#study-2": section.Build(second).Summary, "#study-3": section.Build(first).Summary} {
		if headlines[href] != s {
			t.Errorf("the index says %q of %s, want %q", headlines[href], href, s)
		}
	}
	if !bytes.Equal(data, render(t, first, second, first)) {
		t.Error("the same studies give another page")
	}
}

// Everything that a page says of a study alone it says among others too.
func TestSeveralLeavesNothingOut(t *testing.T) {
	alone, among := parse(t, render(t, three())), parse(t, render(t, better(), three()))
	all := content(find(among, "article", "study-2"))
	if main := content(find(alone, "main", "main")); !strings.Contains(all, main) {
		t.Error("a study among others is not the study alone")
	}
}

// find is the element of that name and id, an empty one where there is none.
func find(doc *html.Node, name, id string) *html.Node {
	for n := range doc.Descendants() {
		if got, _ := attribute(n, "id"); n.Data == name && got == id {
			return n
		}
	}
	return &html.Node{}
}

// A preview of a shared link shows the title and the answer, as text, and names no
// address and no picture.
func TestPreview(t *testing.T) {
	s := better()
	r := section.Build(s)
	if !strings.HasPrefix(r.Summary, "Of 100 changes that carry a defect, ") {
		t.Fatalf("the sample is no example: %q", r.Summary)
	}
	two := r.Title + ": " + r.Summary + " And another study."
	for _, c := range []struct {
		data           []byte
		title, summary string
	}{
		{render(t, s), r.Title, r.Summary},
		{render(t, s, three()), "2 studies: " + r.Title + " ...", two},
		{render(t, s, s, s), "3 studies: " + r.Title + " ...", r.Title + ": " + r.Summary + " And 2 other studies."},
	} {
		want := map[string]string{"og:type": "article", "og:title": c.title, "og:description": c.summary, "description": c.summary}
		for n := range parse(t, c.data).Descendants() {
			if n.Data != "meta" {
				continue
			}
			property, og := attribute(n, "property")
			if name, ok := attribute(n, "name"); ok && name == "description" {
				property, og = name, true
			}
			if !og {
				continue
			}
			if got, _ := attribute(n, "content"); got != want[property] || got == "" {
				t.Errorf("%s is %q, want %q", property, got, want[property])
			}
			delete(want, property)
		}
		if len(want) > 0 {
			t.Errorf("not there: %v", want)
		}
	}
}

// The charts of every study of a page live, and the index leads to a study.
func severalInBrowser(t *testing.T, ctx context.Context) {
	for _, v := range []view{{1280, true, "light"}, {375, true, "dark"}, {375, false, "light"}} {
		t.Run(fmt.Sprint(v), func(t *testing.T) {
			b := open(t, ctx, save(t, better(), three(), never(), three(), better()), v)
			if v.script {
				for range 500 {
					if value[bool](b, drawnByScript) {
						break
					}
					time.Sleep(20 * time.Millisecond)
				}
				b.want("every chart is drawn by the script, and only there", drawnByScript)
			} else {
				b.want("every chart is a drawing", drawnBefore)
			}
			b.want("every study has charts", `[...document.querySelectorAll('article')].every(a => a.querySelectorAll('figure').length >= 5)`)
			b.want("the page is as wide as the screen", fits)
			b.want("nothing is cut off", nothingCutOff)
			b.want("the index is above the fold", `document.querySelector('.index a').getBoundingClientRect().bottom < 700`)
			value[string](b, `document.querySelectorAll('.index a')[1].click(), location.hash`)
			b.want("it leads to a study", `location.hash === '#study-2' && Math.abs(document.querySelector('#study-2').getBoundingClientRect().top) < 100`)
			b.close()
		})
	}
}
