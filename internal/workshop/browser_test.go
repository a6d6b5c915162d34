package workshop

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// chromium finds a browser. Without one the test is skipped, unless ROLLRISK_BROWSER=required
// says that there must be one.
func chromium(t *testing.T) string {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	if os.Getenv("ROLLRISK_BROWSER") == "required" {
		t.Fatal("no Chromium found, and ROLLRISK_BROWSER=required")
	}
	t.Skip("no Chromium found: the session is not tested in a browser")
	return ""
}

// audit runs the rules of axe-core and returns what breaks them.
const audit = `axe.run(document, {resultTypes: ['violations']}).then(r => r.violations.map(v => v.id + ': ' + v.nodes.slice(0, 3).map(n => n.html).join(' ')))`

// axe is the source of axe-core, which npm ci in tools/axe installs; "" without it.
func axe(t *testing.T) string {
	source, err := os.ReadFile("../../tools/axe/node_modules/axe-core/axe.min.js")
	if err != nil && os.Getenv("ROLLRISK_BROWSER") == "required" {
		t.Fatalf("axe-core is not installed (npm ci in tools/axe): %v", err)
	}
	return string(source)
}

// tab is one page in a browser context of its own: nobody shares cookies.
type tab struct {
	t   *testing.T
	ctx context.Context
	axe string
}

// open opens a page in a window of that size.
func open(t *testing.T, parent context.Context, address string, size [2]int64) *tab {
	t.Helper()
	ctx, stop := chromedp.NewContext(parent, chromedp.WithNewBrowserContext())
	t.Cleanup(stop)
	b := &tab{t: t, ctx: ctx, axe: axe(t)}
	b.do(chromedp.EmulateViewport(size[0], size[1]), chromedp.Navigate(address))
	return b
}

func (b *tab) do(actions ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, actions...); err != nil {
		b.t.Fatal(err)
	}
}

