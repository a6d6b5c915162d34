package cmd

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// played is a playground opened from a file in a browser that has no network.
type played struct {
	t   *testing.T
	ctx context.Context

	mu     sync.Mutex
	faults []string
}

// wrong notes what the browser complains of, from its own goroutine.
func (p *played) wrong(format string, args ...any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.faults = append(p.faults, fmt.Sprintf(format, args...))
}

// play writes the playground of a scenario and opens it. Every name resolves to nothing and
// every request but those of the page to itself is a fault.
func play(t *testing.T, scenario, changes string) *played {
	t.Helper()
	b, err := findBrowser()
	if err != nil {
		if os.Getenv("ROLLRISK_BROWSER") == "required" {
			t.Fatal(err)
		}
		t.Skip(err)
	}
	dir, err := os.MkdirTemp("", "rollrisk-browser")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		for range 50 { // the browser may still write there for a moment
			if os.RemoveAll(dir) == nil {
				return
			}
			time.Sleep(100 * time.Millisecond)
		}
	})
	file := filepath.Join(t.TempDir(), "playground.html")
	var out, errOut bytes.Buffer
	if code := Main([]string{"playground", scenario, "--out", file, "--changes", changes}, strings.NewReader(""), &out, &errOut); code != exitDone {
		t.Fatalf("exit code %d\n%s", code, errOut.String())
	}
	options := []chromedp.ExecAllocatorOption{chromedp.ExecPath(b.path), chromedp.UserDataDir(dir), chromedp.NoFirstRun, chromedp.NoDefaultBrowserCheck, chromedp.Headless, chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND")}
	for _, flag := range []string{"disable-quic", "disable-background-networking", "disable-component-update", "disable-sync", "disable-dev-shm-usage"} {
		options = append(options, chromedp.Flag(flag, true))
	}
	ctx, stop := chromedp.NewExecAllocator(t.Context(), options...)
	t.Cleanup(stop)
	ctx, stop = chromedp.NewContext(ctx)
	t.Cleanup(stop)
	ctx, stop = context.WithTimeout(ctx, 2*time.Minute)
	t.Cleanup(stop)
	p := &played{t: t, ctx: ctx}
	p.do(chromedp.EmulateViewport(1300, 1000))
	if err := chromedp.Listen(ctx, p.listen("file://"+file)); err != nil {
		t.Fatal(err)
	}
	p.do(chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		if _, err := chromedp.Call(ctx, runtime.Enable, cdp.Empty{}); err != nil {
			return err
		}
		_, err := chromedp.Call(ctx, network.Enable, network.EnableParams{})
		return err
	}), chromedp.Navigate("file://"+file))
	p.settles("done")
	t.Cleanup(func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		for _, f := range p.faults {
			t.Error(f)
		}
	})
	return p
}

func (p *played) listen(address string) func(any) {
	return func(event any) {
		switch e := event.(type) {
		case *network.EventRequestWillBeSent:
			if u := e.Request.URL; !strings.HasPrefix(u, address) && !strings.HasPrefix(u, "data:") && !strings.HasPrefix(u, "blob:") {
				p.wrong("request for %s", u)
			}
		case *runtime.EventExceptionThrown:
			p.wrong("exception: %s %s", e.ExceptionDetails.Text, e.ExceptionDetails.Exception.Description)
		}
	}
}

func (p *played) do(actions ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	if err := chromedp.Do(p.ctx, actions...); err != nil {
		p.t.Fatal(err)
	}
}

// settles waits until the last move is answered.
func (p *played) settles(state string) {
	p.t.Helper()
	p.until(`document.body && document.body.dataset.state === "` + state + `"`)
}

