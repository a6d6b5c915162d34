// Package bestplan shows what package optimize found: as a Report for the renderers of text
// and Markdown. It refuses to know how plans are found, and computes nothing but what a
// limit leaves.
package bestplan

import (
	"fmt"
	"math"
	"strings"

	"github.com/rollrisk/rollrisk/models/optimize"
	"github.com/rollrisk/rollrisk/reports"
	"github.com/rollrisk/rollrisk/reports/number"
)

// Of is the answer for people.
func Of(name string, a *optimize.Answer) reports.Report {
	r := reports.Report{Title: "rollrisk optimize", Summary: headline(a)}
	r.Parts = []reports.Part{
		{Name: "answer", Blocks: []reports.Block{
			reports.Paragraph{Role: reports.Strip, Text: reports.Words(fmt.Sprintf("%s · %d plans simulated · %d looked at by the analytic twin · minimised: %s", name, a.Tried, a.Twins, objective(a)))},
			reports.Paragraph{Role: reports.Headline, Text: reports.Words(headline(a))},
			plans(a),
		}},
		{Name: "why", Title: "Why this plan", Blocks: []reports.Block{reports.List{Items: why(a)}}},
		{Name: "front", Title: "What speed costs", Blocks: []reports.Block{front(a)}},
	}
	if a.Diff != "" {
		r.Parts = append(r.Parts, reports.Part{Name: "change", Title: "What to change", Blocks: []reports.Block{reports.Source{Label: "shares in whole percent, times in minutes or intervals", Text: a.Diff}}})
	}
	if a.Unwritten != "" {
		r.Parts = append(r.Parts, reports.Part{Name: "change", Title: "What to change", Blocks: []reports.Block{reports.Paragraph{Role: reports.Body, Text: reports.Words("The manifest is not changed. " + a.Unwritten)}}})
	}
	if doubts := doubts(a); len(doubts) > 0 {
		r.Parts = append(r.Parts, reports.Part{Name: "doubts", Title: "How far to trust it", Blocks: []reports.Block{reports.List{Items: doubts}}})
	}
	return r
}

func objective(a *optimize.Answer) string {
	switch a.Minimise {
	case optimize.Tail:
		return "mean cost of the worst 5 % of changes"
	case optimize.Weighted:
		return fmt.Sprintf("speed %g, quality %g, risk %g against the stated plan", a.Weights.Speed, a.Weights.Quality, a.Weights.Risk)
	}
	return "mean cost of a change"
}

// headline names the plan and what it is worth against what is stated.
func headline(a *optimize.Answer) string {
	best := &a.Plans[0]
	text := fmt.Sprintf("Best: %s with rings %s, %s.", best.Frame, best.Rings.String(), value(a, best))
	for i := range a.Plans[1:] {
		if p := &a.Plans[i+1]; p.Role == "stated" && p.Frame == best.Frame && p.Versus != nil {
			return text + fmt.Sprintf(" The stated rings %s give %s: %s.", p.Rings.String(), value(a, p), more(a, p))
		}
	}
	return text
}

func value(a *optimize.Answer, p *optimize.Plan) string {
	return number.Text(p.Score.Value, p.Score.Error, unit(a))
}

func unit(a *optimize.Answer) number.Unit {
	if a.Minimise == optimize.Weighted {
		return number.Plain
	}
	return number.Money(a.Currency)
}

// more says how much worse a plan is than the best one.
func more(a *optimize.Answer, p *optimize.Plan) string {
	v := p.Versus
	switch {
	case v == nil:
		return ""
	case math.Abs(v.More) < 2*v.Error || v.More == 0:
		return "no difference visible"
	case v.More < 0:
		return number.Text(-v.More, v.Error, unit(a)) + " less than the best"
	}
	return number.Text(v.More, v.Error, unit(a)) + " more"
}

func plans(a *optimize.Answer) reports.Table {
	t := reports.Table{Caption: reports.Words("The best plan, those it was chosen over, and the published ramps"), Columns: columns("plan", "rings", "value", "against the best", "users P95", "lead time", "false alarms", "worst regret")}
	for i := range a.Plans {
		p := &a.Plans[i]
		regret := number.Absent
		if p.Regret != nil {
			regret = number.Text(float64(p.Regret.Worst), math.NaN(), unit(a))
		}
		name := p.Frame + ": " + p.Role
		if len(p.Breaks) > 0 {
			name += " (breaks " + strings.Join(p.Breaks, ", ") + ")"
		}
		t.Rows = append(t.Rows, row(name, p.Rings.String(), value(a, p), more(a, p), number.Text(p.Score.High, math.NaN(), number.Count),
			number.Text(p.Score.Hours, math.NaN(), number.Hours), number.Text(p.Score.False, math.NaN(), number.Share), regret))
	}
	return t
}

