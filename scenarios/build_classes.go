package scenarios

import "github.com/rollrisk/rollrisk/models"

// classes reads the classes of defect and derives the mix that is injected.
func (b *builder) classes() {
	e := b.root.get("defects")
	all := b.word(e.get("table")) != "none"
	escaped := b.word(e.get("shares")) != "injected"
	total := 0.0
	for _, c := range e.get("classes").children {
		if c.bad || !c.written && !all {
			continue
		}
		cl := b.class(c)
		if escaped {
			cl.Share = injected(cl.Share, c)
		}
		if cl.Share > 0 {
			b.world.Classes = append(b.world.Classes, cl)
		}
		total += cl.Share
	}
	if len(b.faults.all) == 0 && !(total > 0) {
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
func injected(share float64, c *entry) float64 {
	r, exercised := c.get("reproducible"), c.get("exercised")
	rc := float64(r.number * exercised.number)
	if known, ok := tableClass(c.name); ok && !c.get("share").written {
		rc = float64(known["reproducible"] * known["exercised"])
	}
	if rc >= 1 {
		rc = maxCaught
	}
	return share / (1 - rc)
}

// maxCaught bounds r c of a class of which nothing could have escaped.
const maxCaught = 0.99

// tableClass are the numbers of a class of the evidence table.
func tableClass(name string) (map[string]float64, bool) {
	for _, c := range evidenceTable() {
		if c.name != name {
			continue
		}
		numbers := map[string]float64{}
		for _, key := range []string{"share", "reproducible", "exercised"} {
			numbers[key], _ = parseShare(c.values[key].text, "") // held by a test
		}
		return numbers, true
	}
	return nil, false
}

// class reads one class; its Share is as stated.
func (b *builder) class(c *entry) models.Class {
	share := b.number(c.get("share"))
	if share == 0 {
		return models.Class{Name: c.name}
	}
	return models.Class{
		Name:         c.name,
		Share:        share,
		Reproducible: b.quantity(c.get("reproducible")),
		Exercised:    b.quantity(c.get("exercised")),
		Visible:      b.quantity(c.get("telemetry")),
		Reported:     b.quantity(c.get("reported")),
		Global:       b.quantity(c.get("global")),
		Reach:        b.amount(c.get("reach")),
		Strength:     b.amount(c.get("strength")),
		Onset:        b.span(c.get("onset")),
		OnsetDose:    b.span(c.get("onset_dose")),
		LoadBound:    b.quantity(c.get("load_bound")),
		LoadShare:    b.amount(c.get("load_share")),
		Irreversible: b.quantity(c.get("irreversible")),
	}
}
