package scenarios

import (
	"strings"

	"github.com/rollrisk/rollrisk/models"
	"github.com/rollrisk/rollrisk/models/detector"
)

// detectorsType is made from the kinds that models/detector knows: a new one
// needs no line here.
func detectorsType() Named {
	var kinds []Variant
	for _, k := range detector.All() {
		kinds = append(kinds, Variant{Name: k.Name, Doc: k.Doc, Keys: paramKeys(k)})
	}
	return Named{Of: Variants{Key: "kind", Of: kinds}, What: "detector", Max: models.MaxDetectors}
}

func paramKeys(kind detector.Kind) []Key {
	var keys []Key
	for _, p := range kind.Params {
		k := Key{Name: p.Name, Doc: p.Doc, Required: p.Required, Type: paramType(p), Basis: sourceOf(p.Source)}
		for line := range strings.SplitSeq(kind.Example, "\n") {
			if name, example, _ := strings.Cut(line, ": "); name == p.Name {
				k.Example = example
			}
		}
		if !p.Required {
			k.Default = DetectorDefault(p)
		}
		keys = append(keys, k)
	}
	return keys
}

func paramType(p detector.Param) Type {
	switch p.Unit {
	case detector.Bool:
		return Flag{}
	case detector.Choice:
		var words []Word
		for _, w := range p.Choices {
			words = append(words, Word{Name: w})
		}
		return Choice{Words: words}
	}
	return Number{Unit: paramUnit(p.Unit), Min: p.Min, Max: p.Max, Whole: p.Unit == detector.Count}
}

// paramUnit is how a scenario writes what a detector measures.
func paramUnit(u detector.Unit) Unit {
	switch u {
	case detector.Rate:
		return Rate
	case detector.Share:
		return Share
	case detector.Duration:
		return Duration
	case detector.Count, detector.Plain:
		return Count
	}
	panic("scenarios: a detector has the unknown unit " + string(u))
}

// DetectorDefault is the default of a detector's parameter as a scenario would write it,
// such as "5%" or "1m". It is empty for a number of 0, which means that the parameter is
// off: silence says so anyway.
func DetectorDefault(p detector.Param) string {
	switch {
	case p.Unit == detector.Choice:
		return p.Choices[0]
	case p.Unit == detector.Bool && p.Default != 0:
		return "yes"
	case p.Unit == detector.Bool:
		return "no"
	case p.Default == 0:
		return ""
	}
	return paramUnit(p.Unit).format(p.Default, "")
}
