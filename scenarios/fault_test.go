package scenarios

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

// golden compares a text with a file of testdata, or writes the file when
// ROLLRISK_UPDATE is 1.
func golden(t *testing.T, file string, got []byte) {
	t.Helper()
	if os.Getenv("ROLLRISK_UPDATE") == "1" {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs (ROLLRISK_UPDATE=1 writes it):\n%s", file, firstDifference(string(got), string(want)))
	}
}

func firstDifference(got, want string) string {
	g, w := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range g {
		if i >= len(w) || g[i] != w[i] {
			return fmt.Sprintf("line %d: got  %s\nline %d: want %s", i+1, g[i], i+1, append(w, make([]string, len(g))...)[i])
		}
	}
	return fmt.Sprintf("%d lines are missing", len(w)-len(g))
}

// badFiles are the bad scenarios of the archive, and those that no archive can
// hold.
func badFiles(t testing.TB) []txtar.File {
	t.Helper()
	archive, err := txtar.ParseFile("testdata/faults.txtar")
	if err != nil {
		t.Fatal(err)
	}
	return append(archive.Files,
		txtar.File{Name: "empty.yaml"},
		txtar.File{Name: "tab.yaml", Data: []byte("rollrisk: 1\nservice:\n\tusers: 1M\n")},
		txtar.File{Name: "latin1.yaml", Data: []byte("rollrisk: 1\ntitle: K\xf6ln\n")},
		txtar.File{Name: "utf16.yaml", Data: []byte("\xff\xfer\x00o\x00l\x00l\x00")},
		txtar.File{Name: "control.yaml", Data: []byte("rollrisk: 1\r\ntitle: \x1b[31mred\r\n")},
		txtar.File{Name: "crlf.yaml", Data: []byte("\xef\xbb\xbfrollrisk: 1\r\ntitle: T\r\nservice: {users: 5%}\r\n")},
		txtar.File{Name: "invisible.yaml", Data: []byte("rollrisk: 1\ntitle: \"a\\u202Eb\"\nservice: {users: \"1\\e[31mM\"}\n")},
		txtar.File{Name: "large.yaml", Data: bytes.Repeat([]byte("# large\n"), 40_000)},
		txtar.File{Name: "deep.yaml", Data: []byte(strings.Repeat("[", 10_000))},
		txtar.File{Name: "deep-block.yaml", Data: []byte(strings.Repeat("- ", 10_000))},
		txtar.File{Name: "wide.yaml", Data: []byte("rollrisk: 1\ntitle: [" + strings.Repeat("a, ", 30_000) + "a]\n")},
		txtar.File{Name: "long-key.yaml", Data: []byte(strings.Repeat("k", 900) + ": 1\n")},
	)
}

func manyKeys(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "key%d: 1\n", i)
	}
	return b.String()
}

// Every bad file is refused, with all of its faults at once, in the order of
// the file and at places inside it.
func TestFaults(t *testing.T) {
	var b bytes.Buffer
	for _, f := range badFiles(t) {
		s, faults := Decode(f.Name, f.Data)
		if s != nil || len(faults) == 0 {
			t.Errorf("%s is accepted", f.Name)
		}
		checkPlaces(t, f.Data, faults)
		for _, fault := range faults {
			fmt.Fprintln(&b, fault)
		}
		fmt.Fprintln(&b)
	}
	golden(t, "testdata/faults.golden", b.Bytes())
}

// The first hundred faults are told, the others are counted.
func TestManyFaults(t *testing.T) {
	for n, want := range map[int]int{10: 14, 96: 100, 97: 101, 300: 101, 5000: 101} {
		data := []byte("rollrisk: 1\n" + manyKeys(n)) // four keys are missing
		_, faults := Decode("many.yaml", data)
		checkPlaces(t, data, faults)
		if len(faults) != want {
			t.Fatalf("%d unknown keys: %d faults told, want %d", n, len(faults), want)
		}
		if last := faults[len(faults)-1].Message; want == 101 && last != "and "+plural(n+4-100, "more fault") {
			t.Errorf("%d unknown keys: %s", n, last)
		}
	}
}

// checkPlaces holds faults to the order of the file and to its inside. It is
// written without the package's own counting of lines.
func checkPlaces(t testing.TB, data []byte, faults []Fault) {
	t.Helper()
	text := strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(string(data))
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	for i, f := range faults {
		if f.Line < 1 || f.Line > len(lines) {
			t.Fatalf("%v: the file has %d lines", f, len(lines))
		}
		if len(data) <= maxBytes && (f.Column < 1 || f.Column > len([]rune(lines[f.Line-1]))+1) {
			t.Fatalf("%v: the line has %d characters", f, len([]rune(lines[f.Line-1])))
		}
		if i > 0 && (faults[i-1].Line > f.Line || faults[i-1].Line == f.Line && faults[i-1].Column > f.Column) {
			t.Fatalf("%v stands behind %v", f, faults[i-1])
		}
		if f.Message == "" || strings.ContainsAny(f.String(), "\n\x1b") {
			t.Fatalf("%q is no message", f)
		}
		if len(f.String()) > 2000 {
			t.Fatalf("a message of %d bytes", len(f.String()))
		}
	}
	if len(faults) > maxFaults+1 {
		t.Fatalf("%d faults are told", len(faults))
	}
}
