package manual

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/rollrisk/rollrisk/models/detector"
	"github.com/rollrisk/rollrisk/models/metric"
	"github.com/rollrisk/rollrisk/scenarios"
)

// pages are those parts of docs/reference that are made from the code. With
// ROLLRISK_UPDATE=1 they are written instead of compared.
var pages = map[string]func(t *testing.T) string{
	"study.md":     studyPage,
	"contrast.md":  contrastPage,
	"metrics.md":   metricsPage,
	"detectors.md": detectorsPage,
	"scenario.md":  scenarioPage,
	"findings.md":  findingsPage,
}

func TestReference(t *testing.T) {
	for name, make := range pages {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(root, "docs/reference", name)
			want := make(t)
			if os.Getenv("ROLLRISK_UPDATE") == "1" {
				if err := os.WriteFile(file, []byte(want), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			got, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if string(got) != want {
				t.Errorf("docs/reference/%s is not what the code says; run: make generate", name)
			}
		})
	}
}

// generated opens every page that is made from the code.
func generated(title, from string) string {
	return fmt.Sprintf("# %s\n\n<!-- Made from %s by `make generate`; do not edit. -->\n\n", title, from)
}

func metricsPage(*testing.T) string {
	var b strings.Builder
	b.WriteString(generated("Metrics", "models/metric"))
	b.WriteString("What is measured, in the order of the tables of a report.\n\n| key | title | one value for each | unit | better | definition |\n|---|---|---|---|---|---|\n")
	for _, m := range metric.All() {
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s | %s | %s |\n", m.Name, m.Title, plain(string(m.Per)), plain(m.Unit), m.Better, cell(m.Doc))
	}
	return b.String()
}

func detectorsPage(*testing.T) string {
	var b strings.Builder
	b.WriteString(generated("Detectors", "models/detector"))
	b.WriteString("The ways of noticing a bad release while users meet it, as a scenario writes them.\n")
	for _, k := range detector.All() {
		fmt.Fprintf(&b, "\n## %s\n\n*%s.* %s\n\n```yaml\n%s\n```\n\n| key | unit | default | meaning |\n|---|---|---|---|\n", k.Name, sentence(k.Title), k.Doc, k.Example)
		for _, p := range k.Params {
			fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", p.Name, p.Unit, defaultOf(p), cell(p.Doc))
		}
		for _, p := range k.Params {
			if p.Source != "" && p.Source != "assumption" {
				fmt.Fprintf(&b, "\nThe default of `%s`: %s.\n", p.Name, p.Source)
			}
		}
	}
	return b.String()
}

func defaultOf(p detector.Param) string {
	switch {
	case p.Required:
		return "required"
	case p.Unit == detector.Choice:
		return "`" + p.Choices[0] + "`; or `" + strings.Join(p.Choices[1:], "`, `") + "`"
	case p.Unit == detector.Bool:
		return fmt.Sprint(p.Default != 0)
	}
	return cmp.Or(scenarios.DetectorDefault(p), "0")
}

func plain(s string) string { return strings.ReplaceAll(s, "_", " ") }

func cell(s string) string {
	return strings.ReplaceAll(strings.Join(strings.Fields(s), " "), "|", "\\|")
}

