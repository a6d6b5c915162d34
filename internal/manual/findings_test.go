package manual

import (
	"fmt"
	"strings"
	"testing"

	"github.com/rollrisk/rollrisk/models/assess"
	"github.com/rollrisk/rollrisk/scenarios/importer"
)

// findingsPage is the reference of assess: what it reads, and its rules.
func findingsPage(*testing.T) string {
	var b strings.Builder
	b.WriteString(generated("Findings of assess", "models/assess and scenarios/importer"))
	b.WriteString("What `rollrisk assess` reads, and what it finds ([guide](../guides/assess-argo.md)). Ids are stable.\n\n## What is read\n\n| | |\n|---|---|\n")
	for _, k := range importer.All() {
		if k.Title != "" {
			fmt.Fprintf(&b, "| %s | %s |\n", k.Title, cell(k.Doc))
		}
	}
	b.WriteString("| a plain ramp | `--ramp \"1% 1h, 10% 1d, 50% 1d, 100%\"`, for flags and app stores. |\n")
	b.WriteString("\n## Rules\n\nThe severity is the usual one; a finding can be less.\n\n| rule | severity | what | why it matters, and what mends it |\n|---|---|---|---|\n")
	for _, r := range assess.Rules() {
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", r.ID, r.Severity, cell(r.Title), cell(r.Doc))
	}
	b.WriteString("\n## What it rests on\n\n| key of a context file | where the default comes from |\n|---|---|\n")
	for _, s := range assess.Sources() {
		fmt.Fprintf(&b, "| `%s` | %s |\n", s.Name, cell(s.Source))
	}
	return b.String()
}
