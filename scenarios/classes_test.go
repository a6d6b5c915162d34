package scenarios

import (
	"math"
	"strings"
	"testing"

	"github.com/rollrisk/rollrisk/models"
	"github.com/rollrisk/rollrisk/models/study"
	"github.com/rollrisk/rollrisk/sim/dist"
)

// small is the smallest scenario, with what a test adds to it.
func small(t *testing.T, more string) *Scenario {
	t.Helper()
	s, faults := Decode("small.yaml", []byte(`rollrisk: 1
title: Small
service: {users: 1k}
changes: {rate: 40/w}
alternatives: {one: {title: one, batching: every change, stages: [ring: 100%]}}
`+more))
	for _, f := range faults {
		t.Error(f)
	}
	if s == nil {
		t.FailNow()
	}
	return s
}

// The injected mix is derived from the escaped shares as the evidence says,
// share / (1 - r c) normalised. The printed numbers are those of evidence
// section 5.2; so is the share of injected defects that such a stage stops.
func TestInjectedMix(t *testing.T) {
	classes := small(t, "").world.Classes
	want := map[string]float64{"logic": 16.2, "error-handling": 11.1, "upgrade-data-format": 10.3, "timing": 4.8, "configuration": 16.4,
		"dependency": 18.5, "environment-drift": 10.3, "scale-load": 7.7, "security-auth": 4.6}
	if len(classes) != len(want) {
		t.Fatalf("%d classes", len(classes))
	}
	total, stopped := 0.0, 0.0
	for _, c := range classes {
		if got := math.Floor(1000*c.Share+0.5) / 10; got != want[c.Name] {
			t.Errorf("%s: %.1f %% of injected defects, want %.1f", c.Name, got, want[c.Name])
		}
		total += c.Share
		stopped += c.Share * c.Reproducible.Value * c.Exercised.Value
	}
	if math.Abs(total-1) > 1e-12 || math.Floor(1000*stopped+0.5)/10 != 18.6 {
		t.Errorf("the shares add up to %v, and a staging environment stops %.2f %%, want 18.6", total, 100*stopped)
	}
}

// A better environment does not change how many defects are made; shares that
// are injected are taken as they are; a share of 0 takes a class out.
func TestMixOfAScenario(t *testing.T) {
	share := func(s *Scenario, name string) float64 {
		for _, c := range s.world.Classes {
			if c.Name == name {
				return c.Share
			}
		}
		return 0
	}
	base := small(t, "")
	better := small(t, "defects: {classes: {logic: {reproducible: 99%, exercised: 99%}}}")
	if a, b := share(base, "logic"), share(better, "logic"); a != b {
		t.Errorf("logic: %v of all, %v where it is reproduced more often", a, b)
	}
	without := small(t, "defects: {classes: {logic: {share: 0}}}")
	if share(without, "logic") != 0 || len(without.world.Classes) != 8 {
		t.Errorf("%+v", without.world.Classes)
	}
	if a, b := share(without, "timing")/share(without, "scale-load"), share(base, "timing")/share(base, "scale-load"); math.Abs(a-b) > 1e-12 {
		t.Errorf("timing to scale-load %v, before %v", a, b)
	}
	own := `defects:
  table: none
  shares: %s
  classes:
    a: {share: 10%%, reproducible: 50%%, exercised: 100%%}
    b: {share: 10%%, reproducible: 0%%, exercised: 0%%}
`
	injected := small(t, strings.NewReplacer("%s", "injected", "%%", "%").Replace(own))
	if a, b := share(injected, "a"), share(injected, "b"); a != 0.5 || b != 0.5 {
		t.Errorf("injected shares: %v and %v", a, b)
	}
	escaped := small(t, strings.NewReplacer("%s", "escaped", "%%", "%").Replace(own))
	if a, b := share(escaped, "a"), share(escaped, "b"); math.Abs(a-2.0/3) > 1e-12 || math.Abs(b-1.0/3) > 1e-12 {
		t.Errorf("escaped shares: %v and %v; half of a is caught, so two of three are a", a, b)
	}
}

// When defects show, taken together, fits what is known: half within an hour,
// 80 % within a day, 92 % within three (evidence section 5.2, an assumption made
// of Gandalf's windows). The classes were given theirs one by one, so the sum is
// held to 5 points.
func TestOnsetsFitTheEvidence(t *testing.T) {
	within := func(hours float64) float64 {
		sum, total := 0.0, 0.0
		for _, c := range evidenceTable() {
			p := shownWithin(t, small(t, ""), c.name, hours)
			sum += c.share * p
			total += c.share
		}
		return 100 * sum / total
	}
	for hours, want := range map[float64]float64{1: 50, 24: 80, 72: 92} {
		if got := within(hours); math.Abs(got-want) > 5 {
			t.Errorf("%.1f %% show within %v h, the evidence says %v", got, hours, want)
		}
	}
}

// shownWithin is the probability that a defect of a class shows within so many
// hours of full exposure.
func shownWithin(t *testing.T, s *Scenario, class string, hours float64) float64 {
	t.Helper()
	for _, c := range s.world.Classes {
		if c.Name != class {
			continue
		}
		p := 1.0
		for _, span := range []models.Span{c.Onset, c.OnsetDose} {
			if d, ok := span.Varies.(dist.CDFer); ok {
				p *= d.CDF(hours)
			} else if !span.IsZero() {
				t.Fatalf("%s: onset %+v", class, span)
			}
		}
		return p
	}
	t.Fatalf("no class %s", class)
	return 0
}

// Every number of the table has its source, and each is of the class and the
// number it stands beside.
func TestEvidenceHasSources(t *testing.T) {
	for _, c := range []struct {
		class, key string
		provenance study.Provenance
		source     string
	}{
		{"logic", "reproducible", study.Cited, "Yuan OSDI'14"},
		{"logic", "exercised", study.Cited, "Jones"},
		{"logic", "telemetry", study.Assumption, "below Ghosh"},
		{"error-handling", "exercised", study.Assumption, ""},
		{"error-handling", "telemetry", study.Cited, "Finding 6"},
		{"upgrade-data-format", "reproducible", study.Cited, "Zhang SOSP'21"},
		{"timing", "telemetry", study.Cited, "TaxDC"},
		{"timing", "global", study.Assumption, ""},
		{"configuration", "reproducible", study.Assumption, ""},
		{"scale-load", "exercised", study.Assumption, ""},
		{"scale-load", "share", study.Cited, "Gunawi"},
	} {
		b := named(evidenceTable(), c.class).values[c.key].basis
		if b.Provenance != c.provenance || !strings.Contains(b.Source, c.source) {
			t.Errorf("%s of %s: %+v; want %s, %q", c.key, c.class, b, c.provenance, c.source)
		}
	}
	for _, c := range evidenceTable() {
		for _, k := range classKeys(nil) {
			v, ok := c.values[k.Name]
			if !ok && k.Default == "" {
				t.Errorf("%s of %s is nowhere", k.Name, c.name)
			}
			if ok && (v.text == "" || v.basis.Provenance == "" || v.basis.Provenance == study.Cited && v.basis.Source == "") {
				t.Errorf("%s of %s: %+v", k.Name, c.name, v)
			}
		}
		for key := range c.values {
			if !contains(keyNames(classKeys(nil)), key) {
				t.Errorf("%s: the table has the unknown key %s", c.name, key)
			}
		}
	}
}
