//go:build unix

package cmd

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/rollrisk/rollrisk/scenarios"
	"github.com/rollrisk/rollrisk/sim/rng"
)

// rollrisk is the program, which testscript has put on the path.
func rollrisk(args ...string) *exec.Cmd { return exec.Command("rollrisk", args...) }

// must runs the program to its end.
func must(t *testing.T, args ...string) {
	t.Helper()
	if out, err := rollrisk(args...).CombinedOutput(); err != nil {
		t.Fatalf("%v: %v\n%s", args, err, out)
	}
}

// pair reads page and study of a directory.
func pair(t *testing.T, dir string) [2]string {
	t.Helper()
	var both [2]string
	for i, name := range []string{"report.html", "study.json"} {
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		both[i] = string(data)
	}
	return both
}

// remains are the names in a directory but for what waits for its place.
func remains(t *testing.T, dir string) (names []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		temporary := func(p string) bool { return strings.HasPrefix(e.Name(), p) }
		if !slices.ContainsFunc([]string{".rollrisk.", ".report.html.", ".study.json."}, temporary) { // what a kill has kept from being renamed
			names = append(names, e.Name())
		}
	}
	return names
}

// A long run is killed at random moments, again and again, and goes on from what it had
// finished: the study is the same to the last byte, and at every moment in between page
// and study are whole, the old ones or the new ones. 100 kills with ROLLRISK_DEEP=1.
func TestKilled(t *testing.T) {
	kills := 5
	if os.Getenv("ROLLRISK_DEEP") == "1" {
		kills = 100
	}
	dir := t.TempDir()
	out, whole, old := filepath.Join(dir, "out"), filepath.Join(dir, "whole"), filepath.Join(dir, "old")
	args := []string{"run", "bigbang", "--changes", "80000", "--no-break-evens", "--quiet", "--out"}
	began := time.Now()
	must(t, append(args, whole)...)
	took := time.Since(began)
	must(t, "run", "mobile", "--changes", "200", "--no-break-evens", "--quiet", "--out", old)
	want, before := pair(t, whole), pair(t, old)
	fresh := func() {
		if err := os.RemoveAll(out); err != nil {
			t.Fatal(err)
		}
		if err := os.CopyFS(out, os.DirFS(old)); err != nil {
			t.Fatal(err)
		}
	}
	fresh()
	moments := rng.NewKey(1, "test/kill").Stream(0, 0, 0)
	died, withBlocks, done := 0, 0, 0
	for died < kills {
		c := rollrisk(append(args, out, "--resume")...)
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		timer := time.AfterFunc(time.Duration(moments.Uniform()*1.2*float64(took)), func() { c.Process.Kill() })
		err := c.Wait()
		timer.Stop()
		now := pair(t, out)
		for i := range now {
			if now[i] != want[i] && now[i] != before[i] {
				t.Fatalf("after %d kills file %d is neither the old one nor the new one", died, i)
			}
		}
		if err == nil {
			if now != want || !slices.Equal(remains(t, out), []string{"report.html", "study.json"}) {
				t.Fatalf("the end is another one: %v", remains(t, out))
			}
			done++
			fresh()
			continue
		}
		died++
		if blocks, _ := filepath.Glob(filepath.Join(out, resumeDir, "*", "*.block")); len(blocks) > 0 {
			withBlocks++
		}
	}
	must(t, append(args, out, "--resume")...)
	if pair(t, out) != want || !slices.Equal(remains(t, out), []string{"report.html", "study.json"}) {
		t.Errorf("the end is another one: %v", remains(t, out))
	}
	t.Logf("%d kills, %d of them with finished blocks; %d runs came to their end before", died, withBlocks, done)
	if withBlocks == 0 {
		t.Error("no kill left a finished block: nothing was taken up")
	}
}

