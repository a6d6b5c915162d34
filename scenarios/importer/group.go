package importer

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/rollrisk/rollrisk/models/assess"
	"go.yaml.in/yaml/v4"
)

// group is a mapping of a manifest. Every key that is read is noted; the others become
// residue when it is done with.
type group struct {
	in   *reader
	file string
	path string
	at   assess.Place
	keys []string // in the order of the file
	key  map[string]*yaml.Node
	of   map[string]*yaml.Node // values by key
	used map[string]bool
}

// group is the root of a resource.
func (in *reader) group(r *resource) *group {
	return in.newGroup(r.file, "", r.root, r.root)
}

func (in *reader) newGroup(file, path string, at, n *yaml.Node) *group {
	g := &group{in: in, file: file, path: path, at: assess.Place{File: file, Line: at.Line, Column: at.Column},
		key: map[string]*yaml.Node{}, of: map[string]*yaml.Node{}, used: map[string]bool{}}
	if n != nil {
		g.take(n, 0)
	}
	return g
}

// take takes the keys of a mapping, with those that are merged into it. Of a key that
// stands twice, the last counts, as Kubernetes has it; it is told.
func (g *group) take(n *yaml.Node, depth int) {
	var merged []*yaml.Node
	for i := 0; i+1 < len(n.Content); i += 2 {
		k, v := n.Content[i], follow(n.Content[i+1])
		if k.Value == "<<" && k.Kind == yaml.ScalarNode {
			if depth < 8 && v.Kind == yaml.MappingNode {
				merged = append(merged, v)
			}
			continue
		}
		if _, twice := g.of[k.Value]; twice {
			g.residue(k, k.Value, true, "the key stands twice; the last one counts")
		} else {
			g.keys = append(g.keys, k.Value)
		}
		g.key[k.Value], g.of[k.Value] = k, v
	}
	for _, v := range merged {
		g.merge(v, depth)
	}
}

// merge takes what is merged where it is not written itself.
func (g *group) merge(n *yaml.Node, depth int) {
	other := g.in.newGroup(g.file, g.path, n, nil)
	other.take(n, depth+1)
	for _, k := range other.keys {
		if _, written := g.of[k]; !written {
			g.keys = append(g.keys, k)
			g.key[k], g.of[k] = other.key[k], other.of[k]
		}
	}
}

func (g *group) sub(key string) string {
	if g.path == "" {
		return key
	}
	return g.path + "." + key
}

func (g *group) place(n *yaml.Node) assess.Place {
	return assess.Place{File: g.file, Line: n.Line, Column: n.Column}
}

// has says whether a key has a value.
func (g *group) has(key string) bool {
	v, written := g.of[key]
	return written && !isNull(v)
}

func isNull(n *yaml.Node) bool {
	return n.Kind == yaml.ScalarNode && n.Tag == "!!null"
}

// residue notes a field that is not in the numbers.
func (g *group) residue(at *yaml.Node, key string, risk bool, why string) {
	if len(g.in.out.Residue) < 5000 {
		g.in.out.Residue = append(g.in.out.Residue, Residue{Place: g.place(at), Path: g.sub(key), Risk: risk, Why: why})
	}
}

// aside notes keys that are understood and do not change the numbers.
func (g *group) aside(why string, keys ...string) {
	for _, k := range keys {
		if _, written := g.of[k]; written && !g.used[k] {
			g.used[k] = true
			g.residue(g.key[k], k, false, why)
		}
	}
}

// risky notes keys that change the risk and are not simulated; it says which are there.
func (g *group) risky(why string, keys ...string) []string {
	var all []string
	for _, k := range keys {
		if g.has(k) && !g.used[k] {
			g.used[k] = true
			g.residue(g.key[k], k, true, why)
			all = append(all, fmt.Sprintf("%s (line %d): %s", g.sub(k), g.key[k].Line, why))
		}
	}
	return all
}

// done makes residue of all that was not read.
func (g *group) done() {
	for _, k := range g.keys {
		if !g.used[k] {
			g.residue(g.key[k], k, false, "not known; not simulated")
		}
	}
}

// group is the mapping of a key; nil where there is none.
func (g *group) group(key string) *group {
	v, ok := g.value(key)
	if !ok {
		return nil
	}
	if v.Kind != yaml.MappingNode {
		g.wrong(key, "a mapping")
		return nil
	}
	return g.in.newGroup(g.file, g.sub(key), g.key[key], v)
}

// value is the node of a key that has a value.
func (g *group) value(key string) (*yaml.Node, bool) {
	g.used[key] = true
	if !g.has(key) {
		return nil, false
	}
	return g.of[key], true
}

// list is the list of a key; its items may be anything.
func (g *group) list(key string) []*yaml.Node {
	v, ok := g.value(key)
	if !ok {
		return nil
	}
	if v.Kind != yaml.SequenceNode {
		g.wrong(key, "a list")
		return nil
	}
	return v.Content
}

