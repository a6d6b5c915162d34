package assess

import (
	"cmp"
	"slices"
)

// Assessment is all that there is to say of one Rollout.
type Assessment struct {
	Kind     string    `json:"kind"`
	Name     string    `json:"name"`
	Place    Place     `json:"place"`
	Sticky   bool      `json:"sticky"`
	Table    *Table    `json:"table,omitempty"` // none where the controller would not run it
	Findings []Finding `json:"findings"`        // worst first
	Blind    []string  `json:"not_simulated"`   // what changes the risk and is not in the numbers
}

// Worst is the severity of the first finding; empty where there is none.
func (a *Assessment) Worst() Severity {
	if len(a.Findings) == 0 {
		return nothing
	}
	return a.Findings[0].Severity
}

// Assess sends releases through a rollout and asks every rule about it.
func Assess(r *Rollout, ctx Context) Assessment {
	s := &Subject{Rollout: r, Context: &ctx}
	switch {
	case len(r.Refused) > 0:
	case r.Flagger != nil:
		t := r.Flagger.table(&ctx)
		s.table = &t
	default:
		s.course = r.course(&ctx)
		t := s.course.table(&ctx)
		s.table = &t
	}
	a := Assessment{Kind: r.Kind, Name: r.Name, Place: r.Spots.At("").Place, Sticky: r.Sticky, Table: s.table, Findings: []Finding{}, Blind: append([]string{}, r.Blind...)}
	for _, rule := range Rules() {
		for _, f := range rule.Find(s) {
			f.Rule, f.Title, f.Rollout = rule.ID, rule.Title, r.Name
			if f.Severity == nothing {
				f.Severity = rule.Severity
			}
			a.Findings = append(a.Findings, f)
		}
	}
	slices.SortStableFunc(a.Findings, func(x, y Finding) int { return cmp.Compare(rank(x.Severity), rank(y.Severity)) })
	return a
}

func rank(s Severity) int { return slices.Index([]Severity{Bad, Doubt, Worth}, s) }

// course of a rollout that is not Flagger's.
func (r *Rollout) course(ctx *Context) *course {
	var c *course
	switch {
	case r.Canary != nil:
		c = r.Canary.course(ctx)
	case r.BlueGreen != nil:
		c = r.BlueGreen.course(ctx)
	default:
		c = r.Ramp.course(ctx)
	}
	if !r.Sticky { // every request is a lottery of its own: everybody can be hit
		c.lottery = true
	}
	return c
}

// Subject is what a Rule is asked about.
type Subject struct {
	Rollout *Rollout
	Context *Context

	course *course // nil for Flagger, and where the controller refuses
	table  *Table  // nil where the controller refuses
}

// Rule knows one way in which a configuration does not do what it seems to.
type Rule struct {
	ID       string // stable
	Title    string // a few words
	Severity Severity
	Doc      string // what is wrong with it, and what mends it
	Find     func(s *Subject) []Finding
}