// A run takes up what is kept, says what is damaged, and starts anew for another seed.
func TestResumed(t *testing.T) {
	out := filepath.Join(t.TempDir(), "out")
	args := []string{"run", "bigbang", "--changes", "80000", "--no-break-evens", "--quiet", "--resume", "--out", out}
	c := rollrisk(args...)
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	var blocks []string
	for range 2000 {
		if blocks, _ = filepath.Glob(filepath.Join(out, resumeDir, "*", "*.block")); len(blocks) >= 2 {
			break
		}
		time.Sleep(5 * time.Millisecond)
	}
	c.Process.Kill()
	c.Wait()
	if len(blocks) < 2 {
		t.Fatal("no blocks were kept")
	}
	data, err := os.ReadFile(blocks[0])
	if err != nil {
		t.Fatal(err)
	}
	data[len(data)/2] ^= 1
	if err := os.WriteFile(blocks[0], data, 0o600); err != nil {
		t.Fatal(err)
	}
	said, err := rollrisk(args...).CombinedOutput()
	if err != nil || strings.Count(string(said), "\n") != 1 || !strings.Contains(string(said), "cannot be used and is simulated again: it is damaged") {
		t.Errorf("%v: %q", err, said)
	}
	got := pair(t, out)
	must(t, "run", "bigbang", "--changes", "80000", "--no-break-evens", "--quiet", "--out", out)
	if pair(t, out) != got {
		t.Error("without --resume the study is another one")
	}
}

// Where blocks cannot be kept any more, that is said once, and the run comes to its end.
func TestNowhereToKeep(t *testing.T) {
	out := t.TempDir()
	if err := os.WriteFile(filepath.Join(out, resumeDir), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	said, err := rollrisk("run", "bigbang", "--changes", "60000", "--no-break-evens", "--quiet", "--resume", "--out", out).CombinedOutput()
	if err != nil || strings.Count(string(said), "is not kept for --resume") != 1 {
		t.Errorf("%v: %q", err, said)
	}
	pair(t, out)
}

// Runs of two questions that end in one directory leave page and study of the same one.
func TestTwoRunsOneDirectory(t *testing.T) {
	out := t.TempDir()
	for range 3 {
		var wait sync.WaitGroup
		for seed := range 4 {
			wait.Go(func() {
				if said, err := rollrisk("run", "bigbang", "--changes", "500", "--no-break-evens", "--quiet", "--resume",
					"--seed", fmt.Sprint(seed%2), "--out", out).CombinedOutput(); err != nil {
					t.Errorf("%v: %s", err, said)
				}
			})
		}
		wait.Wait()
		page := filepath.Join(t.TempDir(), "page.html")
		must(t, "report", filepath.Join(out, "study.json"), "--out", page)
		if want, err := os.ReadFile(page); err != nil || pair(t, out)[0] != string(want) {
			t.Errorf("the page is not that of the study (%v)", err)
		}
		if names := remains(t, out); !slices.Equal(names, []string{"report.html", "study.json"}) {
			t.Errorf("there is %v", names)
		}
	}
}

// Many that write the same pair at once: at the end both are of one of them.
func TestWritersTakeTurns(t *testing.T) {
	dir := t.TempDir()
	first, second := filepath.Join(dir, "first"), filepath.Join(dir, "second")
	for round := range 20 {
		var wait sync.WaitGroup
		for w := range 8 {
			text := fmt.Sprintf("%d of %d", w, round)
			wait.Go(func() {
				a, b := says(first, text), says(second, text)
				if w%2 == 0 {
					a, b = b, a
				}
				if err := writeWhole(a, b); err != nil {
					t.Error(err)
				}
			})
		}
		wait.Wait()
		one, err := os.ReadFile(first)
		if err != nil {
			t.Fatal(err)
		}
		holds(t, dir, map[string]string{"first": string(one), "second": string(one)})
	}
}

// As long as one run renames in a directory, another one waits, and it goes on after.
func TestWriterWaits(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "first")
	unlock, done := lock(dir), make(chan error, 1)
	go func() { done <- writeWhole(says(name, "new")) }()
	select {
	case err := <-done:
		t.Fatalf("it did not wait (%v)", err)
	case <-time.After(200 * time.Millisecond):
	}
	if _, err := os.Stat(name); err == nil {
		t.Error("it is in its place already")
	}
	unlock()
	if err := <-done; err != nil {
		t.Error(err)
	}
	holds(t, dir, map[string]string{"first": "new"})
}

