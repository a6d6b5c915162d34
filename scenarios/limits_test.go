package scenarios

import (
	"bytes"
	"strings"
	"testing"
)

// hostile are files that a careless reader would choke on: each is as large as
// is read at all.
func hostile() map[string][]byte {
	fill := func(head, body, tail string) []byte {
		n := (maxBytes - len(head) - len(tail)) / len(body)
		return []byte(head + strings.Repeat(body, n) + tail)
	}
	return map[string][]byte{
		"brackets":      fill("", "[", ""),
		"braces":        fill("a: ", "{a: ", ""),
		"dashes":        fill("", "- ", ""),
		"questions":     fill("", "? ", ""),
		"keys":          fill("", "a: b\n", ""),
		"flow":          fill("a: [", "1,", "]"),
		"flow open":     fill("a: [", "1,", ""),
		"flow colons":   fill("[", ":,", "]"),
		"flow maps":     fill("[", "{a: 1},", "]"),
		"flow set":      fill("{", "a,", "}"),
		"comments":      fill("", "# c\n", "a: 1"),
		"line comments": fill("", "- # c\n", ""),
		"empty keys":    fill("", ":\n", ""),
		"anchors":       fill("", "- &a\n", ""),
		"aliases":       fill("- &a 1\n", "- *a\n", ""),
		"quotes":        fill("a: ", `"`, ""),
		"escapes":       fill(`a: "`, `\n`, `"`),
		"long key":      fill("", "k", ": 1"),
		"long value":    fill("title: ", "v", ""),
		"long number":   fill("watch: ", "1", "h"),
		"words":         fill("watch: ", "1 ", ""),
		"observed":      fill("rollrisk: 1\nfix: {effort: varies observed", " 1h", "}"),
		"newlines":      fill("", "\n", ""),
		"tabs":          fill("", "\t", ""),
		"documents":     fill("", "---\n", ""),
		"literal":       fill("a: |\n", " x\n", ""),
		"folded":        fill("question: >\n", " x\n\n", ""),
		"plain":         fill("title: b\n", " b\n", ""),
		"tags":          fill("", "!a ", ""),
		"stages":        fill("rollrisk: 1\ntitle: t\nservice: {users: 1}\nchanges: {rate: 1/w}\nalternatives: {a: {title: t, stages: [", "{ring: 1%, bake: 1h},", "]}}"),
		"alternatives":  fill("rollrisk: 1\nalternatives:\n", " a: {}\n", ""),
		"traffic":       fill("rollrisk: 1\nservice: {users: 1, traffic: [", "1,", "1]}"),
		"arrivals":      fill("rollrisk: 1\nchanges: {at: [", "1h,", "1h]}"),
		"maximal":       bytes.Repeat([]byte("x"), maxBytes+1),
		"hundred MB":    bytes.Repeat([]byte("a: 1\n"), 20_000_000),
	}
}

// Every limit is applied: a hostile file is refused with a few faults inside
// of it. That it happens in time is what BenchmarkHostile shows.
func TestHostileFilesAreRefused(t *testing.T) {
	for name, data := range hostile() {
		s, faults := Decode(name, data)
		if s != nil || len(faults) == 0 {
			t.Errorf("%s is accepted", name)
			continue
		}
		if len(data) <= maxBytes {
			checkPlaces(t, data, faults)
		}
	}
}

func TestLimits(t *testing.T) {
	for _, c := range []struct{ name, data, want string }{
		{"a byte too many", strings.Repeat("#", maxBytes+1), "at most 131072 are read"},
		{"deepest", strings.Repeat("[", maxDepth) + strings.Repeat("]", maxDepth), "a list stands where a mapping"},
		{"deeper", strings.Repeat("[", maxDepth+1) + strings.Repeat("]", maxDepth+1), "nested deeper than 24 levels"},
		{"widest", "[" + strings.Repeat("a,", maxNodes-1) + "]", "a list stands where a mapping"},
		{"wider", "[" + strings.Repeat("a,", maxNodes) + "]", "more than 20000 keys and values"},
		{"an alias", "a: &x 1\nb: *x", "aliases are not read"},
		{"a merge key", "a: {<<: {b: 1}}", "merge keys are not read"},
		{"longest title", "title: " + strings.Repeat("t", 121), "the text has 121 characters; at most 120 are allowed"},
		{"ten years", "watch: 3651d", "3651d is out of range"},
	} {
		_, faults := Decode(c.name, []byte(c.data))
		found := false
		for _, f := range faults {
			found = found || strings.Contains(f.String(), c.want)
		}
		if !found {
			t.Errorf("%s: %v; want %q", c.name, faults, c.want)
		}
	}
}

// BenchmarkDecode is the cost of a usual scenario.
func BenchmarkDecode(b *testing.B) {
	data, _ := Builtin("checkout")
	b.ReportAllocs()
	for b.Loop() {
		Decode("checkout", data)
	}
}

// BenchmarkHostile is the cost of each hostile file.
func BenchmarkHostile(b *testing.B) {
	for name, data := range hostile() {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				Decode(name, data)
			}
		})
	}
}
