package reports_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/rollrisk/rollrisk/models/study"
	"github.com/rollrisk/rollrisk/reports/html"
	"github.com/rollrisk/rollrisk/reports/section"
)

// The pages that are no report, in a browser: the index of several scenarios and what
// changed between two. They are held against the rules of axe-core, and are readable on
// a wide and on a narrow screen.
func TestOtherPagesInBrowser(t *testing.T) {
	ctx := window(t)
	script := axe(t)
	var index, contrast bytes.Buffer
	if err := html.WriteIndex(&index, html.Entry{Report: section.Build(three()), Page: "three/report.html"}, html.Entry{Report: section.Build(never()), Page: "never/report.html"}); err != nil {
		t.Fatal(err)
	}
	if err := html.Write(&contrast, section.Contrast(study.ContrastOf(better(), three(), 0.99))); err != nil {
		t.Fatal(err)
	}
	for name, page := range map[string][]byte{"index": index.Bytes(), "contrast": contrast.Bytes()} {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), name+".html")
			if err := os.WriteFile(file, page, 0o600); err != nil {
				t.Fatal(err)
			}
			t.Run("rules", func(t *testing.T) {
				accessible(t, ctx, file, script, []view{{375, true, "dark"}, {1280, true, "light"}})
			})
			for _, v := range []view{{1280, true, "dark"}, {375, false, "light"}} {
				b := open(t, ctx, file, v)
				b.want("the page is as wide as the screen", fits)
				b.want("nothing is cut off", nothingCutOff)
				b.want("it says something first", `document.querySelector('h1').getBoundingClientRect().bottom < 700`)
				b.close()
			}
		})
	}
}