func sentence(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

// studyPage describes study.json, from the Go types that it is written from.
func studyPage(t *testing.T) string {
	k := &keys{types: map[string]*ast.TypeSpec{}, docs: map[string]string{}, told: map[string]bool{}}
	k.read(t, "study", "models/study")
	k.read(t, "stat", "sim/stat")
	k.b.WriteString(generated("study.json", "the types in models/study and sim/stat"))
	k.b.WriteString("What `rollrisk run` writes and `rollrisk report` reads. Keys are stable: `schema` changes when a\n" +
		"reader of the old form would misread the new one.\n\n" +
		"A *value* is a number, `null` where there is none (the mean of nothing, an interval that\n" +
		"cannot be computed), or `\"inf\"` and `\"-inf\"` (never; without bound).\n")
	k.tell("study.Study")
	return k.b.String()
}

// contrastPage describes what compare prints with -o json.
func contrastPage(t *testing.T) string {
	k := &keys{types: map[string]*ast.TypeSpec{}, docs: map[string]string{}, told: map[string]bool{}}
	k.read(t, "study", "models/study")
	k.read(t, "stat", "sim/stat")
	k.b.WriteString(generated("compare -o json", "the types in models/study and sim/stat"))
	k.b.WriteString("What `rollrisk compare OLD NEW -o json` prints. Keys are stable: `schema` changes when a reader of\n" +
		"the old form would misread the new one. Values are written as in [study.json](study.md).\n")
	k.tell("study.Contrast")
	return k.b.String()
}

// keys writes the JSON keys of struct types.
type keys struct {
	b     strings.Builder
	types map[string]*ast.TypeSpec // by package.Name
	docs  map[string]string
	told  map[string]bool
}

// read collects the types of a package.
func (k *keys) read(t *testing.T, name, dir string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(root, dir, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		syntax, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range syntax.Decls {
			g, ok := d.(*ast.GenDecl)
			if !ok || g.Tok != token.TYPE || syntax.Name.Name != name {
				continue
			}
			for _, spec := range g.Specs {
				ts := spec.(*ast.TypeSpec)
				k.types[name+"."+ts.Name.Name] = ts
				k.docs[name+"."+ts.Name.Name] = g.Doc.Text()
			}
		}
	}
}

// tell writes a section about a struct, then about those that it holds.
func (k *keys) tell(name string) {
	if k.told[name] {
		return
	}
	k.told[name] = true
	doc := strings.TrimSpace(strings.ReplaceAll(k.docs[name], "\n", " "))
	fmt.Fprintf(&k.b, "\n## %s\n\n%s\n\n| key | type | meaning |\n|---|---|---|\n", title(name), doc)
	var next []string
	k.fields(name, &next)
	for _, n := range next {
		k.tell(n)
	}
}

// fields writes the rows of a struct; those of an embedded one are its own.
func (k *keys) fields(name string, next *[]string) {
	pkg, _, _ := strings.Cut(name, ".")
	s, ok := k.types[name].Type.(*ast.StructType)
	if !ok {
		return
	}
	for _, f := range s.Fields.List {
		if f.Tag == nil {
			if len(f.Names) == 0 {
				k.fields(qualified(pkg, f.Type), next)
			}
			continue
		}
		key, _, _ := strings.Cut(reflect.StructTag(strings.Trim(f.Tag.Value, "`")).Get("json"), ",")
		if key == "-" || key == "" {
			continue
		}
		fmt.Fprintf(&k.b, "| `%s` | %s | %s |\n", key, k.kind(pkg, f.Type, next), cell(f.Comment.Text()))
	}
}

func qualified(pkg string, e ast.Expr) string {
	switch e := e.(type) {
	case *ast.SelectorExpr:
		return e.X.(*ast.Ident).Name + "." + e.Sel.Name
	case *ast.Ident:
		return pkg + "." + e.Name
	}
	return "?"
}

// kind names a type for a reader of JSON.
func (k *keys) kind(pkg string, e ast.Expr, next *[]string) string {
	switch e := e.(type) {
	case *ast.ArrayType:
		return "list of " + k.kind(pkg, e.Elt, next)
	case *ast.StarExpr:
		return k.kind(pkg, e.X, next)
	}
	switch name := qualified(pkg, e); {
	case name == "stat.Number":
		return "value"
	case k.types[name] != nil:
		if _, ok := k.types[name].Type.(*ast.StructType); !ok {
			return "text"
		}
		*next = append(*next, name)
		return fmt.Sprintf("[%s](#%s)", title(name), strings.ReplaceAll(strings.ToLower(title(name)), " ", "-"))
	default:
		_, basic, _ := strings.Cut(name, ".")
		return map[string]string{"string": "text", "bool": "true or false", "float64": "number", "int": "whole number", "uint64": "whole number"}[basic]
	}
}

// title is the heading of a type: statistics are told apart from what holds them.
func title(name string) string {
	pkg, t, _ := strings.Cut(name, ".")
	if pkg == "stat" {
		return "Statistic " + t
	}
	return t
}
