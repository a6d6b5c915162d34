package ci

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"strconv"

	"github.com/rollrisk/rollrisk/models/assess"
	"github.com/rollrisk/rollrisk/reports"
	"github.com/rollrisk/rollrisk/reports/assessment"
	page "github.com/rollrisk/rollrisk/reports/markdown"
)

// AssessFormat is one form of what is said of rollouts.
type AssessFormat struct {
	Name  string // as in -o
	Doc   string // who reads it
	Write func(w io.Writer, a *assessment.Answer) error
}

// AssessMarker stands in a comment, where nobody sees it, so that the next run finds the
// comment and updates it in place.
const AssessMarker = "<!-- rollrisk:assess -->"

// Assessments lists the forms in the order of the help.
func Assessments() []AssessFormat {
	return []AssessFormat{
		{"markdown", "GitHub Flavored Markdown for the summary of a job, under 1 MiB", func(w io.Writer, a *assessment.Answer) error { return assessMarkdown(w, a, "", summaryBytes) }},
		{"comment", "Markdown for a comment on a pull request, under 64 KiB, with a hidden marker", func(w io.Writer, a *assessment.Answer) error {
			return assessMarkdown(w, a, "\n"+AssessMarker+"\n", commentBytes)
		}},
		{"csv", "a row a rollout and defect, numbers in full", assessCSV},
		{"json", "everything, with a published schema", func(w io.Writer, a *assessment.Answer) error { return a.WriteJSON(w) }},
		{"junit", "JUnit XML: a suite a rollout, a case a rule; errors and warnings fail", assessJUnit},
		{"sarif", "SARIF 2.1.0 for code scanning: a result on the line of each finding", func(w io.Writer, a *assessment.Answer) error { return a.WriteSARIF(w) }},
		{"github", "workflow commands of GitHub Actions: the same as annotations", func(w io.Writer, a *assessment.Answer) error { return a.WriteGitHub(w) }},
		{"openmetrics", "OpenMetrics text: what each rollout catches", assessMetrics},
		{"badge", "JSON for an endpoint badge of shields.io", assessBadge},
	}
}

// NamedAssessment is the form of that name.
func NamedAssessment(name string) (AssessFormat, bool) {
	for _, f := range Assessments() {
		if f.Name == name {
			return f, true
		}
	}
	return AssessFormat{}, false
}

// assessMarkdown writes as many parts as there is room for, the answer first, and says how
// many are left out.
func assessMarkdown(w io.Writer, a *assessment.Answer, end string, most int) error {
	whole := a.Report()
	for n := len(whole.Parts); n > 0; n-- {
		var b bytes.Buffer
		r := whole
		r.Parts = whole.Parts[:n]
		if err := page.Write(&b, r); err != nil {
			return err
		}
		if left := len(whole.Parts) - n; left > 0 {
			fmt.Fprintf(&b, "\n%d more parts are left out, since no more fits here; `rollrisk assess` prints them all.\n", left)
		}
		b.WriteString(end)
		if b.Len() < most || n == 1 {
			_, err := w.Write(b.Bytes())
			return err
		}
	}
	return page.Write(w, reports.Report{Title: whole.Title, Summary: whole.Summary})
}

func assessCSV(w io.Writer, a *assessment.Answer) error {
	full := func(f float64) string { return strconv.FormatFloat(f, 'g', -1, 64) }
	rows := [][]string{{"rollout", "kind", "class", "size", "caught_before_all", "caught", "detect_hours", "users_affected", "failed_requests", "standard_error", "false", "clean_hours", "exact", "file", "line"}}
	for i := range a.Rollouts {
		x := &a.Rollouts[i]
		if x.Table == nil {
			continue
		}
		for _, r := range x.Table.Rows {
			rows = append(rows, []string{cell(x.Name), cell(x.Kind), cell(r.Class), full(r.Size), full(r.All), full(r.Caught), full(r.Detect), full(r.Users), full(r.Failed), full(r.Error),
				full(x.Table.False), full(x.Table.Lasts.Hours()), strconv.FormatBool(x.Table.Exact), cell(x.Place.File), strconv.Itoa(x.Place.Line)})
		}
	}
	return csv.NewWriter(w).WriteAll(rows)
}

