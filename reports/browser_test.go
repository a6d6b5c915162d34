package reports_test

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/rollrisk/rollrisk/models/study"
)

// chromium finds a browser. Without one the test is skipped, unless
// ROLLRISK_BROWSER=required says that there must be one.
func chromium(t *testing.T) string {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	if os.Getenv("ROLLRISK_BROWSER") == "required" {
		t.Fatal("no Chromium found, and ROLLRISK_BROWSER=required")
	}
	t.Skip("no Chromium found: the page is not tested in a browser")
	return ""
}

// browser starts a fresh one that talks to nobody.
func browser(t *testing.T) context.Context {
	t.Helper()
	options := []chromedp.ExecAllocatorOption{
		chromedp.ExecPath(chromium(t)), chromedp.UserDataDir(profile(t)),
		chromedp.NoFirstRun, chromedp.NoDefaultBrowserCheck, chromedp.Headless, chromedp.NoSandbox, chromedp.DisableGPU,
	}
	for _, flag := range []string{"disable-quic", "disable-background-networking", "disable-component-update", "disable-sync", "disable-dev-shm-usage"} {
		options = append(options, chromedp.Flag(flag, true))
	}
	ctx, stop := chromedp.NewExecAllocator(t.Context(), options...)
	t.Cleanup(stop)
	return ctx
}

// profile is a folder for the browser's own files. The browser may still write
// there for a moment after it has ended, so removing it is tried for a while.
func profile(t *testing.T) string {
	dir, err := os.MkdirTemp("", "rollrisk-browser")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		for range 50 {
			if os.RemoveAll(dir) == nil {
				return
			}
			time.Sleep(100 * time.Millisecond)
		}
	})
	return dir
}

// view is one way to look at a page.
type view struct {
	width  int64
	script bool
	scheme string
}

// tab is an open page with everything that went wrong on it.
type tab struct {
	ctx context.Context
	t   *testing.T

	mu     sync.Mutex
	faults []string
}

// fault notes what went wrong; the browser calls from its own goroutine.
func (b *tab) fault(format string, args ...any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.faults = append(b.faults, fmt.Sprintf(format, args...))
}

// open shows a file as v says.
func open(t *testing.T, browser context.Context, file string, v view) *tab {
	t.Helper()
	ctx, stop := chromedp.NewContext(browser)
	t.Cleanup(stop)
	ctx, late := context.WithTimeout(ctx, time.Minute)
	t.Cleanup(late)
	b := &tab{ctx: ctx, t: t}
	address := (&url.URL{Scheme: "file", Path: file}).String()
	b.do(chromedp.EmulateViewport(v.width, 900))
	if err := chromedp.Listen(ctx, b.listen(address)); err != nil {
		t.Fatal(err)
	}
	b.do(chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		for _, enable := range []cdp.Command[cdp.Empty, cdp.Empty]{log.Enable, runtime.Enable} {
			if _, err := chromedp.Call(ctx, enable, cdp.Empty{}); err != nil {
				return err
			}
		}
		if _, err := chromedp.Call(ctx, page.Enable, page.EnableParams{}); err != nil {
			return err
		}
		if _, err := chromedp.Call(ctx, network.Enable, network.EnableParams{}); err != nil {
			return err
		}
		media := emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: v.scheme}}}
		if _, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, media); err != nil {
			return err
		}
		_, err := chromedp.Call(ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: !v.script})
		return err
	}))
	b.do(chromedp.Navigate(address))
	return b
}

// listen takes every complaint of the browser and every request but the one for
// the page itself as a fault.
func (b *tab) listen(address string) func(any) {
	return func(event any) {
		switch e := event.(type) {
		case *network.EventRequestWillBeSent:
			if u := e.Request.URL; u != address && !strings.HasPrefix(u, "data:") && !strings.HasPrefix(u, address+"#") {
				b.fault("request for %s", u)
			}
		case *runtime.EventConsoleAPICalled:
			b.fault("console: %s %s", e.Type, e.Args[0].Value)
		case *runtime.EventExceptionThrown:
			b.fault("exception: %s %s", e.ExceptionDetails.Text, e.ExceptionDetails.Exception.Description)
		case *log.EventEntryAdded:
			b.fault("log: %s", e.Entry.Text)
		case *page.EventJavascriptDialogOpening:
			b.fault("dialog: %s", e.Message)
		}
	}
}

