package ci

import (
	"fmt"
	"io"
	"strings"

	"github.com/rollrisk/rollrisk/models/study"
	"github.com/rollrisk/rollrisk/reports/section"
)

// github are the workflow commands of GitHub Actions: lines in the log of a job that
// become annotations on the lines of a file.
var github = Format{
	Name: "github",
	Doc:  "workflow commands of GitHub Actions: an annotation on the line of each gate that does not pass",
	Write: func(w io.Writer, r Result) error {
		for _, x := range r.items() {
			if x.gate.State == study.GatePass {
				continue
			}
			command := map[study.GateState]string{study.GateFail: "error", study.GateUndecided: "warning", study.GatePass: "notice"}[r.counts(x.gate)]
			title := "gate " + x.gate.Name + " fails"
			if x.gate.State == study.GateUndecided {
				title = "gate " + x.gate.Name + " is undecided"
			}
			if _, err := fmt.Fprintf(w, "::%s file=%s,line=%d,col=%d,title=%s::%s\n", command, forProperty.Replace(file(x.study)),
				max(1, x.gate.Line), max(1, x.gate.Column), forProperty.Replace(title), forMessage.Replace(x.message())); err != nil {
				return err
			}
		}
		_, err := fmt.Fprintf(w, "::notice title=rollrisk::%s\n", forMessage.Replace(section.Verdict(r.Studies...)))
		return err
	},
}

// What the runner unescapes (the toolkit's command.ts, escapeData and escapeProperty).
var (
	forMessage  = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	forProperty = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)