// waits polls until a script is true.
func (b *tab) waits(script string) {
	b.t.Helper()
	for range 300 {
		if ask[bool](b, "!!("+script+")") {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	b.t.Fatalf("never true: %s; the page says %s", script, ask[string](b, "document.body.innerText"))
}

// ask evaluates a script, which may promise its result.
func ask[T any](b *tab, script string) T {
	b.t.Helper()
	v, err := chromedp.Run(b.ctx, chromedp.Evaluate[T](script, chromedp.EvalAwaitPromise))
	if err != nil {
		b.t.Fatal(err)
	}
	return v
}

// submit sends the form of the page.
func (b *tab) submit() {
	b.do(chromedp.Evaluate[chromedp.Void]("document.querySelector('main form').requestSubmit()"))
}

// title waits for the title of the step.
func (b *tab) title(want string) {
	b.t.Helper()
	b.do(chromedp.Evaluate[chromedp.Void](`{ const r = document.getElementById('room'); if (r) r.dataset.wait = 100; }`)) // in a test time is short
	b.waits(fmt.Sprintf(`document.querySelector('h1') && document.querySelector('h1').textContent === %q`, want))
}

// sound holds the page against axe-core, and against its own width.
func (b *tab) sound(where string) {
	b.t.Helper()
	if ask[bool](b, `document.documentElement.scrollWidth > window.innerWidth + 1`) {
		b.t.Errorf("%s: the page is wider than its window", where)
	}
	if b.axe == "" {
		return
	}
	b.do(chromedp.Evaluate[chromedp.Void](b.axe + ";undefined"))
	for _, rule := range ask[[]string](b, audit) {
		b.t.Errorf("%s: %s", where, rule)
	}
}

// pictured is what the guide shows.
var pictured = []string{"welcome", "predict", "seeds", "build", "board", "map", "phone-predict", "phone-build"}

// shoot takes a picture for the guide, with ROLLRISK_UPDATE=1.
func (b *tab) shoot(name string) {
	if os.Getenv("ROLLRISK_UPDATE") != "1" || !slices.Contains(pictured, name) {
		return
	}
	png, err := chromedp.Run(b.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		b.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join("../../docs/workshop/images", name+".png"), png, 0o644); err != nil {
		b.t.Fatal(err)
	}
}

// The whole session in Chromium: one facilitator with nothing but a keyboard, three phones. The
// pages follow, no rule of axe-core is broken on any of them, and no page is wider than a phone.
func TestBrowser(t *testing.T) {
	path := chromium(t)
	if testing.Short() {
		t.Skip("takes a browser")
	}
	x := fresh(t)
	dir, err := os.MkdirTemp("", "rollrisk-browser")
	if err != nil {
		t.Fatal(err)
	}
	parent, stop := chromedp.NewExecAllocator(t.Context(), chromedp.ExecPath(path), chromedp.UserDataDir(dir), chromedp.NoFirstRun,
		chromedp.NoDefaultBrowserCheck, chromedp.Headless, chromedp.NoSandbox, chromedp.DisableGPU, chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-dev-shm-usage", true))
	t.Cleanup(func() {
		stop()
		for range 50 {
			if os.RemoveAll(dir) == nil {
				return
			}
			time.Sleep(100 * time.Millisecond)
		}
	})
	first, end := chromedp.NewContext(parent)
	t.Cleanup(end)
	if err := chromedp.Do(first); err != nil {
		t.Fatal(err)
	}
	x.play(open(t, first, x.v.Lead(), [2]int64{1280, 800}), []*tab{
		open(t, first, x.v.Join(), [2]int64{390, 844}), open(t, first, x.v.Join(), [2]int64{390, 844}), open(t, first, x.v.Join(), [2]int64{320, 640})})
	if e := x.v.exported(); len(e.People) != 3 || e.People[0].Votes != [2]string{"staging", "both"} || e.People[2].Ranges[3] == nil || !e.Teams[0].Chosen {
		t.Errorf("kept: %v", e)
	}
}

// press presses a key on the big screen and waits until the session has moved.
func (x *site) press(lead *tab, key string) {
	x.t.Helper()
	x.v.mu.Lock()
	step, shown := x.v.s.move(map[string]string{kb.ArrowRight: "next", kb.ArrowLeft: "back", " ": "reveal"}[key])
	x.v.mu.Unlock()
	lead.do(chromedp.KeyEvent(key))
	lead.waits(fmt.Sprintf(`document.getElementById('room').dataset.place === '%d.%d'`, step, shown))
}

// play goes through the session.
func (x *site) play(lead *tab, phones []*tab) {
	lead.title("Welcome")
	for i, p := range phones {
		p.sound("front")
		p.do(chromedp.SendKeys("#name", fmt.Sprint("Person ", i+1)), chromedp.SendKeys("#team", []string{"Red", "Blue", "Red"}[i]))
		p.submit()
		p.title("Welcome")
	}
	lead.waits(`document.body.textContent.includes('3 people in 2 teams')`)
	lead.sound("welcome")
	lead.shoot("welcome")
	for n := 0; ; n++ {
		now := x.v.s.steps[x.v.s.step]
		for i, p := range phones {
			p.title(now.Title)
			p.answer(now, i)
			if i == 0 {
				p.sound("phone, " + now.Title)
				p.shoot("phone-" + now.Kind)
			}
		}
		for range now.Parts {
			x.press(lead, " ")
		}
		lead.title(now.Title)
		lead.sound("screen, " + now.Title)
		lead.shoot(now.Kind)
		if x.v.s.step == len(x.v.s.steps)-1 {
			return
		}
		x.press(lead, kb.ArrowRight)
		if n == 4 { // back, and on again
			x.press(lead, kb.ArrowLeft)
			x.press(lead, kb.ArrowRight)
		}
	}
}

// answer does what a phone is asked for.
func (b *tab) answer(now step, i int) {
	kept := `document.getElementById('said').textContent === 'Kept.'`
	clear := chromedp.Evaluate[chromedp.Void](`document.getElementById('said').textContent = ''`)
	switch now.Kind {
	case "vote":
		choice := fmt.Sprintf(`input[name=choice][value="%d"]`, 2*now.Index)
		b.do(clear, chromedp.Focus(choice), chromedp.KeyEvent(" "))
	case "predict":
		b.do(clear, chromedp.SendKeys("#low", "0"), chromedp.SendKeys("#high", []string{"1M", "20k", "300000"}[i]))
	case "build":
		b.do(clear, chromedp.Click(`input[name=knob1][value="1"]`), chromedp.WaitVisible(".spent"))
		b.waits(`document.querySelector('.spent').textContent === '30 of 100 points'`)
	default:
		return
	}
	b.submit()
	b.waits(kept)
}
