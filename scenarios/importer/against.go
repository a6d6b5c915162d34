package importer

import (
	"strings"

	"github.com/rollrisk/rollrisk/models/assess"
	"go.yaml.in/yaml/v4"
)

// Beside writes a rollout into a scenario, as one more alternative, so that both meet
// the same changes with the same defects. False where the rollout cannot be simulated,
// or the scenario has no alternatives.
func Beside(scenario []byte, r *assess.Rollout, ctx assess.Context) (string, bool) {
	alternative, ok := Alternative(r, ctx)
	if !ok {
		return "", false
	}
	var doc yaml.Node
	if err := yaml.Unmarshal(scenario, &doc); err != nil || len(doc.Content) == 0 {
		return "", false
	}
	root := doc.Content[0]
	lines := strings.Split(strings.TrimRight(string(scenario), "\n"), "\n")
	end, indent, people := -1, "", false
	for i := 0; i+1 < len(root.Content); i += 2 {
		k, v := root.Content[i], root.Content[i+1]
		if k.Value == "detectors" {
			people = child(v, "people") != nil
		}
		if k.Value != "alternatives" || v.Kind != yaml.MappingNode || len(v.Content) == 0 {
			continue
		}
		end, indent = len(lines), strings.Repeat(" ", max(0, v.Content[0].Column-1))
		if i+2 < len(root.Content) {
			end = root.Content[i+2].Line - 1
		}
	}
	if end < 0 || end > len(lines) {
		return "", false
	}
	if !people { // all detectors of the scenario watch it, and its own
		alternative = withoutPeople(alternative)
	}
	var added []string
	for _, l := range strings.Split(strings.TrimRight(alternative, "\n"), "\n") {
		added = append(added, indent+strings.TrimPrefix(l, "  "))
	}
	out := append(append([]string{}, lines[:end]...), added...)
	return strings.Join(append(out, lines[end:]...), "\n") + "\n", true
}

// withoutPeople leaves it to the scenario who else watches each ring.
func withoutPeople(alternative string) string {
	lines := strings.Split(alternative, "\n")
	for i, l := range lines {
		if at := strings.Index(l, ", watched_by: [people"); at >= 0 {
			lines[i] = l[:at] + "}"
		}
	}
	return strings.Join(lines, "\n")
}
