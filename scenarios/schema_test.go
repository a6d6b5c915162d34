package scenarios

import (
	"bytes"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v4"
)

// schemaFile is where the schema is published.
const schemaFile = "../docs/reference/scenario.schema.json"

func compiled(t testing.TB) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(Schema()))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("scenario.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("scenario.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// asJSON reads YAML as an editor does: by the core schema of YAML 1.2, without
// what this package knows of it.
func asJSON(t testing.TB, data []byte) (any, bool) {
	t.Helper()
	var v any
	if err := yaml.Load(data, &v); err != nil {
		return nil, false
	}
	return jsonValue(v), true
}

func jsonValue(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for k := range v {
			v[k] = jsonValue(v[k])
		}
	case map[any]any:
		m := map[string]any{}
		for k, x := range v {
			if name, ok := k.(string); ok {
				m[name] = jsonValue(x)
			} else {
				m["a key that is no text"] = jsonValue(x)
			}
		}
		return m
	case []any:
		for i := range v {
			v[i] = jsonValue(v[i])
		}
	case int:
		return float64(v)
	}
	return v
}

func TestSchemaIsPublished(t *testing.T) { golden(t, schemaFile, Schema()) }

// What Decode accepts, the schema accepts: the library as written, and with all
// its defaults.
func TestSchemaAcceptsTheLibrary(t *testing.T) {
	schema := compiled(t)
	eachBuiltin(t, func(t *testing.T, s *Scenario) {
		for _, text := range [][]byte{s.Source(), s.Explicit()} {
			v, ok := asJSON(t, text)
			if !ok {
				t.Fatal("no YAML")
			}
			if err := schema.Validate(v); err != nil {
				t.Error(err)
			}
		}
	})
}

// What only Decode can know: order, names, sums, and what a text holds.
var beyondSchema = map[string]bool{
	"calibrate-nothing.yaml": true, "calibrate-whom.yaml": true, "too-many-under-way.yaml": true, "generations.yaml": true, "names.yaml": true, "no-class.yaml": true, "arrivals.yaml": true, "list.yaml": true,
	"duplicates.yaml": true, "latin1.yaml": true, "comment.yaml": true, "empty.yaml": true, "large.yaml": true, "several.yaml": true, "aliases.yaml": true,
}

// What the schema refuses, Decode refuses; and the other way round, but for what
// no schema can say.
func TestSchemaRefusesTheBad(t *testing.T) {
	schema := compiled(t)
	refused := 0
	for _, f := range badFiles(t) {
		v, ok := asJSON(t, f.Data)
		if !ok {
			continue // no YAML at all
		}
		err := schema.Validate(v)
		switch {
		case err != nil:
			refused++
		case !beyondSchema[f.Name]:
			t.Errorf("%s passes the schema", f.Name)
		}
	}
	if refused < 15 {
		t.Errorf("only %d bad files are refused by the schema", refused)
	}
}

// soundText is a short scenario that says a little about everything.
const soundText = `rollrisk: 1
title: T
service: {users: 1M, slo: 99.9%, traffic: flat, costs: {per_incident: $5}}
changes: {rate: 40/w, defects: 0.1 to 0.3, period: 2w}
workweek: {hours: 9-17}
environments: {staging: {run: varies 1h to 2h, slots: 1, approval: 4h, flaky: 5%, reproduces: {logic: 50%}}}
detectors: {alarms: {kind: kth-error, errors: 20}}
response: {action: rollback, automatic: no}
defects: {classes: {logic: {telemetry: 40%}}}
alternatives:
  one:
    title: one
    batching: every change
    stages: [{environment: staging}, {ring: 1%, bake: 1h}, {ring: 100%}]
`

