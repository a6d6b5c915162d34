package scenarios

import (
	"bytes"
	"reflect"
	"testing"

	"pgregory.net/rapid"
)

// FuzzDecode: whatever the bytes, Decode ends, panics never, and tells faults
// inside of the file; what it accepts can be planned, written out and read again.
// The seeds are short, since the longer they are, the more of the time goes into
// making new inputs smaller; TestDamagedScenarios damages the long ones.
func FuzzDecode(f *testing.F) {
	for _, bad := range badFiles(f) {
		if len(bad.Data) < 1024 {
			f.Add(bad.Data)
		}
	}
	f.Add([]byte(soundText))
	f.Fuzz(func(t *testing.T, data []byte) {
		s, faults := Decode("fuzz.yaml", data)
		checkPlaces(t, data, faults)
		if (s == nil) == (len(faults) == 0) {
			t.Fatalf("a scenario and %d faults", len(faults))
		}
		if s != nil {
			checkAccepted(t, s)
		}
	})
}

// checkAccepted holds what is true of every scenario that Decode accepts.
func checkAccepted(t testing.TB, s *Scenario) {
	t.Helper()
	p, faults := s.Plan(Options{Seed: 1})
	if len(faults) > 0 || len(p.Inputs) == 0 || p.Changes < 1 || !(p.Level > 0 && p.Level < 1) {
		t.Fatalf("no plan: %v", faults)
	}
	if problems := p.Case.Check(); len(problems) > 0 {
		t.Fatalf("the case has problems: %v", problems)
	}
	text := s.Explicit()
	if len(text) > maxBytes {
		return // more than is read, with all its defaults
	}
	again, faults := Decode(s.File, text)
	if again == nil {
		t.Fatalf("written out it is refused: %v\n%s", faults, text)
	}
	if !reflect.DeepEqual(again.world, s.world) {
		t.Fatalf("written out it is another case:\n%s", text)
	}
	if twice := again.Explicit(); withoutMarks(twice) != withoutMarks(text) {
		t.Fatalf("written out twice it differs:\n%s\n%s", text, twice)
	}
}

// A library scenario with a few of its bytes changed: nearer to real mistakes
// than random bytes are.
func TestDamagedScenarios(t *testing.T) {
	var texts [][]byte
	for _, name := range Library() {
		data, _ := Builtin(name)
		texts = append(texts, data)
	}
	rapid.Check(t, func(t *rapid.T) {
		data := bytes.Clone(rapid.SampledFrom(texts).Draw(t, "scenario"))
		for range rapid.IntRange(1, 4).Draw(t, "damages") {
			at := rapid.IntRange(0, len(data)-1).Draw(t, "at")
			n := rapid.IntRange(0, min(8, len(data)-at)).Draw(t, "length")
			with := rapid.SampledFrom([]string{"", " ", "\n", ":", "-", "%", "0", "1", "9", "k", "h", ",", "[", "]", "{", "}", "'", "\"", "#", "\t",
				"to", "varies ", "none", "no", "~", "&a", "*a", "1e9", ".", "ring: 1%\n", "\xff", "é"}).Draw(t, "with")
			data = append(append(bytes.Clone(data[:at]), with...), data[at+n:]...)
		}
		s, faults := Decode("damaged.yaml", data)
		if (s == nil) == (len(faults) == 0) {
			t.Fatalf("a scenario and %d faults", len(faults))
		}
		if s != nil {
			if text := s.Explicit(); len(text) <= maxBytes {
				again, faults := Decode(s.File, text)
				if again == nil || !reflect.DeepEqual(again.world, s.world) {
					t.Fatalf("written out it is another case: %v\n%s", faults, text)
				}
			}
		}
	})
}

// A value that is written anywhere is read back as it is.
func TestSetAnyText(t *testing.T) {
	s := builtin(t, "checkout")
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOfN(rapid.RuneFrom([]rune("abz019 :#'\"{}[]&*!|>%@`,?-~$€.\\é")), 1, 30, -1).Draw(t, "text")
		changed, faults := s.Set("alternatives.rings.title", text)
		if changed == nil {
			if len(faults) == 0 {
				t.Fatal("neither a scenario nor a fault")
			}
			return
		}
		if got, f := changed.Get("alternatives.rings.title"); f != nil || got != joined(text) {
			t.Fatalf("%q is read as %q: %v", text, got, f)
		}
	})
}

// joined is a text as every text is read: runs of white space are one space.
func joined(text string) string { return string(bytes.Join(bytes.Fields([]byte(text)), []byte(" "))) }
