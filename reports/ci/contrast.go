package ci

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"encoding/xml"
	"fmt"
	"io"
	"path"
	"strconv"
	"strings"

	"github.com/rollrisk/rollrisk/models/study"
	page "github.com/rollrisk/rollrisk/reports/markdown"
	"github.com/rollrisk/rollrisk/reports/section"
)

// ContrastFormat is one form of what changed between two scenarios or studies.
type ContrastFormat struct {
	Name  string // as in -o
	Doc   string // who reads it
	Write func(w io.Writer, c *study.Contrast) error
}

// ContrastMarker stands in the Markdown, where nobody sees it, so that the next run finds
// the comment and updates it in place.
const ContrastMarker = "<!-- rollrisk:compare -->"

// Contrasts lists the forms in the order of the help.
func Contrasts() []ContrastFormat {
	return []ContrastFormat{
		{"markdown", "GitHub Flavored Markdown for a summary or a comment, under 64 KiB, with a hidden marker", contrastMarkdown},
		{"csv", "every number in full", func(w io.Writer, c *study.Contrast) error {
			_, err := io.WriteString(w, section.ContrastCSV(c))
			return err
		}},
		{"json", "everything, with a published schema", func(w io.Writer, c *study.Contrast) error { return encode(w, c) }},
		{"junit", "JUnit XML: a case a number and a gate; what got worse visibly fails", contrastJUnit},
		{"sarif", "SARIF 2.1.0: a result on the line of what was changed, of gates that flipped and numbers that moved", contrastSARIF},
		{"github", "workflow commands of GitHub Actions: the same as annotations", contrastGitHub},
		{"openmetrics", "OpenMetrics text: every number before and now", contrastMetrics},
		{"badge", "JSON for an endpoint badge of shields.io", contrastBadge},
	}
}

// NamedContrast is the form of that name.
func NamedContrast(name string) (ContrastFormat, bool) {
	for _, f := range Contrasts() {
		if f.Name == name {
			return f, true
		}
	}
	return ContrastFormat{}, false
}

// contrastMarkdown writes the change, and no more of it than a comment takes: the headline
// alone where all of it does not fit.
func contrastMarkdown(w io.Writer, c *study.Contrast) error {
	var b strings.Builder
	if err := page.Write(&b, section.Contrast(c)); err != nil {
		return err
	}
	end := "\n" + ContrastMarker + "\n"
	if b.Len()+len(end) > commentBytes {
		short := section.Contrast(c)
		short.Parts = short.Parts[:1]
		b.Reset()
		if err := page.Write(&b, short); err != nil {
			return err
		}
		b.WriteString("\nMore does not fit here; `rollrisk compare` prints it all.\n")
	}
	_, err := io.WriteString(w, b.String()+end)
	return err
}

