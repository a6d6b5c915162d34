package importer

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/rollrisk/rollrisk/models/assess"
)

// TestHostile: whatever a file holds, reading and assessing end soon, and say why not.
func TestHostile(t *testing.T) {
	var bomb strings.Builder
	bomb.WriteString("apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata: {name: b}\na0: &a0 [x,x,x,x,x,x,x,x,x,x]\n")
	for i := 1; i < 30; i++ {
		fmt.Fprintf(&bomb, "a%d: &a%d [%s]\n", i, i, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*a%d,", i-1), 10), ","))
	}
	bomb.WriteString("spec: {strategy: {canary: {steps: *a29}}}\n")
	many := "apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata: {name: m}\nspec: {strategy: {canary: {analysis: {templates: [{templateName: t}]}, steps: [{setWeight: 10}, {pause: {duration: 1000h}}]}}}\n---\n" +
		"apiVersion: argoproj.io/v1alpha1\nkind: AnalysisTemplate\nmetadata: {name: t}\nspec:\n  metrics:\n  - name: s\n    interval: %s\n    failureLimit: %d\n    inconclusiveLimit: %d\n    successCondition: result[0] >= 0.99\n    failureCondition: result[0] < 0.9\n    provider: {prometheus: {query: 'sum(rate(r{code!~\"5..\"}[%s])) / sum(rate(r[5m]))'}}\n"
	loop := "apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata: {name: l}\nspec: {strategy: {canary: {analysis: {templates: [{templateName: t}]}, steps: [{setWeight: 10}]}}}\n---\n" +
		"apiVersion: argoproj.io/v1alpha1\nkind: AnalysisTemplate\nmetadata: {name: t}\nspec:\n  metrics: [{name: s, provider: {web: {}}}]\n  templates: [{templateName: t}, {templateName: t}]\n"
	for name, c := range map[string]struct{ text, want string }{
		"ten megabytes":   {strings.Repeat("a: b\n", 2<<20), "bytes; at most"},
		"aliases":         {bomb.String(), "stands where a mapping is expected"},
		"deep":            {strings.Repeat("a: {", 5000), ""},
		"deep lists":      {strings.Repeat("[", 100_000), ""},
		"many keys":       {"a:\n" + strings.Repeat(" - b\n", 350_000), "keys and values"},
		"no UTF-8":        {"a: \xff", "UTF-8"},
		"many looks":      {fmt.Sprintf(many, "1ms", 0, 0, "5m"), "-"},
		"many failures":   {fmt.Sprintf(many, "1m", 2_000_000_000, 2_000_000_000, "1m"), "-"},
		"long windows":    {fmt.Sprintf(many, "10m", 3, 0, "1000y"), "-"},
		"templates, loop": {loop, "-"},
		"many documents":  {strings.Repeat("---\nkind: Rollout\napiVersion: argoproj.io/v1alpha1\n", 1500), "no spec"},
	} {
		t.Run(name, func(t *testing.T) {
			began := time.Now()
			r := Read([]File{{"hostile.yaml", []byte(c.text)}}, Options{})
			for _, x := range r.Rollouts {
				assess.Assess(x, assess.Default())
				Scenario(x, assess.Default())
			}
			if c.want == "-" && len(r.Rollouts) != 1 {
				t.Errorf("%d rollouts, %v", len(r.Rollouts), r.Faults)
			}
			if c.want != "-" && (len(r.Faults) == 0 || !strings.Contains(r.Faults[0].Message, c.want)) {
				t.Errorf("%v; want %q", r.Faults, c.want)
			}
			if took := time.Since(began); took > 10*time.Second {
				t.Errorf("it took %v", took)
			} else if took > time.Second {
				t.Logf("it took %v", took)
			}
		})
	}
}
