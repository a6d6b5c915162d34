package reports_test

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// axe is the source of axe-core, which `npm ci` in tools/axe installs. Without it
// the test is skipped, unless ROLLRISK_BROWSER=required says that nothing may be.
func axe(t *testing.T) string {
	t.Helper()
	source, err := os.ReadFile("../tools/axe/node_modules/axe-core/axe.min.js")
	switch {
	case err == nil:
		return string(source)
	case errors.Is(err, fs.ErrNotExist) && os.Getenv("ROLLRISK_BROWSER") != "required":
		return ""
	}
	t.Fatalf("axe-core is not installed (npm ci in tools/axe): %v", err)
	return ""
}

// audit runs the rules of WCAG 2.0, 2.1 and 2.2, levels A and AA, and those of good
// practice.
const audit = `axe.run(document, {
	runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'], resultTypes: ['violations'],
}).then(r => JSON.stringify(r.violations.map(v => ({
	rule: v.id, help: v.help, nodes: v.nodes.map(n => n.target.join(' ') + ': ' + n.any.concat(n.all, n.none).map(c => c.message).join('; ')),
}))))`

// A broken is a rule that a page breaks.
type broken struct {
	Rule, Help string
	Nodes      []string
}

func audited(b *tab) []broken {
	b.t.Helper()
	var all []broken
	if err := json.Unmarshal([]byte(awaited[string](b, audit)), &all); err != nil {
		b.t.Fatal(err)
	}
	return all
}

// accessible holds a page against the rules of axe-core, with everything on it
// open, as each of the views shows it.
func accessible(t *testing.T, ctx context.Context, file, source string, all []view) {
	if source == "" {
		t.Skip("axe-core is not installed (npm ci in tools/axe): the page is not held against its rules")
	}
	b := open(t, ctx, file, view{1280, true, "light"})
	b.make(source)
	b.make(opened)
	for _, v := range all {
		b.do(chromedp.EmulateViewport(v.width, 900))
		b.media("", "prefers-color-scheme", v.scheme)
		for _, r := range audited(b) {
			t.Errorf("%v: %s: %s\n%s", v, r.Rule, r.Help, strings.Join(r.Nodes[:min(len(r.Nodes), 5)], "\n"))
		}
	}
	b.close()
}

// The rules can fail: a page with planted faults breaks them.
func rulesBite(t *testing.T, ctx context.Context, file, source string) {
	if source == "" {
		t.Skip("axe-core is not installed (npm ci in tools/axe)")
	}
	b := open(t, ctx, file, view{1280, true, "light"})
	b.make(source)
	b.make(`document.documentElement.removeAttribute('lang'); document.querySelector('.lead').style.color = '#ccc'; document.querySelector('.scroll').setAttribute('role', 'nothing')`)
	var got []string
	for _, r := range audited(b) {
		got = append(got, r.Rule)
	}
	for _, want := range []string{"html-has-lang", "color-contrast", "aria-roles"} {
		if !slices.Contains(got, want) {
			t.Errorf("%s is not noticed, only %v", want, got)
		}
	}
}
