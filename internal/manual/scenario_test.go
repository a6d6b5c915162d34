package manual

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/rollrisk/rollrisk/scenarios"
)

// scenarioPage is the reference of scenario files, from the table of keys that the
// decoder uses.
func scenarioPage(*testing.T) string {
	p := &keyPage{told: map[string]bool{"detectors": true}}
	p.b.WriteString(generated("Scenario files", "scenarios.Format"))
	p.b.WriteString(`A scenario is one YAML file, version 1. Every key is here; an unknown one is a fault, with its place
and the nearest known key. ` + "`rollrisk scenario schema`" + ` prints the same as a JSON Schema for editors
([scenario.schema.json](scenario.schema.json)).

A number may be written in three ways, where the table says so:

| written | means | drawn |
|---|---|---|
| ` + "`45%`" + ` | known | never |
| ` + "`35% to 60%`" + ` | an *interval*: nobody knows it exactly; true with 90 % | once for a whole period |
| ` + "`varies 10m to 2h`" + ` | it *varies*: 90 % of the times lie between | at each use |

Any number may say where it comes from: ` + "`{value: 45%, provenance: cited, source: ...}`" + `, with provenance
measured, elicited, cited or assumption. The report prints it.

`)
	p.units()
	p.spreads()
	p.section("scenario", "The file.", scenarios.Format().Keys)
	return p.b.String()
}

// keyPage writes groups of keys, each once.
type keyPage struct {
	b    strings.Builder
	told map[string]bool
	next []func()
}

func (p *keyPage) units() {
	p.b.WriteString("| unit | for example |\n|---|---|\n")
	for _, u := range []scenarios.Unit{scenarios.Duration, scenarios.WorkTime, scenarios.Share, scenarios.Factor,
		scenarios.Count, scenarios.Rate, scenarios.Money} {
		fmt.Fprintf(&p.b, "| %s | `%s` |\n", u.Name, strings.Join(u.Examples, "`, `"))
	}
}

func (p *keyPage) spreads() {
	p.b.WriteString("\n## spreads\n\nThe ways to write what is in doubt. With `varies` before it, a value differs at each use; without, nobody knows it.\n\n" +
		"| written | means | |\n|---|---|---|\n")
	for _, s := range scenarios.Spreads() {
		var limits []string
		if s.Varies {
			limits = append(limits, "only after `varies`")
		}
		if !s.Shares {
			limits = append(limits, "not for shares")
		}
		fmt.Fprintf(&p.b, "| `%s` | %s | %s |\n", s.Form, cell(s.Doc), strings.Join(limits, "; "))
	}
}

// section writes a table of keys, then those that hang below it.
func (p *keyPage) section(title, doc string, keys []scenarios.Key) {
	p.told[title] = true
	fmt.Fprintf(&p.b, "\n## %s\n\n%s\n\n| key | value | when silent | meaning |\n|---|---|---|---|\n", title, doc)
	for i := range keys {
		k := &keys[i]
		fmt.Fprintf(&p.b, "| `%s` | %s | %s | %s |\n", k.Name, p.value(k.Name, k.Doc, k.Type), silent(k), cell(k.Doc))
	}
	below := p.next
	p.next = nil
	for _, write := range below {
		write()
	}
}

// later writes a section after the present one, unless it is there already.
func (p *keyPage) later(title, doc string, keys []scenarios.Key) string {
	if !p.told[title] {
		p.told[title] = true
		p.next = append(p.next, func() { p.section(title, doc, keys) })
	}
	return fmt.Sprintf("[%s](#%s)", title, strings.ReplaceAll(title, " ", "-"))
}

func silent(k *scenarios.Key) string {
	switch {
	case k.Required:
		return "required"
	case k.Default == "":
		return ""
	case k.Basis.Source == "":
		return "`" + k.Default + "`"
	}
	return fmt.Sprintf("`%s` (%s: %s)", k.Default, k.Basis.Provenance, cell(k.Basis.Source))
}

// value says what may stand at a key.
func (p *keyPage) value(name, doc string, t scenarios.Type) string {
	if name == "detectors" {
		return "by name: a [detector](detectors.md)"
	}
	switch t := t.(type) {
	case scenarios.Mapping:
		return p.later(name, doc, t.Keys)
	case scenarios.Named:
		return "by name: " + p.value(t.What, doc, t.Of)
	case scenarios.List:
		return "list: " + p.value(t.What, doc, t.Of)
	case scenarios.Variants:
		var kinds []string
		for _, v := range t.Of {
			kinds = append(kinds, p.later(name+" "+v.Name, v.Doc, v.Keys))
		}
		return strings.Join(kinds, " or ")
	case scenarios.Either:
		return p.value(name, doc, t.Word) + ", or " + p.value(name, doc, t.List)
	}
	return leaf(t)
}

// leaf says what may stand where nothing hangs below.
func leaf(t scenarios.Type) string {
	switch t := t.(type) {
	case scenarios.Number:
		s := t.Unit.Name
		if t.Zero != "" {
			s += " or `" + t.Zero + "`"
		}
		return s + map[scenarios.Doubts]string{scenarios.MayDoubt: "; interval", scenarios.MayVary: "; interval, varies"}[t.Doubts]
	case scenarios.Choice:
		var words []string
		for _, w := range t.Words {
			if w.Doc == "" {
				words = append(words, "`"+w.Name+"`")
			} else {
				words = append(words, fmt.Sprintf("`%s` (%s)", w.Name, w.Doc))
			}
		}
		return strings.Join(words, ", ")
	case scenarios.Phrase:
		var forms []string
		for _, f := range t.Forms {
			forms = append(forms, "`"+f.Example+"`")
		}
		return strings.Join(slices.Compact(forms), ", ")
	case scenarios.Measured:
		return "amount in the unit of the metric"
	case scenarios.Flag:
		return "`yes`, `no`"
	case scenarios.Version:
		return "`1`"
	}
	return "text"
}
