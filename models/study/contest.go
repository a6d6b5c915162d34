package study

import (
	"fmt"

	"github.com/rollrisk/rollrisk/sim/stat"
)

// WarnOverloaded is the code of the warning that a pipeline did not keep up.
const WarnOverloaded = "overloaded"

func overloaded(title string, over, of int) stat.Warning {
	return stat.Warning{Code: WarnOverloaded, Text: fmt.Sprintf(
		"%s could not keep up with its changes in %d of %d replications: what was not delivered when the simulation gave up has a lead time of never, and its harm and cost are not known: they are left out of every number and every comparison", title, over, of)}
}

// WarnGrowing is the code of the warning that more and more is on its way.
const WarnGrowing = "growing"

func growing(title string, share float64) stat.Warning {
	return stat.Warning{Code: WarnGrowing, Text: fmt.Sprintf(
		"%s falls behind: of 100 changes that arrive, about %.0f are added to those on their way; lead times and all that depends on them grow with the length of the period and say little", title, float64(100*share))}
}

// WarnQueuing is the code of the warning that lead time is waiting for the ramp.
const WarnQueuing = "ramp"

func queuing(title string, wait, median float64, slots int) stat.Warning {
	return stat.Warning{Code: WarnQueuing, Text: fmt.Sprintf(
		"%s: a release waits %s on average until one before it has left the ramp, of a median lead time of %s; ramp_slots, here %d, says how many may be on it at a time", title, roughly(wait), roughly(median), slots)}
}

// roughly writes hours for a warning.
func roughly(hours float64) string {
	if hours >= 48 {
		return fmt.Sprintf("%.1f days", hours/24)
	}
	return fmt.Sprintf("%.1f hours", hours)
}

func imprecise(wanted, reached float64) stat.Warning {
	return stat.Warning{Code: WarnImprecise, Text: fmt.Sprintf(
		"a relative error of %.2g was asked for and %.2g was reached when the largest number of changes was simulated", wanted, reached)}
}

// contested lists what contests are about. A difference of less than one user
// or one per cent is a tie: nobody would call it better.
var contested = [...]struct {
	name string
	of   func(cost, usersAffected float64) float64
	rule stat.Rule
}{
	{"users_affected", func(_, users float64) float64 { return users }, stat.Rule{Absolute: 1, Relative: 0.01}},
	{"cost", func(cost, _ float64) float64 { return cost }, stat.Rule{Relative: 0.01}},
}

// contest lets an alternative meet the baseline, change by change over the
// defective ones: the same causes, and luck of its own for each.
func (r *reduction) contest(k int, rows *Rows) Contest {
	about := &contested[k]
	mine, theirs := make([]float64, 0, len(rows.Harm)), make([]float64, 0, len(rows.Harm))
	for i := range rows.Lean {
		if rows.Lean[i].Defects == 0 {
			continue
		}
		at := len(mine)
		rival := r.all.Rows[0].Rival[at]
		mine = append(mine, about.of(rows.Lean[i].Cost, rows.Harm[at].UsersAffected))
		theirs = append(theirs, about.of(rival.Cost, rival.UsersAffected))
	}
	baseline := stat.Column{Rows: theirs, Clusters: r.harmful}
	c := Contest{Metric: about.name, Coupling: Coupling,
		Overall: stat.Compete(baseline, stat.Column{Rows: mine, Clusters: r.harmful}, about.rule, r.p.Level)}
	c.ByClass = r.byClass(about.rule, theirs, mine)
	return c
}

func (r *reduction) byClass(rule stat.Rule, baseline, alternative []float64) []ClassCount {
	counts := make([]ClassCount, len(r.p.Case.Classes))
	for i := range counts {
		counts[i].Class = r.p.Case.Classes[i].Name
	}
	for at, class := range r.all.Classes {
		c := &counts[class]
		result := rule.Judge(baseline[at], alternative[at])
		if result == stat.Undefined {
			continue
		}
		c.Pairs++
		switch result {
		case stat.Win:
			c.Wins++
		case stat.Loss:
			c.Losses++
		case stat.Tie:
			c.Ties++
		}
	}
	return counts
}
