package reports_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/rollrisk/rollrisk/models/study"
	"github.com/rollrisk/rollrisk/scenarios"
)

// builtin is the study of a scenario of the library as `rollrisk run NAME` makes it.
func builtin(t *testing.T, name string) *study.Study {
	t.Helper()
	text, ok := scenarios.Builtin(name)
	if !ok {
		t.Fatalf("the library has no %s", name)
	}
	s, faults := scenarios.Decode(name, text)
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	plan, faults := s.Plan(scenarios.Options{Seed: 1})
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	st, err := study.Run(t.Context(), &plan, study.Options{})
	if err != nil {
		t.Fatal(err)
	}
	st.Command, st.Version = "rollrisk run "+name, "devel"
	return st
}

// five is a study of five alternatives with long names, two of them nearly equal.
func five() *study.Study {
	slow, blind := train(), rings()
	slow.title, slow.middle, slow.detect = "Monthly train through three environments and a committee", 46000, 9
	blind.title, blind.missed = "Rings without alarms, watched by people", 0.5
	return makeStudy(train(), rings(), both(), slow, blind)
}

// The pages of the library, and of a made-up study of five alternatives, in a browser.
func TestLibraryInBrowser(t *testing.T) {
	ctx := window(t)
	script := axe(t)
	files := map[string]string{"five alternatives": save(t, five())}
	for _, name := range scenarios.Library() {
		if wholly(name) || os.Getenv("ROLLRISK_DEEP") == "1" {
			files[name] = save(t, builtin(t, name))
		}
	}
	t.Run("weight", func(t *testing.T) { weight(t, ctx, files["checkout"]) })
	t.Run("rules bite", func(t *testing.T) { rulesBite(t, ctx, files["five alternatives"], script) })
	for name, file := range files {
		t.Run(name, func(t *testing.T) {
			t.Run("rules", func(t *testing.T) { accessible(t, ctx, file, script, audits(name)) })
			for _, v := range views(name) {
				t.Run(v.String(), func(t *testing.T) { readable(t, ctx, file, v) })
			}
			if wholly(name) {
				t.Run("keys", func(t *testing.T) { reachable(t, ctx, file) })
				t.Run("still", func(t *testing.T) { still(t, ctx, file) })
			}
		})
	}
}

// String names a view as a test.
func (v view) String() string {
	script := "script"
	if !v.script {
		script = "no-script"
	}
	return fmt.Sprintf("%d-%s-%s", v.width, v.scheme, script)
}

// wholly says whether a page is looked at in all ways: the default scenario and
// many alternatives. Every other page of the library is looked at in a long test, in two
// ways.
func wholly(name string) bool { return name == "checkout" || name == "five alternatives" }

// views are the ways in which a page is looked at.
func views(name string) []view {
	if !wholly(name) {
		return []view{{1280, true, "light"}, {375, false, "dark"}}
	}
	var all []view
	for _, width := range []int64{1280, 768, 375} {
		for _, script := range []bool{true, false} {
			for _, scheme := range []string{"light", "dark"} {
				all = append(all, view{width, script, scheme})
			}
		}
	}
	return all
}

// audits are the ways in which a page is held against the rules.
func audits(name string) []view {
	all := []view{{375, true, "dark"}, {375, true, "light"}, {1280, true, "light"}, {1280, true, "dark"}}
	if !wholly(name) {
		return all[:1]
	}
	return all
}

// window is a browser that stays open for many tabs.
func window(t *testing.T) context.Context {
	t.Helper()
	ctx, stop := chromedp.NewContext(browser(t))
	t.Cleanup(stop)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatal(err)
	}
	return ctx
}

// media shows the open page on another medium, or to somebody with other wishes:
// pairs of a feature and its value.
func (b *tab) media(medium string, features ...string) {
	b.t.Helper()
	wishes := emulation.SetEmulatedMediaParams{Media: medium}
	for i := 0; i+1 < len(features); i += 2 {
		wishes.Features = append(wishes.Features, &emulation.MediaFeature{Name: features[i], Value: features[i+1]})
	}
	b.do(chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, wishes)
		return err
	}))
}

// opened opens everything that can be opened, so that it is looked at too.
const opened = `document.querySelectorAll('details').forEach(d => d.open = true)`

// crowded lists what stands in the way of a text of a drawing: another text, or
// the edge of the drawing. The box of a line of text is taller than its letters,
// so a fifth of it above and below may be shared.
const crowded = `(() => {
	const bad = [];
	for (const svg of document.querySelectorAll('figure svg')) {
		const edge = svg.getBoundingClientRect();
		if (edge.width === 0) continue;
		const texts = [...svg.querySelectorAll('text')].filter(e => e.textContent.trim() !== '').map(e => {
			const r = e.getBoundingClientRect(), s = r.height / 5;
			return {says: e.textContent, left: r.left, right: r.right, top: r.top + s, bottom: r.bottom - s};
		}).filter(r => r.right > r.left);
		const at = svg.closest('figure').id + ': ';
		texts.forEach((a, i) => {
			if (a.left < edge.left - 1 || a.right > edge.right + 1 || a.top < edge.top - 1 || a.bottom > edge.bottom + 1)
				bad.push(at + '"' + a.says + '" leaves the drawing ' + [a.left-edge.left, edge.right-a.right, a.top-edge.top, edge.bottom-a.bottom]);
			for (const b of texts.slice(i + 1))
				if (Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1)
					bad.push(at + '"' + a.says + '" and "' + b.says + '" overlap');
		});
	}
	return bad;
})()`