// One fault at a time: each is refused by both.
func TestSchemaAndDecodeAgree(t *testing.T) {
	schema := compiled(t)
	check := func(text string) (bySchema, byDecode bool) {
		v, ok := asJSON(t, []byte(text))
		_, faults := Decode("t.yaml", []byte(text))
		return !ok || schema.Validate(v) != nil, len(faults) > 0
	}
	if a, b := check(soundText); a || b {
		t.Fatalf("the sound one is refused: %v %v", a, b)
	}
	for _, c := range []struct{ old, new string }{
		{"rollrisk: 1", "rollrisk: 2"}, {"rollrisk: 1\n", ""}, {"title: T\n", ""}, {"title: T", "titel: T"},
		{"users: 1M", "users: -1"}, {"users: 1M", "users: 1m"}, {"users: 1M", "users: 0"}, {"users: 1M", "people: 1M"},
		{"slo: 99.9%", "slo: 0.999"}, {"slo: 99.9%", "slo: 120%"}, {"traffic: flat", "traffic: bumpy"}, {"traffic: flat", "traffic: [1, 2]"},
		{"$5", "5 dollars"}, {"rate: 40/w", "rate: 40"}, {"rate: 40/w", "rate: 40/y"}, {"0.1 to 0.3", "0.1-0.3"}, {"0.1 to 0.3", "varies 0.1 to 0.3"},
		{"period: 2w", "period: 100"}, {"9-17", "nine to five"}, {"varies 1h to 2h", "30"}, {"varies 1h to 2h", "varies 1h"}, {"slots: 1", "slots: 1.5"},
		{"approval: 4h", "approval: 2d"}, {"flaky: 5%", "flaky: 5"}, {"logic: 50%", "logic: half"}, {"kth-error", "kth-errors"}, {", errors: 20", ""},
		{"errors: 20", "errors: 20, colour: blue"}, {"rollback", "roll-back"}, {"automatic: no", "automatic: perhaps"}, {"every change", "every changes"},
		{"{environment: staging}", "{environment: staging, ring: 1%}"}, {"{ring: 1%, bake: 1h}", "{bake: 1h}"}, {"ring: 1%", "ring: 1"}, {"ring: 1%", "ring: 0.01"},
		{"bake: 1h", "bake: 60"}, {"bake: 1h", "bake: {value: 1h, provenance: cited}"}, {"bake: 1h", "bake: {value: 1h, provenance: hearsay}"},
		{"bake: 1h", "bake: {provenance: measured}"}, {"  one:", "  One:"}, {"telemetry: 40%", "telemetry: varies 1% to 2%"}, {"telemetry: 40%", "visibility: 40%"},
		{"telemetry: 40%", "telemetry: 40%, provenance: cited"},
		{"bake: 1h", "bake: [1h]"}, {"alternatives:", "alternatives: {}\nunknown:"},
	} {
		changed := strings.Replace(soundText, c.old, c.new, 1)
		if changed == soundText {
			t.Fatalf("%q is not there", c.old)
		}
		if bySchema, byDecode := check(changed); !bySchema || !byDecode {
			t.Errorf("%q instead of %q: refused by the schema %v, by Decode %v", c.new, c.old, bySchema, byDecode)
		}
	}
	for _, c := range []struct{ old, new string }{
		{"users: 1M", "users: 1_000_000"}, {"users: 1M", "users: 500k to 2M"}, {"users: 1M", "users: {value: 1M, provenance: measured, source: the books}"},
		{"slo: 99.9%", "slo: none"}, {"0.1 to 0.3", "15%"}, {"rate: 40/w", "every: varies exponential mean 2h"}, {"period: 2w", "period: 100 changes"},
		{"varies 1h to 2h", "triangular 1h to 3h around 2h"}, {"slots: 1", "slots: unlimited"}, {"automatic: no", "automatic: true"},
		{"every change", "train every 2w on Fri 16:30"}, {"bake: 1h", "bake: median 1h p90 5h"}, {"telemetry: 40%", "telemetry: uniform 0% to 100%"},
		{"bake: 1h", "bake: 1d12h, watched_by: [alarms]"}, {"telemetry: 40%", "telemetry: 40%, provenance: cited, source: a paper"},
		{"traffic: flat", "traffic: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24]"},
	} {
		changed := strings.Replace(soundText, c.old, c.new, 1)
		if bySchema, byDecode := check(changed); bySchema || byDecode {
			t.Errorf("%q instead of %q: refused by the schema %v, by Decode %v", c.new, c.old, bySchema, byDecode)
		}
	}
}

// Every key has a description, and every default is an instance of its type.
func TestFormatIsDocumented(t *testing.T) {
	keys := 0
	var walk func(path string, typ Type)
	each := func(path string, all []Key) {
		for i := range all {
			k := &all[i]
			at := path + "." + k.Name
			keys++
			if len(k.Doc) < 10 || !strings.HasSuffix(k.Doc, ".") {
				t.Errorf("%s: doc %q", at, k.Doc)
			}
			if k.Required && k.Default != "" {
				t.Errorf("%s is required and has a default", at)
			}
			if k.Default != "" {
				d, e := &decoder{faults: &faultList{}, currency: "$"}, &entry{}
				k.Type.decode(d, &yaml.Node{Kind: yaml.ScalarNode, Value: k.Default}, e)
				if len(d.faults.all) > 0 {
					t.Errorf("%s: default %v", at, d.faults.all[0])
				}
			}
			walk(at, k.Type)
		}
	}
	walk = func(path string, typ Type) {
		switch x := typ.(type) {
		case Mapping:
			each(path, x.Keys)
		case Named:
			each(path, x.Known)
			walk(path+".NAME", x.Of)
		case List:
			walk(path+"[]", x.Of)
		case Variants:
			for _, v := range x.Of {
				each(path+"<"+v.Name+">", v.Keys)
			}
		}
	}
	walk("", Format())
	if keys < 150 {
		t.Errorf("only %d keys", keys)
	}
}
