package manual

import (
	"encoding/json"
	"go/ast"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// printed is a form of JSON that the tool prints, and the schema that is published of it.
type printed struct {
	schema  string // file in docs/reference
	title   string
	command string
	root    string              // package.Type
	reads   map[string]string   // packages whose types are in it, and where they are
	version string              // the value of the key schema
	prints  func(s shell) error // writes out.json in the shell's directory
}

// forms lists them. A key that is there keeps its name and its meaning as long as `schema`
// has the same value; keys may be added.
var forms = []printed{
	{"study.schema.json", "study.json", "rollrisk run", "study.Study",
		map[string]string{"study": "models/study", "stat": "sim/stat"}, "rollrisk.study/1",
		running("rollrisk run checkout --changes 2400 --no-report -o json > out.json")},
	{"contrast.schema.json", "rollrisk compare, JSON form", "rollrisk compare OLD NEW -o json", "study.Contrast",
		map[string]string{"study": "models/study", "stat": "sim/stat"}, "rollrisk.contrast/1",
		running(`rollrisk scenario show bigbang > old.yaml; sed 's/defects: .*/defects: 0.3/' old.yaml > new.yaml; rollrisk compare old.yaml new.yaml --changes 400 -o json > out.json`)},
	{"sensitivity.schema.json", "rollrisk sensitivity, JSON form", "rollrisk sensitivity -o json", "study.Sensitivity",
		map[string]string{"study": "models/study", "stat": "sim/stat", "experiment": "sim/experiment"}, "rollrisk.sensitivity/1",
		running(`rollrisk sensitivity payroll --factor 0 --base 32 --trajectories 2 --inputs 3 --survivors 1 --changes 60 -o json > out.json`)},
	{"optimize.schema.json", "rollrisk optimize, JSON form", "rollrisk optimize -o json", "optimize.Answer",
		map[string]string{"optimize": "models/optimize", "analytic": "models/analytic", "stat": "sim/stat"}, "rollrisk.optimize/1",
		running(`rollrisk optimize bigbang --alternative rings --changes 200 -o json > out.json`)},
	{"map.schema.json", "rollrisk map, JSON form", "rollrisk map -o json", "study.Regions",
		map[string]string{"study": "models/study", "stat": "sim/stat"}, "rollrisk.map/1",
		running(`rollrisk map bigbang --changes 120 --x changes.defects --y service.users -o json > out.json`)},
	{"assess.schema.json", "rollrisk assess, JSON form", "rollrisk assess -o json", "assessment.Answer",
		map[string]string{"assessment": "reports/assessment", "assess": "models/assess"}, "rollrisk.assess/1",
		running(`rollrisk assess --ramp "1% 10m, 10% 10m, 100%" --requests 50/s --users 200k -o json > out.json || [ $? = 3 ]`)},
}

func running(command string) func(shell) error {
	return func(s shell) error { _, _, err := s.run(command); return err }
}

// TestSchemas: the published schemas are those of the types, and what the tool prints
// satisfies them; a wrong type and a key that is missing do not.
func TestSchemas(t *testing.T) {
	tool := build(t)
	for _, f := range forms {
		t.Run(f.schema, func(t *testing.T) {
			file := filepath.Join(root, "docs/reference", f.schema)
			want := f.of(t)
			if os.Getenv("ROLLRISK_UPDATE") == "1" {
				if err := os.WriteFile(file, want, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if got, err := os.ReadFile(file); err != nil || string(got) != string(want) {
				t.Fatalf("docs/reference/%s is not what the code says; run: make generate (%v)", f.schema, err)
			}
			schema, err := jsonschema.NewCompiler().Compile(file)
			if err != nil {
				t.Fatal(err)
			}
			s := shell{dir: t.TempDir(), path: tool}
			if err := f.prints(s); err != nil {
				t.Fatal(err)
			}
			f.holds(t, schema, filepath.Join(s.dir, "out.json"))
		})
	}
}

// holds validates a file, and what is wrong with it in two ways.
func (f printed) holds(t *testing.T, schema *jsonschema.Schema, file string) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	value := func() map[string]any {
		v, err := jsonschema.UnmarshalJSON(strings.NewReader(string(text)))
		if err != nil {
			t.Fatal(err)
		}
		return v.(map[string]any)
	}
	if err := schema.Validate(value()); err != nil {
		t.Error(err)
	}
	for _, key := range schema.Required {
		v := value()
		delete(v, key)
		if schema.Validate(v) == nil {
			t.Errorf("without %s it is valid still", key)
		}
		v[key] = map[string]any{"no": "such"}
		if p := schema.Properties[key]; p.Ref == nil && schema.Validate(v) == nil {
			t.Errorf("with an object as %s it is valid still", key)
		}
	}
}

// of writes the schema.
func (f printed) of(t *testing.T) []byte {
	k := &keys{types: map[string]*ast.TypeSpec{}, docs: map[string]string{}, told: map[string]bool{}}
	for _, name := range slices.Sorted(maps.Keys(f.reads)) {
		k.read(t, name, f.reads[name])
	}
	d := &definitions{keys: k, all: map[string]any{}}
	d.define(f.root)
	top := d.all[f.root].(map[string]any)
	delete(d.all, f.root)
	top["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	top["$id"] = "urn:" + strings.NewReplacer(".", ":", "/", ":").Replace(f.version)
	top["title"] = f.title
	top["description"] = "What `" + f.command + "` prints or writes. New keys may be added; a key that is here keeps its name and its meaning as long as `schema` is " + f.version + "."
	top["properties"].(map[string]any)["schema"] = map[string]any{"const": f.version}
	d.all["value"] = map[string]any{"description": "A number; null where there is none; inf and -inf where there is no end.",
		"anyOf": []any{map[string]any{"type": []string{"number", "null"}}, map[string]any{"enum": []string{"inf", "-inf"}}}}
	top["$defs"] = d.all
	text, err := json.MarshalIndent(top, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	return append(text, '\n')
}

// definitions are the JSON schemas of struct types, by package.Name.
type definitions struct {
	keys *keys
	all  map[string]any
}

func (d *definitions) define(name string) {
	if d.all[name] != nil {
		return
	}
	properties, required := map[string]any{}, []string{}
	d.all[name] = map[string]any{"type": "object", "properties": properties} // before its fields: a type may hold itself
	d.fields(name, properties, &required)
	d.all[name] = map[string]any{"type": "object", "properties": properties, "required": required}
	if doc := strings.Join(strings.Fields(d.keys.docs[name]), " "); doc != "" {
		d.all[name].(map[string]any)["description"] = doc
	}
}

// fields adds the keys of a struct; those of an embedded one are its own.
func (d *definitions) fields(name string, properties map[string]any, required *[]string) {
	pkg, _, _ := strings.Cut(name, ".")
	s, ok := d.keys.types[name].Type.(*ast.StructType)
	if !ok {
		return
	}
	for _, f := range s.Fields.List {
		if f.Tag == nil {
			if len(f.Names) == 0 {
				d.fields(qualified(pkg, f.Type), properties, required)
			}
			continue
		}
		key, options, _ := strings.Cut(reflect.StructTag(strings.Trim(f.Tag.Value, "`")).Get("json"), ",")
		if key == "-" || key == "" {
			continue
		}
		kind := d.kind(pkg, f.Type)
		if doc := strings.Join(strings.Fields(f.Comment.Text()), " "); doc != "" {
			kind["description"] = doc
		}
		properties[key] = kind
		if options != "omitempty" && options != "omitzero" {
			*required = append(*required, key)
		}
	}
}

func (d *definitions) kind(pkg string, e ast.Expr) map[string]any {
	switch e := e.(type) {
	case *ast.ArrayType:
		return map[string]any{"type": []string{"array", "null"}, "items": d.kind(pkg, e.Elt)}
	case *ast.MapType:
		return map[string]any{"type": []string{"object", "null"}, "additionalProperties": d.kind(pkg, e.Value)}
	case *ast.StarExpr:
		return map[string]any{"anyOf": []any{d.kind(pkg, e.X), map[string]any{"type": "null"}}}
	}
	name := qualified(pkg, e)
	if name == "stat.Number" {
		return map[string]any{"$ref": "#/$defs/value"}
	}
	if ts := d.keys.types[name]; ts != nil {
		if _, ok := ts.Type.(*ast.StructType); ok {
			d.define(name)
			return map[string]any{"$ref": "#/$defs/" + name}
		}
		return d.kind(pkg, ts.Type)
	}
	_, basic, _ := strings.Cut(name, ".")
	types := map[string]string{"string": "string", "bool": "boolean", "float64": "number", "int": "integer", "int64": "integer", "uint64": "integer", "uint8": "integer", "Duration": "integer"}
	if types[basic] == "" {
		panic("no JSON type is known of " + name)
	}
	return map[string]any{"type": types[basic]}
}