func columns(titles ...string) (all []reports.Column) {
	for i, title := range titles {
		c := reports.Column{Title: reports.Words(title), Align: reports.Right}
		if i < 2 {
			c.Align = reports.Left
		}
		if i > 5 {
			c.Narrow = reports.Droppable
		}
		all = append(all, c)
	}
	return all
}

func row(cells ...string) (r reports.Row) {
	for _, c := range cells {
		r.Cells = append(r.Cells, reports.Words(c))
	}
	return r
}

// front is the table of what none beats.
func front(a *optimize.Answer) reports.Table {
	t := reports.Table{Caption: reports.Words("No plan that was tried is both quicker and better than one of these"), Columns: columns("alternative", "rings", "lead time", "value", "users P95")}
	for i := range a.Front {
		p := &a.Front[i]
		t.Rows = append(t.Rows, row(p.Frame, p.Rings.String(), number.Text(p.Score.Hours, math.NaN(), number.Hours), value(a, p), number.Text(p.Score.High, math.NaN(), number.Count)))
	}
	return t
}

// why says what the plan trades, and which limit binds.
func why(a *optimize.Answer) (items []reports.Text) {
	say := func(format string, args ...any) { items = append(items, reports.Words(fmt.Sprintf(format, args...))) }
	best := &a.Plans[0]
	for i := range a.Plans[1:] {
		p := &a.Plans[i+1]
		if p.Role != "stated" {
			continue
		}
		say("Against %s as stated: lead time %s instead of %s, %s instead of %s users affected by a change on average, %s instead of %s.", p.Frame,
			number.Text(best.Score.Hours, math.NaN(), number.Hours), number.Text(p.Score.Hours, math.NaN(), number.Hours),
			number.Text(best.Score.Users, math.NaN(), number.Count), number.Text(p.Score.Users, math.NaN(), number.Count), value(a, best), value(a, p))
	}
	for i := range a.Plans[1:] {
		p := &a.Plans[i+1]
		if strings.HasSuffix(p.Role, ")") && p.Versus != nil {
			say("%s: %s.", p.Role, verdict(a, p))
		}
	}
	for _, role := range a.Stuck {
		say("%s: the releases of %s do not keep up with the changes on it.", role, best.Frame)
	}
	for _, limit := range a.Binding {
		say("The limit on %s binds: without it another plan would have been better.", limit)
	}
	if len(a.Binding) == 0 && a.Limits != (optimize.Limits{}) {
		say("No limit binds: the best plan is the same without them.")
	}
	return items
}

// verdict says whether a published ramp is beaten.
func verdict(a *optimize.Answer, p *optimize.Plan) string {
	switch v := p.Versus; {
	case v.More > 2*v.Error:
		return "beaten by " + number.Text(v.More, v.Error, unit(a))
	case v.More < -2*v.Error && len(p.Breaks) > 0:
		return "better by " + number.Text(-v.More, v.Error, unit(a)) + ", but it breaks a limit"
	case v.More < -2*v.Error:
		return "NOT beaten: it is better by " + number.Text(-v.More, v.Error, unit(a))
	}
	return "not beaten visibly: no difference at two standard errors"
}

// doubts are what stands between the answer and the truth.
func doubts(a *optimize.Answer) (items []reports.Text) {
	say := func(format string, args ...any) { items = append(items, reports.Words(fmt.Sprintf(format, args...))) }
	best := &a.Plans[0]
	if len(best.Breaks) > 0 {
		say("On new chance the best plan breaks: %s. It is at the edge of that limit.", strings.Join(best.Breaks, ", "))
	}
	if a.Finalists > 1 && a.Proven {
		say("Of %d finalists the best was selected so that it is within %s of the best of them in 95 of 100 searches (Kim and Nelson 2001), with %d replications; equal numbers for the same promise would take %d (Rinott 1978).",
			a.Finalists, number.Text(a.Zone, math.NaN(), unit(a)), a.Spent, a.Equal)
	}
	if a.Finalists > 1 && !a.Proven {
		say("Of %d finalists some could not be told apart within the budget; the smallest mean was taken.", a.Finalists)
	}
	if a.Worlds > 0 {
		alone := true
		for i := range a.Plans {
			if p := &a.Plans[i]; p.Role == "regret" {
				alone = false
				say("What is doubted was drawn %d times: in the world that is worst for it, %s with rings %s gives away least, %s against %s for the best plan.", a.Worlds, p.Frame, p.Rings.String(),
					number.Text(float64(p.Regret.Worst), math.NaN(), unit(a)), number.Text(float64(best.Regret.Worst), math.NaN(), unit(a)))
			}
		}
		if alone {
			say("What is doubted was drawn %d times: of the finalists the best plan also gives away least in the world that is worst for it, %s.", a.Worlds, number.Text(float64(best.Regret.Worst), math.NaN(), unit(a)))
		}
	}
	for _, s := range append(a.Twinless, a.Skipped...) {
		say("%s", strings.ReplaceAll(s, "\n", "; "))
	}
	return items
}
