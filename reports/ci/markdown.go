package ci

import (
	"bytes"
	"fmt"
	"io"
	"slices"

	"github.com/rollrisk/rollrisk/models/study"
	page "github.com/rollrisk/rollrisk/reports/markdown"
	"github.com/rollrisk/rollrisk/reports/section"
)

// How much the places take that show Markdown: a step summary 1 MiB (GitHub Docs,
// "Workflow commands", adding a job summary), a comment 65,536 characters (the API refuses
// a longer body), which are at least as many bytes.
const (
	summaryBytes = 1 << 20
	commentBytes = 1 << 16
)

// Marker stands in a comment, where nobody sees it, so that the next run finds the comment
// and updates it in place.
const Marker = "<!-- rollrisk:gates -->"

var markdown = Format{
	Name:  "markdown",
	Doc:   "GitHub Flavored Markdown for the summary of a job, under 1 MiB",
	Write: func(w io.Writer, r Result) error { return r.markdown(w, "", summaryBytes) },
}

var comment = Format{
	Name:  "comment",
	Doc:   "Markdown for a comment on a pull request, under 64 KiB, with a hidden marker to find it by",
	Write: func(w io.Writer, r Result) error { return r.markdown(w, Marker+"\n", commentBytes) },
}

// reserve is kept for the line that says what was left out, and for the end.
const reserve = 300

// markdown writes the verdict and then a table a scenario, those that fail first, as long
// as there is room.
func (r Result) markdown(w io.Writer, end string, most int) error {
	var b bytes.Buffer
	fmt.Fprintf(&b, "**%s**\n", section.Verdict(r.Studies...))
	left := 0
	for _, s := range r.worstFirst() {
		var one bytes.Buffer
		if err := page.Write(&one, section.Gates(s)); err != nil {
			return err
		}
		if left > 0 || b.Len()+one.Len()+len(end)+reserve > most {
			left++
			continue
		}
		b.WriteString("\n" + one.String())
	}
	if left > 0 {
		fmt.Fprintf(&b, "\n%d more scenarios are left out, since no more fits here; `rollrisk check` prints them all.\n", left)
	}
	if end != "" {
		b.WriteString("\n" + end)
	}
	_, err := w.Write(b.Bytes())
	return err
}

// worstFirst are the studies that fail, then the undecided ones, then the others.
func (r Result) worstFirst() []*study.Study {
	rank := func(s *study.Study) int {
		state := Result{[]*study.Study{s}, r.Undecided}.State()
		return slices.Index([]study.GateState{study.GateFail, study.GateUndecided, study.GatePass}, state)
	}
	all := slices.Clone(r.Studies)
	slices.SortStableFunc(all, func(a, b *study.Study) int { return rank(a) - rank(b) })
	return all
}