// contrastFile is the file of the new scenario as a path with slashes.
func contrastFile(c *study.Contrast) string {
	if c.New.File == "" {
		return c.New.Name
	}
	return path.Clean(strings.ReplaceAll(c.New.File, `\`, "/"))
}

// contrastLevels are how loud each kind is. Nothing is an error but a gate that fails now:
// that something changed is no fault.
var contrastLevels = map[section.RemarkKind]string{
	section.RemarkTurned: "warning", section.RemarkFails: "error", section.RemarkPasses: "note",
	section.RemarkInput: "note", section.RemarkWorse: "warning", section.RemarkBetter: "note", section.RemarkMoved: "note",
}

// contrastRules and their order never change, so that a result is known again.
var contrastRules = []sarifRule{
	contrastRule(section.RemarkTurned, "DecisionTurned", "Another alternative hurts fewer users in more changes than before."),
	contrastRule(section.RemarkFails, "GateFailsNow", "A gate that passed fails now."),
	contrastRule(section.RemarkPasses, "GatePassesNow", "A gate that failed passes now."),
	contrastRule(section.RemarkInput, "InputChanged", "An input was changed; the message says what that does alone."),
	contrastRule(section.RemarkWorse, "NumberWorse", "A number got visibly worse."),
	contrastRule(section.RemarkBetter, "NumberBetter", "A number got visibly better."),
	contrastRule(section.RemarkMoved, "NumberMoved", "A number moved visibly, which is neither better nor worse."),
}

func contrastRule(kind section.RemarkKind, name, says string) sarifRule {
	return sarifRule{string(kind), name, sarifText{says},
		sarifText{says + " Both scenarios were simulated with the same chance; visible is what is beyond the simulation error, all numbers together."}, sarifLevel{contrastLevels[kind]}}
}

func contrastSARIF(w io.Writer, c *study.Contrast) error {
	run := sarifRun{Tool: sarifTool{sarifDriver{Name: "rollrisk", Version: c.Version, Rules: contrastRules}}, ColumnKind: "unicodeCodePoints", Results: []sarifResult{}}
	for _, r := range section.Remarks(c) {
		index := 0
		for i := range contrastRules {
			if contrastRules[i].ID == string(r.Kind) {
				index = i
			}
		}
		sum := sha256.Sum256([]byte(contrastFile(c) + "\x00" + string(r.Kind) + "\x00" + r.Name))
		run.Results = append(run.Results, sarifResult{RuleID: string(r.Kind), RuleIndex: index, Level: contrastLevels[r.Kind], Message: sarifText{plain(r.Text)},
			Locations:    []sarifLocation{{sarifPlace{sarifArtifact{uriOf(contrastFile(c))}, sarifRegion{max(1, r.Line), max(1, r.Col)}}}},
			Fingerprints: map[string]string{"rollriskContrast/v1": hex.EncodeToString(sum[:16])}})
	}
	return encode(w, sarifLog{"https://json.schemastore.org/sarif-2.1.0.json", "2.1.0", []sarifRun{run}})
}

func contrastGitHub(w io.Writer, c *study.Contrast) error {
	for _, r := range section.Remarks(c) {
		command := contrastLevels[r.Kind]
		if command == "note" {
			command = "notice"
		}
		if _, err := fmt.Fprintf(w, "::%s file=%s,line=%d,col=%d,title=%s::%s\n", command, forProperty.Replace(contrastFile(c)), max(1, r.Line), max(1, r.Col),
			forProperty.Replace(string(r.Kind)), forMessage.Replace(plain(r.Text))); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintf(w, "::notice title=rollrisk::%s\n", forMessage.Replace(plain(section.ContrastHeadline(c))))
	return err
}

// contrastJUnit has a case for every number and every gate of both. What got visibly worse
// fails, and a gate that fails now; what cannot be told is skipped.
func contrastJUnit(w io.Writer, c *study.Contrast) error {
	s := suite{Name: "compare " + plain(c.New.Name), Properties: []property{{"old", plain(c.Old.File)}, {"new", contrastFile(c)},
		{"seed", strconv.FormatUint(c.New.Seed, 10)}, {"changes", strconv.Itoa(c.New.Size.Changes)}, {"says", plain(section.ContrastHeadline(c))}}}
	for n := range c.Moves {
		who, what := section.MoveName(c, n)
		x := testCase{Name: plain(what), Class: plain(who), Output: plain(section.MoveSentence(c, n))}
		switch c.Moves[n].Verdict {
		case study.MoveWorse:
			x.Failure = &outcome{study.MoveWorse, x.Output, x.Output}
			s.Failures++
		case study.MoveUnknown:
			why := "it cannot be told whether it moved"
			x.Skipped = &why
			s.Skipped++
		}
		s.Cases = append(s.Cases, x)
	}
	for _, g := range c.Gates {
		x := testCase{Name: plain(g.Name), Class: "gates", Output: plain(fmt.Sprintf("was %q, is %q", string(g.Old), string(g.New)))}
		if g.Flipped && g.New == study.GateFail {
			x.Failure = &outcome{string(study.GateFail), x.Output, contrastFile(c) + ":" + strconv.Itoa(g.Line) + ": " + x.Output}
			s.Failures++
		}
		s.Cases = append(s.Cases, x)
	}
	s.Tests = len(s.Cases)
	return writeSuites(w, suites{Name: "rollrisk", Tests: s.Tests, Failures: s.Failures, Suites: []suite{s}})
}

func writeSuites(w io.Writer, all suites) error {
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	e := xml.NewEncoder(w)
	e.Indent("", "  ")
	if err := e.Encode(all); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

// contrastMetrics are gauges: GitLab sets those of a branch beside those of its target by
// itself, and here both sides are told.
func contrastMetrics(w io.Writer, c *study.Contrast) error {
	b := bufio.NewWriter(w)
	fmt.Fprintf(b, "# TYPE rollrisk_number gauge\n# HELP rollrisk_number A number of an alternative before and now, in the unit of its metric.\n")
	labels := func(n int) string {
		m := &c.Moves[n]
		statistic := m.Statistic
		if m.P > 0 {
			statistic = "p" + strconv.FormatFloat(float64(100*m.P), 'g', -1, 64)
		}
		return fmt.Sprintf(`scenario="%s",alternative="%s",metric="%s",statistic="%s"`, forLabel.Replace(c.New.Name),
			forLabel.Replace(c.Alternatives[m.Alternative].Name), forLabel.Replace(m.Metric), forLabel.Replace(statistic))
	}
	for n := range c.Moves {
		fmt.Fprintf(b, "rollrisk_number{%s,side=\"old\"} %s\nrollrisk_number{%s,side=\"new\"} %s\n", labels(n), digits(c.Moves[n].Old), labels(n), digits(c.Moves[n].New))
	}
	fmt.Fprintf(b, "# TYPE rollrisk_number_moved stateset\n# HELP rollrisk_number_moved What became of a number.\n")
	for n := range c.Moves {
		for _, verdict := range []string{study.MoveSame, study.MoveUnseen, study.MoveBetter, study.MoveWorse, study.MoveMoved, study.MoveUnknown} {
			fmt.Fprintf(b, "rollrisk_number_moved{%s,rollrisk_number_moved=%q} %d\n", labels(n), verdict, one(c.Moves[n].Verdict == verdict))
		}
	}
	fmt.Fprintf(b, "# TYPE rollrisk_decision_turned gauge\n# HELP rollrisk_decision_turned 1 when another alternative is ahead than before.\nrollrisk_decision_turned{scenario=\"%s\"} %d\n# EOF\n",
		forLabel.Replace(c.New.Name), one(c.Turned))
	return b.Flush()
}

func contrastBadge(w io.Writer, c *study.Contrast) error {
	worse, better, fails := 0, 0, 0
	for _, r := range section.Remarks(c) {
		switch r.Kind {
		case section.RemarkWorse:
			worse++
		case section.RemarkBetter:
			better++
		case section.RemarkFails:
			fails++
		}
	}
	b := shield{Version: 1, Label: "release risk", Message: "unchanged", Color: "brightgreen"}
	switch {
	case fails > 0:
		b.Message, b.Color, b.IsError = fmt.Sprintf("%d gate%s now", fails, map[bool]string{true: " fails", false: "s fail"}[fails == 1]), "red", true
	case c.Turned:
		b.Message, b.Color = "decision turned", "orange"
	case worse > 0:
		b.Message, b.Color = fmt.Sprintf("%d worse, %d better", worse, better), "orange"
	case better > 0:
		b.Message = fmt.Sprintf("%d better", better)
	case c.Changed:
		b.Message, b.Color = "changed", "blue"
	}
	return encode(w, b)
}