// until polls until a script is true.
func (p *played) until(script string) {
	p.t.Helper()
	for range 600 {
		if yes, err := chromedp.Run(p.ctx, chromedp.Evaluate[bool]("!!("+script+")")); err == nil && yes {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	p.t.Fatalf("never true: %s; the page says %s", script, evaluated[string](p, "document.body.innerText"))
}

// evaluated runs a script, which may promise its result.
func evaluated[T any](p *played, script string) T {
	p.t.Helper()
	v, err := chromedp.Run(p.ctx, chromedp.Evaluate[T](script, chromedp.EvalAwaitPromise))
	if err != nil {
		p.t.Fatalf("%.80s: %v", script, err)
	}
	return v
}

// press clicks a button.
func (p *played) press(id string) {
	p.t.Helper()
	evaluated[bool](p, `document.getElementById("`+id+`").click() === undefined`)
}

// set gives a value to an input, as somebody would who leaves it then.
func (p *played) set(selector, value, event string) {
	p.t.Helper()
	evaluated[bool](p, fmt.Sprintf("{ const e = document.querySelector(%q); e.value = %q; e.dispatchEvent(new Event(%q)); true }", selector, value, event))
}

func (p *played) text(selector string) string {
	p.t.Helper()
	return evaluated[string](p, fmt.Sprintf("document.querySelector(%q).textContent", selector))
}

// TestPlayground: from a file and without a network the page simulates; after moves with
// the keyboard alone its numbers are those of the command line for the scenario that it
// copies, to the last digit; the address brings the state back; a value that cannot be is
// refused and the last answer stays.
func TestPlayground(t *testing.T) {
	p := play(t, "bigbang", "2400")
	before := p.text("#says")
	if !strings.Contains(before, "Of 100 changes that carry a defect") {
		t.Fatalf("%q", before)
	}
	// The keyboard: ten notches on the first slider, then another seed.
	p.do(chromedp.Focus("#main-levers .lever:first-child input[type=range]"))
	for range 10 {
		p.do(chromedp.KeyEvent(kb.ArrowRight))
	}
	p.settles("done")
	p.do(chromedp.Focus("#again"), chromedp.KeyEvent("\r"))
	p.settles("done")
	p.press("copy")
	p.press("save")
	p.until("document.body.dataset.saved")
	const copied = "document.getElementById('yaml').value"
	scenario, address := evaluated[string](p, copied), evaluated[string](p, "location.hash")
	if !strings.Contains(address, "seed=2") || !strings.Contains(address, "=10") {
		t.Errorf("the address holds %s", address)
	}
	sameAsCommandLine(t, scenario, evaluated[string](p, "window.rollriskStudy"))
	// The address alone brings it back.
	p.do(chromedp.Reload())
	p.settles("done")
	p.press("copy")
	if evaluated[string](p, copied) != scenario {
		t.Error("the address does not bring the state back")
	}
	// What cannot be is refused.
	says := p.text("#says")
	p.set("#main-levers .lever:first-child input[type=text]", "many", "change")
	p.settles("fault")
	if f := p.text("#faults"); !strings.Contains(f, "many") || p.text("#says") != says {
		t.Errorf("a value that cannot be: %q, %q", f, p.text("#says"))
	}
	p.press("reset")
	p.settles("done")
	if after := p.text("#says"); after != before {
		t.Errorf("after reset %q, before %q", after, before)
	}
}

// sameAsCommandLine compares a study of the playground with what run -o json makes of the
// scenario: everything but who was asked.
func sameAsCommandLine(t *testing.T, scenario, study string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "bigbang.yaml")
	if err := os.WriteFile(file, []byte(scenario), 0o600); err != nil {
		t.Fatal(err)
	}
	var out, errOut bytes.Buffer
	if code := Main([]string{"run", file, "--seed", "2", "--changes", "2400", "--no-report", "--no-break-evens", "-o", "json"}, strings.NewReader(""), &out, &errOut); code != exitDone {
		t.Fatalf("exit code %d\n%s", code, errOut.String())
	}
	var here, there map[string]any
	if err := json.Unmarshal(out.Bytes(), &here); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(study), &there); err != nil {
		t.Fatal(err)
	}
	for _, m := range []map[string]any{here, there} {
		delete(m, "command")
		if about, ok := m["about"].(map[string]any); ok {
			delete(about, "file")
		}
	}
	for k := range here {
		if !reflect.DeepEqual(here[k], there[k]) {
			t.Errorf("%s differs from the command line's", k)
		}
	}
	if len(here) != len(there) || len(here) < 10 {
		t.Errorf("%d keys, %d on the command line", len(there), len(here))
	}
}

