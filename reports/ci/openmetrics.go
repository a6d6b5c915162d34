package ci

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"github.com/rollrisk/rollrisk/models/study"
	"github.com/rollrisk/rollrisk/sim/stat"
)

// openMetrics is the text form of OpenMetrics 1.0, which GitLab shows as the metrics
// report of a merge request, beside those of the target branch.
var openMetrics = Format{
	Name: "openmetrics",
	Doc:  "OpenMetrics text for the metrics report of GitLab, or Prometheus",
	Write: func(w io.Writer, r Result) error {
		b := bufio.NewWriter(w)
		for _, f := range families {
			fmt.Fprintf(b, "# TYPE %s gauge\n# HELP %s %s\n", f.name, f.name, f.help)
			for _, x := range r.items() {
				fmt.Fprintf(b, "%s{%s} %s\n", f.name, labelsOf(x), digits(f.of(x)))
			}
		}
		fmt.Fprintf(b, "# TYPE rollrisk_gate_state stateset\n# HELP rollrisk_gate_state What is known of a gate.\n")
		for _, x := range r.items() {
			for _, state := range []study.GateState{study.GatePass, study.GateFail, study.GateUndecided} {
				fmt.Fprintf(b, "rollrisk_gate_state{%s,rollrisk_gate_state=%q} %d\n", labelsOf(x), string(state), one(x.gate.State == state))
			}
		}
		fmt.Fprintf(b, "# TYPE rollrisk_changes gauge\n# HELP rollrisk_changes Changes that were simulated.\n")
		for _, s := range r.Studies {
			fmt.Fprintf(b, "rollrisk_changes{scenario=\"%s\"} %d\n", forLabel.Replace(s.About.Name), s.Size.Changes)
		}
		b.WriteString("# EOF\n")
		return b.Flush()
	},
}

// families are the numbers of a gate.
var families = []struct {
	name, help string
	of         func(x item) stat.Number
}{
	{"rollrisk_gate_value", "Value of the statistic of a gate, in the unit of its metric.", func(x item) stat.Number { return x.gate.Value }},
	{"rollrisk_gate_bound", "Bound of a gate, in the unit of its metric.", func(x item) stat.Number { return stat.Number(x.gate.Bound) }},
	{"rollrisk_gate_margin", "Standard errors by which a gate keeps clear of its bound; below 0 on the wrong side.", func(x item) stat.Number { return x.gate.Margin }},
}

// forLabel escapes a label's value (OpenMetrics 1.0, section 3.3).
var forLabel = strings.NewReplacer(`\`, `\\`, "\n", `\n`, `"`, `\"`)

func labelsOf(x item) string {
	return fmt.Sprintf(`scenario="%s",gate="%s",alternative="%s",metric="%s",statistic="%s"`, forLabel.Replace(x.study.About.Name), forLabel.Replace(x.gate.Name),
		forLabel.Replace(x.study.Alternatives[x.gate.Alternative].Name), forLabel.Replace(x.gate.Metric), forLabel.Replace(string(x.gate.Statistic)))
}

func one(yes bool) int {
	if yes {
		return 1
	}
	return 0
}