// beyond lists what the paper cuts off: on it nothing can be scrolled.
const beyond = `[...document.querySelectorAll('.scroll')].filter(e => e.checkVisibility() && [...e.querySelectorAll('table, svg')].some(t =>
	t.checkVisibility() && t.getBoundingClientRect().right > e.getBoundingClientRect().right + 1)).map(e => 'the paper cuts off: ' + e.getAttribute('aria-label'))`

// captions lists the tables whose caption reaches past the screen.
const captions = `[...document.querySelectorAll('caption')].filter(e => e.checkVisibility() && e.getBoundingClientRect().right > innerWidth).map(e => 'a caption is cut off: ' + e.textContent)`

// none fails for every line that the expression gives.
func (b *tab) none(expression string) {
	b.t.Helper()
	for _, line := range value[[]string](b, expression) {
		b.t.Error(line)
	}
}

// readable looks at a page on the screen, with everything closed and open, and
// on paper: nothing is cut off, and no label covers another.
func readable(t *testing.T, ctx context.Context, file string, v view) {
	b := open(t, ctx, file, v)
	b.none(crowded)
	b.want("the page is as wide as the screen", fits)
	b.want("nothing is cut off", nothingCutOff)
	b.make(opened)
	b.want("the open page is as wide as the screen", fits)
	b.want("nothing on the open page is cut off", nothingCutOff)
	b.none(captions)
	b.media("print", "prefers-color-scheme", v.scheme)
	b.do(chromedp.EmulateViewport(680, 1000)) // A4 without its margins
	b.none(crowded)
	b.want("the paper is wide enough", fits)
	b.none(beyond)
	b.want("paper is white", `getComputedStyle(document.documentElement).backgroundColor === 'rgba(0, 0, 0, 0)'`)
	b.close()
}

// make evaluates for the effect.
func (b *tab) make(expression string) {
	b.t.Helper()
	b.do(chromedp.Evaluate[chromedp.Void](expression))
}

// awaited evaluates an expression that is a promise.
func awaited[T any](b *tab, expression string) T {
	b.t.Helper()
	v, err := chromedp.Run(b.ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		b.t.Fatalf("%.200s: %v", expression, err)
	}
	return v
}

// stops is everything that the keyboard must reach, as it stands on the page.
const stops = `(() => {
	window.stops = [...document.querySelectorAll('a[href], summary, button, input, select, textarea, [tabindex="0"]')]
		.filter(e => e.checkVisibility() || e.classList.contains('skip'));
	return window.stops.length;
})()`

// reachable walks through the page with the tab key, first as it comes and then
// with everything open.
func reachable(t *testing.T, ctx context.Context, file string) {
	b := open(t, ctx, file, view{1280, true, "light"})
	for _, before := range []string{"", opened} {
		b.make(before)
		b.make(`document.activeElement.blur(), getSelection().removeAllRanges(), scrollTo(0, 0)`)
		n := value[int](b, stops)
		met := map[int]bool{}
		for range n + 2 {
			b.do(chromedp.KeyEvent("\t"))
			at := value[int](b, `window.stops.indexOf(document.activeElement)`)
			if at >= 0 && !met[at] {
				met[at] = true
				b.want(fmt.Sprintf("stop %d of %d can be seen", at, n), `(() => {
					const e = document.activeElement, s = getComputedStyle(e), r = e.getBoundingClientRect();
					return s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2 && r.bottom > 0 && r.top < innerHeight && r.right > 0 && r.left < innerWidth;
				})()`)
			}
		}
		for i := range n {
			if !met[i] {
				t.Errorf("the keyboard does not reach %s", value[string](b, fmt.Sprintf(`window.stops[%d].outerHTML.slice(0, 100)`, i)))
			}
		}
	}
	b.close()
}

// still: nothing moves by itself, least of all for those who asked for that.
func still(t *testing.T, ctx context.Context, file string) {
	b := open(t, ctx, file, view{1280, true, "light"})
	for _, wish := range []string{"no-preference", "reduce"} {
		b.media("", "prefers-reduced-motion", wish)
		b.want("charts are told not to move", `[...document.querySelectorAll('figure > script')].every(s => JSON.parse(s.textContent).options.animation === false)`)
		b.want("nothing is moving", `document.getAnimations().length === 0`)
		b.want("nothing will move", `[...document.querySelectorAll('body *')].every(e => { const s = getComputedStyle(e); return s.animationName === 'none' && parseFloat(s.transitionDuration) === 0 && s.scrollBehavior === 'auto'; })`)
	}
	b.close()
}

// weight reports how heavy the default report is and how soon it can be read.
func weight(t *testing.T, ctx context.Context, file string) {
	info, err := os.Stat(file)
	if err != nil {
		t.Fatal(err)
	}
	if info.Size() > 1.5e6 {
		t.Errorf("%s has %d bytes; the most is 1.5 MB", filepath.Base(file), info.Size())
	}
	b := open(t, ctx, file, view{1280, true, "light"})
	paints := awaited[[]string](b, `new Promise(done => requestAnimationFrame(() => setTimeout(() =>
		done(performance.getEntriesByType('paint').map(e => e.name + ' ' + Math.round(e.startTime) + ' ms')), 100)))`)
	ready := value[float64](b, `Math.round(performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd)`)
	t.Logf("%.2f MB; %s; charts drawn after %.0f ms", float64(info.Size())/1e6, strings.Join(paints, "; "), ready)
	b.close()
}
