package determinism

import (
	"bufio"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// A platform is where the hashes are made: how the program is built and what runs it.
type platform struct {
	name     string
	env      []string
	runner   []string // what runs the program; nil for the machine itself
	optional bool     // may be left out where the runner is missing
}

// here says whether the runner is on this machine. It fails where it is missing and
// may not be.
func (p *platform) here() (bool, error) {
	if p.runner == nil {
		return true, nil
	}
	_, err := exec.LookPath(p.runner[0])
	if err != nil && p.optional {
		return false, nil
	}
	return err == nil, err
}

func platforms(t *testing.T) []platform {
	t.Helper()
	goroot, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	script := filepath.Join(strings.TrimSpace(string(goroot)), "lib", "wasm", "go_js_wasm_exec")
	return []platform{
		{"amd64 v1", []string{"GOARCH=amd64", "GOAMD64=v1"}, nil, false},
		{"amd64 v3", []string{"GOARCH=amd64", "GOAMD64=v3"}, nil, false},
		{"wasm under node", []string{"GOOS=js", "GOARCH=wasm"}, []string{script}, false},
		{"arm64 under qemu", []string{"GOARCH=arm64"}, []string{emulator("qemu-aarch64-static", "qemu-aarch64")}, os.Getenv("ROLLRISK_EMULATOR") != "required"},
	}
}

// emulator is the first of the names that this machine has, or the first one.
func emulator(names ...string) string {
	for _, name := range names {
		if _, err := exec.LookPath(name); err == nil {
			return name
		}
	}
	return names[0]
}

func deep(t *testing.T) {
	t.Helper()
	if os.Getenv("ROLLRISK_DEEP") != "1" {
		t.Skip("builds for four platforms; set ROLLRISK_DEEP=1")
	}
}

// TestPlatforms: the same seed gives the same bytes on every platform.
func TestPlatforms(t *testing.T) {
	deep(t)
	want := ""
	for _, p := range platforms(t) {
		if here, err := p.here(); err != nil {
			t.Errorf("%s: %v", p.name, err)
			continue
		} else if !here {
			t.Logf("%s: not compared, %s is not here; ROLLRISK_EMULATOR=required demands it", p.name, p.runner[0])
			continue
		}
		got := p.hashes(t)
		if want == "" {
			want = got
			t.Logf("\n%s", want)
		}
		if got != want {
			t.Errorf("%s gives other bytes:\n%s", p.name, got)
			continue
		}
		t.Logf("%s agrees", p.name)
	}
}

// TestPlatformsDemand: what CI demands is not left out in silence.
func TestPlatformsDemand(t *testing.T) {
	t.Setenv("ROLLRISK_EMULATOR", "required")
	for _, p := range platforms(t) {
		if p.optional {
			t.Errorf("%s may be left out", p.name)
		}
	}
	absent := platform{runner: []string{"no-such-emulator"}}
	if here, err := absent.here(); here || err == nil {
		t.Error("a runner that is missing and demanded is no fault")
	}
	absent.optional = true
	if here, err := absent.here(); here || err != nil {
		t.Errorf("a runner that may be missing: %v, %v", here, err)
	}
}

func (p *platform) hashes(t *testing.T) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), "hash")
	build := exec.Command("go", "build", "-buildvcs=false", "-o", program, "./hash")
	build.Env = append(os.Environ(), append([]string{"CGO_ENABLED=0"}, p.env...)...)
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", p.name, err, out)
	}
	run := append(slices.Clone(p.runner), program)
	out, err := exec.Command(run[0], run[1:]...).Output()
	if err != nil {
		t.Fatalf("%s: %v\n%s", p.name, err, out)
	}
	return string(out)
}

// fused are the instructions that round a product and a sum only once.
var fused = regexp.MustCompile(`\t(FN?M(ADD|SUB)[DS]|VFN?M(ADD|SUB)\d+S[DS])\t`)

// place is the file and line of an instruction in the compiler's listing.
var place = regexp.MustCompile(`\(([^()]+\.go):(\d+)\)`)

// halved is a line that divides by two, which the compiler makes a product. That
// product is exact, so that fusing it changes nothing.
var halved = regexp.MustCompile(`/ ?\(?2\b`)

// TestPlatformsFuseNothing reads what the compiler makes of everything that feeds a
// study: on the platforms that have an instruction for a product and a sum at once, it
// must not be used. The hashes show it for what was run; this shows it for the rest.
func TestPlatformsFuseNothing(t *testing.T) {
	deep(t)
	for _, env := range [][]string{{"GOARCH=arm64"}, {"GOARCH=amd64", "GOAMD64=v3"}} {
		if n := listing(t, env, []string{"../../sim/...", "../../models", "../../models/detector", "../../models/metric", "../../models/study", "../../scenarios"}, func(at string) {
			t.Errorf("%v: fused at %s", env, at)
		}); n < 10_000 {
			t.Errorf("%v: only %d instructions were listed", env, n)
		}
		found := 0
		listing(t, env, []string{"./testdata/fused"}, func(string) { found++ })
		if found == 0 {
			t.Errorf("%v: the fused product in testdata was not found", env)
		}
	}
}

// listing compiles packages, calls visit for the place of every fused instruction, and
// returns how many instructions there are.
func listing(t *testing.T, env, packages []string, visit func(at string)) int {
	t.Helper()
	c := exec.Command("go", append([]string{"build", "-gcflags=-S"}, packages...)...)
	c.Env = append(os.Environ(), append([]string{"CGO_ENABLED=0"}, env...)...)
	out, err := c.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	instructions := 0
	lines := bufio.NewScanner(out)
	lines.Buffer(nil, 1<<20)
	seen := map[string]bool{}
	for lines.Scan() {
		line := lines.Text()
		if strings.HasPrefix(line, "\t0x") {
			instructions++
		}
		if at := place.FindStringSubmatch(line); fused.MatchString(line) && !seen[at[0]] {
			seen[at[0]] = true
			if !halved.MatchString(source(t, at[1], at[2])) {
				visit(at[0])
			}
		}
	}
	if err := c.Wait(); err != nil {
		t.Fatalf("%v: %v", env, err)
	}
	return instructions
}

// source is one line of a file.
func source(t *testing.T, file, line string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	n, err := strconv.Atoi(line)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(string(text), "\n")[n-1]
}