// assessJUnit has a case for every rule, so that a rollout with nothing to say against it
// passes as many as one with everything fails. What is only worth knowing passes, and is
// in the output of its case.
func assessJUnit(w io.Writer, a *assessment.Answer) error {
	all := suites{Name: "rollrisk"}
	for i := range a.Rollouts {
		s := assessSuite(&a.Rollouts[i])
		all.Tests, all.Failures = all.Tests+s.Tests, all.Failures+s.Failures
		all.Suites = append(all.Suites, s)
	}
	return writeSuites(w, all)
}

func assessSuite(x *assess.Assessment) suite {
	s := suite{Name: plain(x.Name), Properties: []property{{"kind", plain(x.Kind)}, {"file", plain(x.Place.File)}}}
	for _, rule := range assess.Rules() {
		c := testCase{Name: rule.ID + " " + plain(rule.Title), Class: plain(x.Name)}
		for _, f := range x.Findings {
			if f.Rule != rule.ID {
				continue
			}
			said := plain(fmt.Sprintf("%s:%d:%d: %s", f.Place.File, f.Place.Line, f.Place.Column, assessment.Message(&f)))
			c.Output += said + "\n"
			if f.Severity != assess.Worth && c.Failure == nil {
				c.Failure = &outcome{string(f.Severity), plain(f.Title), said}
				s.Failures++
			}
		}
		s.Cases = append(s.Cases, c)
	}
	s.Tests = len(s.Cases)
	return s
}

// assessMetrics are gauges of each rollout and defect.
func assessMetrics(w io.Writer, a *assessment.Answer) error {
	b := bufio.NewWriter(w)
	for _, f := range []struct {
		name, help string
		of         func(r *assess.Row) float64
	}{
		{"rollrisk_caught_before_all", "Probability that a release with the defect is stopped before everybody has it.", func(r *assess.Row) float64 { return r.All }},
		{"rollrisk_users_affected", "Users who meet a failure of a release with the defect, mean.", func(r *assess.Row) float64 { return r.Users }},
	} {
		fmt.Fprintf(b, "# TYPE %s gauge\n# HELP %s %s\n", f.name, f.name, f.help)
		for i := range a.Rollouts {
			if t := a.Rollouts[i].Table; t != nil {
				for k := range t.Rows {
					r := &t.Rows[k]
					fmt.Fprintf(b, "%s{rollout=\"%s\",class=\"%s\",size=\"%s\"} %s\n", f.name, forLabel.Replace(a.Rollouts[i].Name), forLabel.Replace(r.Class),
						strconv.FormatFloat(r.Size, 'g', -1, 64), strconv.FormatFloat(f.of(r), 'g', -1, 64))
				}
			}
		}
	}
	fmt.Fprintf(b, "# TYPE rollrisk_false_rollback gauge\n# HELP rollrisk_false_rollback Probability that a good release is stopped.\n")
	for i := range a.Rollouts {
		if t := a.Rollouts[i].Table; t != nil {
			fmt.Fprintf(b, "rollrisk_false_rollback{rollout=\"%s\"} %s\n", forLabel.Replace(a.Rollouts[i].Name), strconv.FormatFloat(t.False, 'g', -1, 64))
		}
	}
	fmt.Fprintf(b, "# TYPE rollrisk_findings gauge\n# HELP rollrisk_findings Findings about a rollout.\n")
	for i := range a.Rollouts {
		for _, s := range []assess.Severity{assess.Bad, assess.Doubt, assess.Worth} {
			fmt.Fprintf(b, "rollrisk_findings{rollout=\"%s\",severity=\"%s\"} %d\n", forLabel.Replace(a.Rollouts[i].Name), s, found(&a.Rollouts[i], s))
		}
	}
	b.WriteString("# EOF\n")
	return b.Flush()
}

// found counts the findings of one severity.
func found(x *assess.Assessment, s assess.Severity) int {
	n := 0
	for _, f := range x.Findings {
		n += one(f.Severity == s)
	}
	return n
}

func assessBadge(w io.Writer, a *assessment.Answer) error {
	bad, doubts := 0, 0
	for i := range a.Rollouts {
		bad, doubts = bad+found(&a.Rollouts[i], assess.Bad), doubts+found(&a.Rollouts[i], assess.Doubt)
	}
	b := shield{Version: 1, Label: "rollout", Message: "nothing against it", Color: "brightgreen"}
	switch {
	case bad > 0:
		b.Message, b.Color, b.IsError = fmt.Sprintf("%d errors, %d warnings", bad, doubts), "red", true
	case doubts > 0:
		b.Message, b.Color = fmt.Sprintf("%d warnings", doubts), "orange"
	}
	return encode(w, b)
}