func (b *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, steps...); err != nil {
		b.t.Fatal(err)
	}
}

// value evaluates an expression on the page.
func value[T any](b *tab, expression string) T {
	b.t.Helper()
	v, err := chromedp.Run(b.ctx, chromedp.Evaluate[T](expression))
	if err != nil {
		b.t.Fatalf("%s: %v", expression, err)
	}
	return v
}

// want fails unless the expression is true on the page.
func (b *tab) want(what, expression string) {
	b.t.Helper()
	if !value[bool](b, expression) {
		b.t.Errorf("not so: %s", what)
	}
}

// close reports the faults.
func (b *tab) close() {
	b.t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, f := range b.faults {
		b.t.Error(f)
	}
}

func save(t *testing.T, all ...*study.Study) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "report.html")
	if err := os.WriteFile(file, render(t, all...), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

const (
	drawnByScript = `[...document.querySelectorAll('figure')].every(f => f.querySelector('.live svg path') && getComputedStyle(f.querySelector('.static')).display === 'none')`
	drawnBefore   = `[...document.querySelectorAll('figure')].every(f => f.querySelector('.static svg').getBoundingClientRect().height > 100 && f.querySelector('.live').childElementCount === 0)`
	// Charts and tables may scroll in themselves; nothing else reaches past the screen.
	nothingCutOff = `[...document.querySelectorAll('body *')].every(e => e.closest('.scroll') || e.closest('.skip') || e.getBoundingClientRect().right <= innerWidth + 1)`
	fits          = `document.documentElement.scrollWidth <= document.documentElement.clientWidth`
)

// TestBrowser shares one browser among everything that needs one.
func TestBrowser(t *testing.T) {
	ctx := browser(t)
	t.Run("page", func(t *testing.T) { pageInBrowser(t, ctx) })
	t.Run("keyboard", func(t *testing.T) { keyboard(t, ctx) })
	t.Run("tooltip", func(t *testing.T) { tooltip(t, ctx) })
	t.Run("fans", func(t *testing.T) { fansInBrowser(t, ctx) })
	t.Run("paper", func(t *testing.T) { paper(t, ctx) })
	t.Run("several", func(t *testing.T) { severalInBrowser(t, ctx) })
	t.Run("names", func(t *testing.T) { namesInBrowser(t, ctx) })
}

// The page works from disk on a wide and on a narrow screen, by day and by
// night, with script and without: no error, no request, nothing cut off.
func pageInBrowser(t *testing.T, ctx context.Context) {
	file := save(t, three())
	for _, v := range []view{
		{1280, true, "light"}, {375, true, "dark"}, {1280, false, "light"}, {375, false, "dark"},
	} {
		t.Run(fmt.Sprintf("%d %v %s", v.width, v.script, v.scheme), func(t *testing.T) {
			b := open(t, ctx, file, v)
			if v.script {
				b.want("every chart is drawn by the script, and only there", drawnByScript)
			} else {
				b.want("every chart is a drawing", drawnBefore)
			}
			b.want("there are charts", `document.querySelectorAll('figure').length >= 5`)
			b.want("the page is as wide as the screen", fits)
			b.want("nothing is cut off", nothingCutOff)
			b.want("the answer is above the fold", `document.querySelector('h1').getBoundingClientRect().bottom < 700`)
			paper := map[string]string{"light": "rgb(253, 252, 250)", "dark": "rgb(22, 23, 26)"}[v.scheme]
			b.want("the paper has the colour of the scheme", `getComputedStyle(document.documentElement).backgroundColor === '`+paper+`'`)
			b.close()
		})
	}
}

// Everything that can be opened is opened with the keyboard.
func keyboard(t *testing.T, ctx context.Context) {
	b := open(t, ctx, save(t, better()), view{1280, true, "light"})
	b.do(chromedp.KeyEvent("\t"))
	b.want("the first stop is the link past the header", `document.activeElement.className === 'skip'`)
	b.do(chromedp.KeyEvent("\r"))
	b.want("it leads to the answer", `location.hash === '#main'`)
	for range 200 {
		b.do(chromedp.KeyEvent("\t"))
		if value[bool](b, `document.activeElement.tagName === 'SUMMARY'`) {
			break
		}
	}
	b.want("a table can be reached", `document.activeElement.tagName === 'SUMMARY'`)
	b.want("where the keyboard is can be seen", `getComputedStyle(document.activeElement).outlineStyle !== 'none'`)
	b.do(chromedp.KeyEvent("\r"))
	b.want("a table can be opened", `document.activeElement.parentElement.open && document.activeElement.parentElement.querySelector('table').getBoundingClientRect().height > 100`)
	b.close()
}

// A pointer over a chart shows the values of all alternatives at that place.
func tooltip(t *testing.T, ctx context.Context) {
	b := open(t, ctx, save(t, better()), view{1280, true, "light"})
	got := b.hover("survival")
	if n := strings.Count(got, "%"); n != 2 || !strings.Contains(got, "not noticed after") || !strings.Contains(got, rings().title) {
		t.Errorf("the tooltip says %q", got)
	}
	b.close()
}

// A pointer over one fan shows the values of all of them at that time.
func fansInBrowser(t *testing.T, ctx context.Context) {
	b := open(t, ctx, save(t, three()), view{1280, true, "light"})
	got := b.hover("exposure-fans")
	if n := strings.Count(got, "9 in 10 from"); n != 3 || strings.Count(got, "after") != 1 || !strings.Contains(got, both().title) {
		t.Errorf("the tooltip of the fans says %q", got)
	}
	b.close()
}

// hover holds the pointer over a chart and returns what it says there.
func (b *tab) hover(figure string) string {
	b.t.Helper()
	at := value[[]float64](b, `(() => { const e = document.querySelector('#`+figure+` .live'); e.scrollIntoView(); const r = e.getBoundingClientRect(); return [r.left + 250, r.top + 100]; })()`)
	b.do(chromedp.MouseEvent("mouseMoved", at[0], at[1]), chromedp.MouseEvent("mouseMoved", at[0]+2, at[1]))
	for range 50 {
		if value[bool](b, `document.querySelector('.tip') !== null`) {
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	return value[string](b, `[...document.querySelectorAll('.tiphead, .tip, .tiprest')].map(e => e.textContent).join('|')`)
}

// On paper the answer takes one page and its evidence another, drawn without the
// script. Of several studies each begins on a page of its own, after the index.
func paper(t *testing.T, ctx context.Context) {
	for want, file := range map[int]string{2: save(t, three()), 5: save(t, better(), three())} {
		t.Run(fmt.Sprint(want), func(t *testing.T) {
			b := open(t, ctx, file, view{1280, true, "dark"})
			pdf, err := chromedp.Run(b.ctx, chromedp.PrintToPDF())
			if err != nil {
				t.Fatal(err)
			}
			if n := len(regexp.MustCompile(`/Type */Page\b`).FindAll(pdf, -1)); n != want {
				t.Errorf("%d pages, want %d", n, want)
			}
			b.close()
		})
	}
}

// Names that attack the page do nothing but stand there, and long ones do not
// push anything off the screen.
func namesInBrowser(t *testing.T, ctx context.Context) {
	for i, name := range []string{
		`</script><script>alert(1)</script><img src=x onerror=alert(2)>`, "@name", strings.Repeat("long", 2500),
	} {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			b := open(t, ctx, save(t, haunted(name)), view{375, true, "light"})
			b.want("every chart is drawn by the script", drawnByScript)
			b.want("the page is as wide as the screen", fits)
			b.close()
		})
	}
}
