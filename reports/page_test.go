package reports_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/rollrisk/rollrisk/models/study"
	"github.com/rollrisk/rollrisk/reports"
	"github.com/rollrisk/rollrisk/reports/assets"
	page "github.com/rollrisk/rollrisk/reports/html"
	"github.com/rollrisk/rollrisk/reports/section"
	"github.com/rollrisk/rollrisk/reports/text"
	"golang.org/x/net/html"
)

var update = flag.Bool("update", false, "write the golden files anew")

func render(t *testing.T, all ...*study.Study) []byte {
	t.Helper()
	var b bytes.Buffer
	var built []reports.Report
	for _, s := range all {
		built = append(built, section.Build(s))
	}
	if err := page.Write(&b, built...); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func renderText(t *testing.T, s *study.Study, o text.Options) string {
	t.Helper()
	var b strings.Builder
	if err := text.Write(&b, section.Build(s), o); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Equal(got, want) {
		return
	}
	gotLines, wantLines := strings.Split(string(got), "\n"), strings.Split(string(want), "\n")
	for i := range gotLines {
		if i >= len(wantLines) || gotLines[i] != wantLines[i] {
			t.Fatalf("%s differs at line %d (run with -update when that is meant):\n got %.300s", name, i+1, gotLines[i])
		}
	}
	t.Fatalf("%s is longer than what was written", name)
}

// The golden pages leave the runtime out: its own hash is tested in assets.
func TestGoldenPages(t *testing.T) {
	for name, s := range map[string]*study.Study{"two.html": better(), "three.html": three()} {
		golden(t, name, bytes.Replace(render(t, s), []byte(assets.ECharts()), []byte("[echarts.min.js]"), 1))
	}
}

func TestGoldenText(t *testing.T) {
	golden(t, "two.txt", []byte(renderText(t, better(), text.Options{})))
	golden(t, "three.txt", []byte(renderText(t, three(), text.Options{})))
	golden(t, "two-color.txt", []byte(renderText(t, better(), text.Options{Width: 100, Color: true})))
}

// The same study gives the same bytes, whatever runs beside.
func TestPageIsStable(t *testing.T) {
	first := render(t, three())
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	if !bytes.Equal(first, render(t, three())) {
		t.Error("another number of processors gives another page")
	}
}

func parse(t *testing.T, data []byte) *html.Node {
	t.Helper()
	doc, err := html.Parse(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func attribute(n *html.Node, key string) (string, bool) {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val, true
		}
	}
	return "", false
}

func content(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return b.String()
}

// No element and no style sheet of the page names anything to fetch, and links
// stay on the page.
func TestPageFetchesNothing(t *testing.T) {
	for n := range parse(t, render(t, three())).Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		for _, a := range n.Attr {
			switch a.Key {
			case "src", "srcset", "poster", "data", "action", "formaction", "background", "ping", "cite", "manifest", "style":
				t.Errorf("<%s %s=%.60q>", n.Data, a.Key, a.Val)
			case "href":
				if !strings.HasPrefix(a.Val, "#") && !strings.HasPrefix(a.Val, "data:") {
					t.Errorf("<%s href=%.60q>", n.Data, a.Val)
				}
			}
			if strings.HasPrefix(a.Key, "on") {
				t.Errorf("<%s %s>: code in an attribute", n.Data, a.Key)
			}
		}
		switch n.Data {
		case "style":
			if s := content(n); strings.Contains(s, "url(") || strings.Contains(s, "@import") {
				t.Error("the style sheet fetches something")
			}
		case "base", "iframe", "object", "embed", "img", "form":
			t.Errorf("<%s>", n.Data)
		case "meta":
			if v, _ := attribute(n, "http-equiv"); v == "refresh" {
				t.Error("the page goes elsewhere")
			}
			if v, _ := attribute(n, "content"); strings.Contains(v, "://") {
				t.Errorf("<meta content=%q>", v)
			}
		}
	}
}

// The page can be read by ear and by keyboard: one title, headings in order,
// landmarks, unique ids, tables with captions and scopes, a table for each
// picture.
func TestPageIsAccessible(t *testing.T) {
	count := marked(t, parse(t, render(t, three())))
	for _, one := range []string{"h1", "main", "header", "footer", "nav", "title"} {
		if count[one] != 1 {
			t.Errorf("%d <%s>", count[one], one)
		}
	}
}

// marked checks the marks of a page and counts its elements.
func marked(t *testing.T, doc *html.Node) map[string]int {
	t.Helper()
	count, ids, level := map[string]int{}, map[string]bool{}, 0
	for n := range doc.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		count[n.Data]++
		if id, ok := attribute(n, "id"); ok {
			if ids[id] {
				t.Errorf("two elements are called %q", id)
			}
			ids[id] = true
		}
		switch n.Data {
		case "h1", "h2", "h3", "h4", "h5":
			if next := int(n.Data[1] - '0'); next > level+1 {
				t.Errorf("<%s> %q follows a heading of level %d", n.Data, content(n), level)
			} else {
				level = next
			}
		case "html":
			if lang, _ := attribute(n, "lang"); lang != "en" {
				t.Errorf("the language is %q", lang)
			}
		case "th":
			if scope, _ := attribute(n, "scope"); scope == "" {
				t.Errorf("a title of a table without scope: %q", content(n))
			}
		case "figure":
			inside := map[string]int{}
			for d := range n.Descendants() {
				if d.Type == html.ElementNode {
					inside[d.Data]++
				}
			}
			if inside["table"] != 1 || inside["figcaption"] != 1 || inside["h3"]+inside["h5"] != 1 {
				t.Errorf("a figure with %v", inside)
			}
		case "table":
			if n.FirstChild == nil || n.FirstChild.Data != "caption" {
				t.Error("a table without caption")
			}
		case "svg":
			role, _ := attribute(n, "role")
			hidden, _ := attribute(n, "aria-hidden")
			if label, _ := attribute(n, "aria-label"); hidden != "true" && (role != "img" || len(label) < 20) {
				t.Errorf("a drawing that says nothing: %q", label)
			}
		}
	}
	for n := range doc.Descendants() {
		if href, ok := attribute(n, "href"); ok && strings.HasPrefix(href, "#") && !ids[href[1:]] {
			t.Errorf("a link to %s, which is not there", href)
		}
		if by, ok := attribute(n, "aria-labelledby"); ok && !ids[by] {
			t.Errorf("a part named by %s, which is not there", by)
		}
	}
	return count
}

// The policy names the hash of every script and style, and nothing else runs.
func TestPolicyFits(t *testing.T) {
	var policy string
	var scripts, styles int
	for n := range parse(t, render(t, better())).Descendants() {
		switch n.Data {
		case "meta":
			if v, _ := attribute(n, "http-equiv"); v == "Content-Security-Policy" {
				policy, _ = attribute(n, "content")
			}
		case "script":
			if kind, _ := attribute(n, "type"); kind == "" {
				scripts++
				if !strings.Contains(policy, hashOf(content(n))) {
					t.Errorf("a script that the policy forbids: %.80q", content(n))
				}
			}
		case "style":
			styles++
			if !strings.Contains(policy, hashOf(content(n))) {
				t.Error("a style sheet that the policy forbids")
			}
		}
	}
	if scripts != 2 || styles != 1 || !strings.Contains(policy, "default-src 'none'") || strings.Contains(policy, "unsafe") {
		t.Errorf("%d scripts, %d styles under the policy %q", scripts, styles, policy)
	}
}