// TestStage: one change travels through two alternatives on one clock; each caption is a
// sentence of explain; who wants no motion gets steps and a table.
func TestStage(t *testing.T) {
	p := play(t, "bigbang", "2400")
	told := strings.Join(strings.Fields(p.text("#steps")), " ")
	p.do(chromedp.Focus("#forward"))
	captions := map[string]bool{}
	for range 40 {
		p.do(chromedp.KeyEvent("\r"))
		for _, lane := range []string{"#lane0", "#lane1"} {
			caption := strings.Join(strings.Fields(p.text(lane+" .caption")), " ")
			captions[caption] = true
			if caption != "" && !strings.Contains(told, caption) {
				t.Fatalf("%q is not in the table", caption)
			}
		}
	}
	if len(captions) < 6 {
		t.Errorf("%d captions in 40 steps", len(captions))
	}
	// What is told is what explain tells.
	var out, errOut bytes.Buffer
	if code := Main([]string{"explain", "bigbang", "--changes", "2400"}, strings.NewReader(""), &out, &errOut); code != exitDone {
		t.Fatalf("exit code %d\n%s", code, errOut.String())
	}
	pick := evaluated[string](p, "document.getElementById('story').selectedOptions[0].textContent")
	explained := strings.Join(strings.Fields(out.String()), " ")
	if !strings.Contains(explained, pick) {
		t.Errorf("explain tells of another change than %q", pick)
	}
	for c := range captions {
		if !strings.Contains(strings.ReplaceAll(explained, "\u00a0", " "), strings.ReplaceAll(c, "\u00a0", " ")) {
			t.Errorf("explain does not say %q", c)
		}
	}
	// It plays, and the clock goes on.
	p.set("#time", "0", "input")
	p.press("play")
	p.until(`Number(document.getElementById("time").value) > 0.5`)
	p.press("play")
	// Without motion, play is a step, and the table is open.
	p.do(chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-reduced-motion", Value: "reduce"}}})
		return err
	}), chromedp.Reload())
	p.settles("done")
	if label := p.text("#play"); label != "Next" {
		t.Errorf("with reduced motion the button says %q", label)
	}
	if !evaluated[bool](p, "document.getElementById('table').open") {
		t.Error("with reduced motion the table is closed")
	}
	p.press("play")
	if c := p.text("#clock"); strings.HasPrefix(c, "0 min") {
		t.Errorf("a step leaves the clock at %q", c)
	}
}

// TestPlaygroundIsAccessible holds the page against the rules of axe-core, wide and on a
// telephone, where nothing may be wider than the screen.
func TestPlaygroundIsAccessible(t *testing.T) {
	rules, err := os.ReadFile("../tools/axe/node_modules/axe-core/axe.min.js")
	if err != nil {
		if os.Getenv("ROLLRISK_BROWSER") == "required" {
			t.Fatalf("axe-core is not installed (npm ci in tools/axe): %v", err)
		}
		t.Skip("axe-core is not installed")
	}
	p := play(t, "bigbang", "2400")
	for _, wide := range []int64{1300, 375} {
		p.do(chromedp.EmulateViewport(wide, 800), chromedp.Evaluate[chromedp.Void](string(rules)+";undefined"))
		for _, rule := range evaluated[[]string](p, `axe.run(document, {resultTypes: ['violations']}).then(r => r.violations.map(v => v.id + ': ' + v.nodes.slice(0, 3).map(n => n.html).join(' ')))`) {
			t.Errorf("%d wide: %s", wide, rule)
		}
		if over := evaluated[int](p, "document.documentElement.scrollWidth - document.documentElement.clientWidth"); over > 0 {
			t.Errorf("%d wide: %d pixels too many", wide, over)
		}
		if shot := os.Getenv("ROLLRISK_PICTURES"); shot != "" {
			png, err := chromedp.Run(p.ctx, chromedp.FullScreenshot(100))
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(shot, "playground-"+map[int64]string{1300: "wide", 375: "phone"}[wide]+".png"), png, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// TestMovesFollowOneAnother: of many moves in a row the last one counts, whatever was under
// way, and the page says something in between.
func TestMovesFollowOneAnother(t *testing.T) {
	p := play(t, "bigbang", "6000")
	const slider = "#main-levers .lever:first-child input[type=range]"
	for k := 1; k <= 30; k++ {
		p.set(slider, fmt.Sprint(k), "input")
		if k%10 == 0 {
			time.Sleep(300 * time.Millisecond)
		}
	}
	p.press("save") // while a move is under way
	p.set(slider, "-20", "input")
	p.settles("done")
	p.until("document.body.dataset.saved")
	p.settles("done")
	if address := evaluated[string](p, "location.hash"); !strings.Contains(address, "=-20") {
		t.Errorf("the address holds %s", address)
	}
	last := p.text("#says")
	p.do(chromedp.Reload())
	p.settles("done")
	if again := p.text("#says"); again != last {
		t.Errorf("after many moves %q, from the address alone %q", last, again)
	}
}
