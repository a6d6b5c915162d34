package scenarios

import (
	"encoding/csv"
	"strings"

	"github.com/rollrisk/rollrisk/models/study"

	_ "embed" // the evidence table
)

// The default classes of defect. The first file is the evidence table: shares
// of escaped defects, r, c, telemetry and the share that is global, with the
// basis of each row. The second adds what else the model asks for, one number
// a row, each with its source; a row without a value is the source of a number
// of the first.
var (
	//go:embed library/defect-classes.csv
	classesCSV string
	//go:embed library/defect-behaviour.csv
	behaviourCSV string
)

// defaultValue is a default with its basis.
type defaultValue struct {
	text  string
	basis Basis
}

// evidenceClass is a class of the table.
type evidenceClass struct {
	name     string
	manifest string  // when it shows, in words
	share    float64 // of escaped defects, 0..1
	r, c     float64 // 0..1
	values   map[string]defaultValue
}

// doc is the class in one sentence.
func (c *evidenceClass) doc() string {
	text := func(key string) string { return c.values[key].text }
	return "Class of the evidence table: " + text("share") + " of escaped defects, r " + text("reproducible") + ", c " + text("exercised") +
		", visible to telemetry " + text("telemetry") + ", affects everybody " + text("global") + "; it shows after: " + c.manifest + "."
}

// evidenceTable reads the two files. They are part of the program, so a fault in
// them is a programmer's.
func evidenceTable() []evidenceClass {
	var classes []evidenceClass
	for _, row := range records(classesCSV)[1:] {
		classes = append(classes, evidenceRow(row))
	}
	for _, row := range records(behaviourCSV)[1:] {
		c := named(classes, row[0])
		v := c.values[row[1]]
		if row[2] != "" {
			v.text = row[2]
		}
		v.basis = Basis{Provenance: study.Provenance(row[3]), Source: row[4]}
		c.values[row[1]] = v
	}
	return classes
}

func records(text string) [][]string {
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		panic("scenarios: table of defect classes: " + err.Error())
	}
	return rows
}

func named(classes []evidenceClass, name string) *evidenceClass {
	for i := range classes {
		if classes[i].name == name {
			return &classes[i]
		}
	}
	panic("scenarios: table of defect classes: no class " + name)
}

// evidenceRow reads a row: class, share of escaped, r, c, telemetry, global,
// manifest, basis.
func evidenceRow(row []string) evidenceClass {
	c := evidenceClass{name: row[0], manifest: row[6], values: map[string]defaultValue{
		"load_bound":   {"0%", assumed("shows in small rings too")},
		"load_share":   {"0%", assumed("shows in small rings too")},
		"irreversible": {"0%", assumed("a rollback heals it")},
	}}
	c.values["share"] = defaultValue{row[1] + "%", basisOf(row[7], "share")}
	var numbers [4]float64
	for i, f := range []struct{ key, symbol string }{{"reproducible", "r"}, {"exercised", "c"}, {"telemetry", "v"}, {"global", "global"}} {
		x, p := number(row[2+i])
		if p != nil {
			panic("scenarios: table of defect classes: " + p.message)
		}
		numbers[i] = x
		c.values[f.key] = defaultValue{formatShare(x, ""), basisOf(row[7], f.symbol)}
	}
	c.r, c.c = numbers[0], numbers[1]
	share, p := times(row[1], -2, row[1])
	if p != nil {
		panic("scenarios: table of defect classes: " + p.message)
	}
	c.share = share
	return c
}

// basisOf finds what the basis of a row says about one of its numbers:
// "r,v: Yuan Table 8; c: assumption". "rest" stands for all that is not named;
// what is not named at all is an assumption. The product r c that was observed
// is the source of both.
func basisOf(basis, symbol string) Basis {
	rest := Basis{Provenance: study.Assumption, Source: basis}
	for part := range strings.SplitSeq(basis, ";") {
		part = strings.TrimSpace(part)
		names, text, ok := strings.Cut(part, ":")
		if !ok {
			continue
		}
		for name := range strings.SplitSeq(names, ",") {
			switch name = strings.TrimSpace(name); {
			case name == symbol:
				return sourceOrGuess(text, part)
			case strings.HasPrefix(name, "r*c=") && (symbol == "r" || symbol == "c"):
				return Basis{Provenance: study.Cited, Source: part}
			case name == "rest":
				rest = sourceOrGuess(text, part)
			}
		}
	}
	return rest
}

// sourceOrGuess tells a citation from an assumption, which may say why.
func sourceOrGuess(text, whole string) Basis {
	why, guess := strings.CutPrefix(strings.TrimSpace(text), string(study.Assumption))
	if !guess {
		return Basis{Provenance: study.Cited, Source: whole}
	}
	return assumed(strings.Trim(why, ", "))
}
