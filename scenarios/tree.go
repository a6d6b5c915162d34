package scenarios

import (
	"strings"

	"go.yaml.in/yaml/v4"
)

// Tree reads a file that goes with a scenario (a deck of the workshop) into YAML nodes, as
// strictly as a scenario: no anchors, aliases, tags or second documents, and not without
// end. The tree is nil when there are faults.
func Tree(file string, data []byte) (*yaml.Node, []Fault) {
	faults := &faultList{file: file, lines: widths(data)}
	root := parse(data, faults)
	return root, faults.sorted()
}

// Nearest is the known word that is closest to a misspelt one; "" when none is close.
func Nearest(word string, known []string) string { return nearest(word, known) }

// Alternatives are the names of the alternatives, in the order of the scenario.
func (s *Scenario) Alternatives() []string {
	var names []string
	for i := range s.world.Pipelines {
		names = append(names, s.world.Pipelines[i].Name)
	}
	return names
}

// Expand lists the addresses of the values that a pattern names, in the order of the
// scenario. A * stands for any one step: alternatives.*.stages.*.bake is the bake time of
// every stage that states one. A pattern without * is an address and is returned as it is.
func (s *Scenario) Expand(pattern string) []string {
	if !strings.Contains(pattern, "*") {
		return []string{pattern}
	}
	want := strings.Split(pattern, ".")
	var all []string
	var walk func(e *entry, depth int)
	walk = func(e *entry, depth int) {
		if depth == len(want) {
			if e.written && len(e.children) == 0 {
				all = append(all, e.path)
			}
			return
		}
		for _, c := range e.children {
			if want[depth] == "*" || want[depth] == c.name {
				walk(c, depth+1)
			}
		}
	}
	walk(s.root, 0)
	return all
}
