package scenarios

import (
	"slices"

	"github.com/rollrisk/rollrisk/models"
)

// classes reads the classes of defect and derives the mix that is injected.
func (b *builder) classes() {
	e := b.root.get("defects")
	all := b.word(e.get("table")) != "none"
	escaped := b.word(e.get("shares")) != "injected"
	table, total := evidenceTable(), 0.0
	if classes := e.get("classes"); !all {
		classes.children = slices.DeleteFunc(classes.children, func(c *entry) bool { return !c.written })
	}
	for _, c := range e.get("classes").children {
		if c.bad {
			continue
		}
		cl := b.class(c)
		if escaped {
			cl.Share = injected(cl.Share, c, table)
		}
		if cl.Share > 0 {
			b.world.Classes = append(b.world.Classes, cl)
		}
		total += cl.Share
	}
	if e.clean() && !(total > 0) {
		b.fault(e.get("classes"), problemf("state a class with a share above 0", "there is no class of defect left"))
	}
	for i := range b.world.Classes {
		b.world.Classes[i].Share /= total
	}
	if len(b.world.Classes) > models.MaxClasses {
		b.fault(e.get("classes"), problemf("", "there are %d classes; at most %d are allowed", len(b.world.Classes), models.MaxClasses))
	}
}

// injected is how many defects of a class are made for each that escapes a test
// stage with the class's own r and c: share / (1 - r c), still to be normalised
// (evidence: published shares are conditional on having escaped). A share of
// the table goes with the r and c of the table: a better environment here does
// not change how many defects are made.
func injected(share float64, c *entry, table []evidenceClass) float64 {
	r, exercised := c.get("reproducible"), c.get("exercised")
	rc := float64(r.number * exercised.number)
	if i := slices.IndexFunc(table, func(t evidenceClass) bool { return t.name == c.name }); i >= 0 && share == table[i].share {
		rc = float64(table[i].r * table[i].c)
	}
	if rc >= 1 {
		rc = maxCaught
	}
	return share / (1 - rc)
}

// maxCaught bounds r c of a class of which nothing could have escaped.
const maxCaught = 0.99

// class reads one class; its Share is as stated.
func (b *builder) class(c *entry) models.Class {
	share := b.number(c.get("share"))
	if share == 0 {
		return models.Class{Name: c.name}
	}
	cl := models.Class{
		Name:         c.name,
		Share:        share,
		Reproducible: b.quantity(c.get("reproducible")),
		Exercised:    b.quantity(c.get("exercised")),
		Visible:      b.quantity(c.get("telemetry")),
		Reported:     b.quantity(c.get("reported")),
		Global:       b.quantity(c.get("global")),
		Strength:     b.amount(c.get("strength")),
		LoadBound:    b.quantity(c.get("load_bound")),
		Irreversible: b.quantity(c.get("irreversible")),
	}
	cl.Together = b.stated(c.get("exercised_together"))
	cl.Absent, cl.Calendar = b.stated(c.get("absent_from_first_ring")), b.stated(c.get("calendar"))
	b.onsets(&cl, c)
	if cl.Global != models.Known(1) {
		cl.Reach = b.amount(c.get("reach"))
	}
	if cl.LoadBound != models.Known(0) {
		cl.LoadShare = b.amount(c.get("load_share"))
	}
	return cl
}

// onsets reads when a defect shows. Of two onsets of which one is nothing, only
// the other is an input.
func (b *builder) onsets(cl *models.Class, c *entry) {
	clock, dose := c.get("onset"), c.get("onset_dose")
	if nothing := dose.doubt == known && dose.number == 0 && !dose.written; !nothing {
		cl.OnsetDose = b.span(dose)
	}
	if nothing := clock.doubt == known && clock.number == 0 && !clock.written; !nothing || cl.OnsetDose.IsZero() {
		cl.Onset = b.span(clock)
	}
}