// What a killed run has left beside a place is taken away when it is old, and nothing else.
func TestSweep(t *testing.T) {
	dir := t.TempDir()
	old, young, other := filepath.Join(dir, ".first.123"), filepath.Join(dir, ".first.124.old"), filepath.Join(dir, ".first.yaml.1")
	for _, name := range []string{old, young, other} {
		if err := os.WriteFile(name, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{old, other} {
		if err := os.Chtimes(name, time.Time{}, time.Now().Add(-2*abandoned)); err != nil {
			t.Fatal(err)
		}
	}
	if err := writeWhole(says(filepath.Join(dir, "first"), "new")); err != nil {
		t.Fatal(err)
	}
	holds(t, dir, map[string]string{"first": "new", ".first.124.old": "", ".first.yaml.1": ""})
}

// While a pair is exchanged, each name has a file at every moment.
func TestNamesAreNeverEmpty(t *testing.T) {
	dir := t.TempDir()
	first, second := filepath.Join(dir, "first"), filepath.Join(dir, "second")
	if err := writeWhole(says(first, "old"), says(second, "old")); err != nil {
		t.Fatal(err)
	}
	stop, seen := make(chan struct{}), make(chan string, 1)
	go func() {
		for {
			select {
			case <-stop:
				close(seen)
				return
			default:
			}
			if _, err := os.Stat(first); err != nil {
				seen <- err.Error()
				return
			}
		}
	}()
	for range 500 {
		if err := writeWhole(says(first, "new"), says(second, "new")); err != nil {
			t.Fatal(err)
		}
	}
	close(stop)
	if what, bad := <-seen; bad {
		t.Error(what)
	}
}

// The end by a signal: one line, the code of the signal, and what was there stays.
func TestSignals(t *testing.T) {
	for signal, want := range map[syscall.Signal]string{syscall.SIGTERM: "terminated", syscall.SIGINT: "interrupted", syscall.SIGHUP: "hung up"} {
		out := filepath.Join(t.TempDir(), "out")
		c := rollrisk("run", "--changes", "20000000", "--workers", "1", "--resume", "--out", out)
		var said bytes.Buffer
		c.Stderr = &said
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		for range 2000 {
			if blocks, _ := filepath.Glob(filepath.Join(out, resumeDir, "*", "*.block")); len(blocks) > 0 {
				break
			}
			time.Sleep(5 * time.Millisecond)
		}
		c.Process.Signal(signal)
		c.Wait()
		line := "rollrisk: " + want + "; nothing was written; with --resume it goes on from what is finished\n"
		if code := c.ProcessState.ExitCode(); code != exitSignal+int(signal) || said.String() != line {
			t.Errorf("%v: code %d, %q", signal, code, said.String())
		}
		if names := remains(t, out); !slices.Equal(names, []string{resumeDir}) {
			t.Errorf("%v: there is %v", signal, names)
		}
	}
}

// shell runs a line of bash; code and what was said on standard error.
func shell(t *testing.T, line string) (code int, said string) {
	t.Helper()
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Skip("there is no bash")
	}
	c := exec.Command(bash, "-c", line)
	c.Dir = t.TempDir()
	var b bytes.Buffer
	c.Stderr = &b
	c.Run()
	return c.ProcessState.ExitCode(), b.String()
}

// A full disk, behind standard output or below --out: one line, code 1, nothing left. And
// a reader that goes away.
func TestNoRoom(t *testing.T) {
	if _, err := os.Stat("/dev/full"); err == nil {
		for _, args := range []string{"version", "version --json", "scenario list", "scenario show checkout", "scenario schema", "run --help",
			"run bigbang --changes 500 --no-report", "run bigbang --changes 500 --no-report -o json", "run bigbang --changes 500 --no-report -o csv",
			"run bigbang --changes 500 --no-report -o markdown", "run bigbang mobile --changes 500 --no-report --no-break-evens",
			"explain bigbang", "compare bigbang bigbang --changes 500", "compare bigbang bigbang --changes 500 -o json",
			"calc ramp --shares 1%,100% --starts 0h,24h --hazard 0.5/h", "completion bash"} {
			code, said := shell(t, "rollrisk "+args+" > /dev/full")
			if code != exitInternal || said != "rollrisk: write /dev/stdout: no space left on device\n" {
				t.Errorf("%s: code %d, %q", args, code, said)
			}
		}
	}
	code, said := shell(t, "ulimit -f 100; rollrisk run bigbang --changes 500 --no-break-evens --quiet --out out; code=$?; ls -A out; exit $code")
	if code != exitInternal || said != "rollrisk: out/study.json: file too large\n" {
		t.Errorf("a limit of the size: code %d, %q", code, said)
	}
	code, said = shell(t, `rollrisk run bigbang --changes 500 --no-report -o json | head -c 1 > /dev/null; exit ${PIPESTATUS[0]}`)
	if code != exitSignal+int(syscall.SIGPIPE) || said != "rollrisk: standard output was closed before all was printed\n" {
		t.Errorf("a closed pipe: code %d, %q", code, said)
	}
}

// A file system without room, where this machine lets a user mount one.
func TestFullFileSystem(t *testing.T) {
	code, _ := shell(t, "mkdir full && unshare -rm mount -t tmpfs -o size=300k tmpfs full")
	if code != 0 {
		t.Skip("no file system can be mounted here")
	}
	code, said := shell(t, `mkdir full; unshare -rm bash -c 'mount -t tmpfs -o size=300k tmpfs full
rollrisk run bigbang --changes 500 --no-break-evens --quiet --out full; code=$?
[ -z "$(ls -A full)" ] || { ls -A full >&2; exit 99; }
exit $code'`)
	if code != exitInternal || said != "rollrisk: full/study.json: no space left on device\n" {
		t.Errorf("code %d, %q", code, said)
	}
}

// A directory in which one may not write: told before the work begins.
func TestReadOnlyDirectory(t *testing.T) {
	dir := t.TempDir()
	out := filepath.Join(dir, "out")
	if err := os.Mkdir(out, 0o555); err != nil {
		t.Fatal(err)
	}
	c := rollrisk("run", "--changes", "20000000", "--out", out)
	if os.Geteuid() == 0 {
		c = asNobody(t, dir, c.Args[1:]...)
	}
	said, _ := c.CombinedOutput()
	if code := c.ProcessState.ExitCode(); code != exitBadQuestion || string(said) != fmt.Sprintf("--out %s: %s: nothing can be written there: permission denied\n", out, out) {
		t.Errorf("code %d, %q", code, said)
	}
}

// asNobody is the program run by somebody who owns nothing, from a copy that he can see.
func asNobody(t *testing.T, dir string, args ...string) *exec.Cmd {
	t.Helper()
	path, err := exec.LookPath("rollrisk")
	if err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	copied := filepath.Join(dir, "rollrisk")
	if err := os.WriteFile(copied, data, 0o755); err != nil {
		t.Fatal(err)
	}
	for at := dir; at != os.TempDir() && at != "/"; at = filepath.Dir(at) {
		if err := os.Chmod(at, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	c := exec.Command(copied, args...)
	c.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
	return c
}

// A check that was killed comes to the same verdict from what it left, on another budget
// too, and leaves nothing behind.
func TestCheckResumed(t *testing.T) {
	dir := t.TempDir()
	scenario := filepath.Join(dir, "gated.yaml")
	text, _ := scenarios.Builtin("bigbang")
	gated := string(text) + "\ngates:\n  near: {alternative: bigbang, metric: users_affected, at_most: 1k}\n  far: {alternative: bigbang, metric: lead_time, statistic: p50, at_most: 20w}\n"
	if err := os.WriteFile(scenario, []byte(gated), 0o600); err != nil {
		t.Fatal(err)
	}
	check := func(more ...string) *exec.Cmd {
		c := rollrisk(append([]string{"check", scenario, "--changes", "60k", "-o", "json", "--inconclusive", "pass"}, more...)...)
		c.Dir = dir
		return c
	}
	verdict := func(c *exec.Cmd) string {
		out, err := c.Output()
		var exit *exec.ExitError
		if err != nil && !(errors.As(err, &exit) && exit.ExitCode() == exitGateFailed) {
			t.Fatal(err)
		}
		return string(out)
	}
	want := verdict(check())
	c := check("--resume", "--budget", "20M")
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	var blocks []string
	for range 2000 {
		if blocks, _ = filepath.Glob(filepath.Join(dir, resumeDir, "*", "*.block")); len(blocks) >= 1 {
			break
		}
		time.Sleep(time.Millisecond)
	}
	c.Process.Kill()
	c.Wait()
	if len(blocks) == 0 {
		t.Fatal("no block was kept")
	}
	if got := verdict(check("--resume")); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if _, err := os.Stat(filepath.Join(dir, resumeDir)); err == nil {
		t.Error("what was kept is there still")
	}
}
