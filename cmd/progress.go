package cmd

import (
	"io"
	"log/slog"
	"os"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// slow is how long a run may take before its progress is shown.
const slow = time.Second

// progress shows how far a run is, on a terminal only, and only when it takes
// more than a moment.
type progress struct {
	bar   *progressbar.ProgressBar // nil where nothing is shown
	out   io.Writer
	began time.Time
	shown bool
	what  string // is counted

	machine *slog.Logger // instead of a bar; nil for people
	told    time.Time    // when it was told last
}

func newProgress(out io.Writer, quiet bool) *progress {
	p := &progress{out: out, began: time.Now(), what: "changes", machine: machine(out)}
	p.shown = !quiet && (isTerminal(out) || p.machine != nil)
	return p
}

// isTerminal reports whether w is a terminal that a person looks at.
func isTerminal(w any) bool {
	f, ok := behind(w).(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// at shows that done of total changes are simulated.
func (p *progress) at(done, total int) {
	if !p.shown || time.Since(p.began) < slow {
		return
	}
	if p.machine != nil {
		if time.Since(p.told) >= logEvery || done == total {
			p.told = time.Now()
			p.machine.Info("progress", "done", done, "total", total, "what", p.what)
		}
		return
	}
	if p.bar == nil || p.bar.GetMax() != total {
		p.bar = progressbar.NewOptions(total,
			progressbar.OptionSetWriter(p.out), progressbar.OptionSetDescription(p.what),
			progressbar.OptionShowIts(), progressbar.OptionSetItsString(p.what), progressbar.OptionShowCount(),
			progressbar.OptionClearOnFinish(), progressbar.OptionThrottle(100*time.Millisecond))
	}
	// A bar that cannot be drawn must not end a simulation.
	_ = p.bar.Set(done)
}

// done takes the bar away.
func (p *progress) done() {
	if p.bar != nil {
		_ = p.bar.Clear()
	}
}