// groups are the mappings of a list.
func (g *group) groups(key string) []*group {
	var all []*group
	for i, n := range g.list(key) {
		path := fmt.Sprintf("%s[%d]", g.sub(key), i)
		if n = follow(n); n.Kind != yaml.MappingNode {
			g.in.fault(g.place(n), path, show(n.Value)+" stands where a mapping is expected", g.hintFor(n))
			continue
		}
		all = append(all, g.in.newGroup(g.file, path, n, n))
	}
	return all
}

// wrong tells that a value is not what it should be.
func (g *group) wrong(key, wants string) {
	v := g.of[key]
	what := show(v.Value)
	switch v.Kind {
	case yaml.MappingNode:
		what = "a mapping"
	case yaml.SequenceNode:
		what = "a list"
	}
	g.in.fault(g.place(v), g.sub(key), what+" stands where "+wants+" is expected", g.hintFor(v))
}

// hintFor is the hint for a value that some other tool is to fill in.
func (g *group) hintFor(v *yaml.Node) string {
	if placeholder.MatchString(v.Value) {
		return render
	}
	return ""
}

// text is the word or text of a key; empty where there is none.
func (g *group) text(key string) string {
	v, ok := g.value(key)
	if !ok {
		return ""
	}
	if v.Kind != yaml.ScalarNode {
		g.wrong(key, "a text")
		return ""
	}
	return v.Value
}

// flag is a switch; otherwise where it is not written.
func (g *group) flag(key string, otherwise bool) bool {
	v, ok := g.value(key)
	switch {
	case !ok:
		return otherwise
	case v.Kind == yaml.ScalarNode && v.Value == "true":
		return true
	case v.Kind == yaml.ScalarNode && v.Value == "false":
		return false
	}
	g.wrong(key, "true or false")
	return otherwise
}

// whole is a whole number; false where it is not written.
func (g *group) whole(key string) (int, bool) {
	v, ok := g.value(key)
	if !ok {
		return 0, false
	}
	n, err := strconv.Atoi(v.Value)
	if err != nil || v.Kind != yaml.ScalarNode {
		g.wrong(key, "a whole number")
		return 0, false
	}
	return n, true
}

// wholes are the whole numbers of a list.
func (g *group) wholes(key string) []int {
	var all []int
	for _, v := range g.list(key) {
		n, err := strconv.Atoi(v.Value)
		if err != nil {
			g.in.fault(g.place(v), g.sub(key), show(v.Value)+" is no whole number", g.hintFor(v))
			continue
		}
		all = append(all, n)
	}
	return all
}

// real is a number; nil where it is not written.
func (g *group) real(key string) *float64 {
	v, ok := g.value(key)
	if !ok {
		return nil
	}
	x, err := strconv.ParseFloat(v.Value, 64)
	if err != nil || v.Kind != yaml.ScalarNode {
		g.wrong(key, "a number")
		return nil
	}
	return &x
}

// duration is a span as the language Go writes it, such as 1m30s; 0 where there is none.
func (g *group) duration(key string) time.Duration {
	v, ok := g.value(key)
	if !ok {
		return 0
	}
	return g.span(v, key, v.Value)
}

// span reads a duration that stands at a node.
func (g *group) span(v *yaml.Node, key, text string) time.Duration {
	d, err := time.ParseDuration(text)
	if err != nil || v.Kind != yaml.ScalarNode || d < 0 {
		hint := "for example 30s, 5m or 1h30m; there are no days"
		if h := g.hintFor(v); h != "" {
			hint = h
		}
		g.in.fault(g.place(v), g.sub(key), show(text)+" is no duration that the controller reads", hint)
		return 0
	}
	return d
}

// spots are the places of all keys.
func (g *group) spots() assess.Spots {
	s := assess.Spots{"": {Place: g.at, Value: g.at, Last: g.at.Line}}
	last := g.at.Line
	for _, k := range g.keys {
		v := g.of[k]
		spot := assess.Spot{Place: g.place(g.key[k]), Value: g.place(v), Last: lastLine(v)}
		if v.Kind == yaml.ScalarNode && v.Style&(yaml.LiteralStyle|yaml.FoldedStyle) == 0 && !strings.Contains(v.Value, "\n") {
			spot.Text = v.Value
			switch {
			case v.Style&yaml.DoubleQuotedStyle != 0:
				spot.Text = strconv.Quote(v.Value)
			case v.Style&yaml.SingleQuotedStyle != 0:
				spot.Text = "'" + strings.ReplaceAll(v.Value, "'", "''") + "'"
			}
		}
		s[k] = spot
		last = max(last, spot.Last)
	}
	self := s[""]
	self.Last = last
	s[""] = self
	return s
}

// lastLine is the last line of a node.
func lastLine(n *yaml.Node) int {
	last := n.Line
	if n.Kind == yaml.ScalarNode && n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0 {
		return last + strings.Count(strings.TrimRight(n.Value, "\n"), "\n") + 1
	}
	for _, c := range n.Content {
		if c.Kind != yaml.AliasNode {
			last = max(last, lastLine(c))
		}
	}
	return last
}

// contains says whether a text holds one of some words.
func contains(text string, words ...string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(text, w) })
}
