package scenarios

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"regexp"
	"slices"
	"strings"
)

// object is a JSON object; encoding/json writes its keys in order.
type object = map[string]any

// Schema is the format as a JSON Schema (draft 2020-12), for editors. What it
// refuses, Decode refuses too. Decode also holds what no schema can say: that
// shares rise, that names exist, that an interval fits its range.
func Schema() []byte {
	s := &schemaWriter{defs: object{}}
	root := Format().schema(s)
	root["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	root["$id"] = "urn:rollrisk:scenario:1"
	root["title"] = "rollrisk scenario, version 1"
	root["description"] = "Release pipelines under comparison: a service, the changes made to it, the defects they carry, and the ways to bring them to users."
	root["$defs"] = s.defs
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(root); err != nil {
		panic("scenarios: schema: " + err.Error())
	}
	return []byte(b.String())
}

// schemaWriter gathers the definitions that several keys share.
type schemaWriter struct{ defs object }

// define files a definition and returns a reference to it. One of the same name
// and another content gets a number.
func (s *schemaWriter) define(name string, o object) object {
	text := fmt.Sprint(o)
	for n, try := 2, name; ; n++ {
		old, taken := s.defs[try]
		if !taken {
			s.defs[try] = o
		}
		if !taken || fmt.Sprint(old) == text {
			return object{"$ref": "#/$defs/" + try}
		}
		try = fmt.Sprintf("%s-%d", name, n)
	}
}

// valued is a leaf that may also be written with its provenance.
func (s *schemaWriter) valued(name string, leaf object) object {
	bare := s.define(name, leaf)
	return s.define(name+"-with-provenance", object{"anyOf": []any{bare, object{
		"type": "object", "additionalProperties": false, "required": []string{"value"},
		"properties": object{"value": bare, "provenance": s.provenance(), "source": s.source()},
		"if":         statesBasis(),
		"then":       object{"required": []string{"source"}},
	}}})
}

func (s *schemaWriter) provenance() object {
	return s.define("provenance", object{"enum": []string{"measured", "elicited", "cited", "assumption"},
		"description": "Where the value comes from. A measured or cited one needs a source."})
}

func (s *schemaWriter) source() object {
	return s.define("source", object{"type": []string{"string", "number"}, "maxLength": maxText,
		"description": "A citation, or why this was assumed."})
}

// statesBasis is what makes a source necessary.
func statesBasis() object {
	return object{"required": []string{"provenance"}, "properties": object{"provenance": object{"enum": []string{"measured", "cited"}}}}
}

// key is what the schema says about a key.
func (s *schemaWriter) key(k *Key) object {
	o := object{"description": k.describe()}
	maps.Copy(o, k.Type.schema(s))
	if k.Default != "" {
		o["default"] = k.Default
	}
	if k.Example != "" && !strings.HasPrefix(k.Example, "[") {
		o["examples"] = []string{k.Example}
	}
	return o
}

// describe is the documentation of a key with its words or its range.
func (k *Key) describe() string {
	doc := k.Doc
	switch t := k.Type.(type) {
	case Choice:
		doc += t.describe()
	case Number:
		doc += " " + strings.ToUpper(t.Unit.Wants[:1]) + t.Unit.Wants[1:] + ", " + t.span("") + "."
	}
	if k.Default != "" && k.Basis.Source != "" {
		doc += " Default: " + string(k.Basis.Provenance) + ", " + k.Basis.Source + "."
	}
	return doc
}

func (t Choice) describe() string {
	var words []string
	for _, w := range t.Words {
		if w.Doc != "" {
			words = append(words, w.Name+": "+w.Doc)
		}
	}
	if len(words) == 0 {
		return ""
	}
	return " " + strings.Join(words, "; ") + "."
}

func (m Mapping) schema(s *schemaWriter) object {
	properties, required := object{}, []string{}
	for i := range m.Keys {
		k := &m.Keys[i]
		properties[k.Name] = s.key(k)
		if k.Required {
			required = append(required, k.Name)
		}
	}
	o := object{"type": "object", "properties": properties, "additionalProperties": false}
	if len(required) > 0 {
		o["required"] = required
	}
	if m.Sourced {
		properties["provenance"], properties["source"] = s.provenance(), s.source()
		o["if"], o["then"] = statesBasis(), object{"required": []string{"source"}}
	}
	return o
}

func (t Named) schema(s *schemaWriter) object {
	o := object{"type": "object", "propertyNames": object{"pattern": namePattern.String()},
		"additionalProperties": s.define(t.What, t.Of.schema(s)), "maxProperties": t.Max}
	if t.Min > 0 {
		o["minProperties"] = t.Min
	}
	if len(t.Known) == 0 {
		return o
	}
	same := s.define("known-"+t.What, Mapping{Keys: overriding(t.Of.(Mapping).Keys), Sourced: true}.schema(s))
	known := object{}
	for i := range t.Known {
		k := object{"description": t.Known[i].Doc}
		maps.Copy(k, same)
		known[t.Known[i].Name] = k
	}
	o["properties"] = known
	return o
}

func (t List) schema(s *schemaWriter) object {
	return object{"type": "array", "items": t.Of.schema(s), "minItems": t.Min, "maxItems": t.Max}
}

func (t Variants) schema(s *schemaWriter) object {
	var all []any
	for _, v := range t.Of {
		o := Mapping{Keys: v.Keys, Sourced: true}.schema(s)
		o["description"] = v.Doc
		if t.Key != "" {
			o["properties"].(object)[t.Key] = object{"const": v.Name, "description": v.Doc}
			required, _ := o["required"].([]string)
			o["required"] = append([]string{t.Key}, required...)
		}
		all = append(all, o)
	}
	return object{"oneOf": all}
}

func (t Either) schema(s *schemaWriter) object {
	word := t.Word.schema(s)
	list := s.valued(t.List.What+"s", t.List.schema(s))
	return object{"anyOf": []any{word, list}}
}

func (t Text) schema(*schemaWriter) object {
	o := object{"type": []string{"string", "number"}, "minLength": 1, "maxLength": t.Max}
	if t.Name {
		o["pattern"] = namePattern.String()
	}
	return o
}

func (t Version) schema(*schemaWriter) object { return object{"enum": []any{1, "1"}} }

func (t Flag) schema(s *schemaWriter) object {
	return s.valued("yes-or-no", object{"enum": []any{true, false, "yes", "no"}})
}

func (t Choice) schema(s *schemaWriter) object {
	words := t.words()
	return s.valued("one-of-"+strings.Join(words, "-"), object{"enum": words})
}

func (t Phrase) schema(s *schemaWriter) object {
	var patterns, examples []string
	for _, f := range t.Forms {
		patterns, examples = append(patterns, f.Pattern), append(examples, f.Example)
	}
	return s.valued(strings.ReplaceAll(t.Wants, " ", "-"), object{"type": "string",
		"pattern": "^(" + strings.Join(patterns, "|") + ")$", "examples": examples})
}

func (t Number) schema(s *schemaWriter) object {
	text := object{"type": "string", "pattern": t.pattern(), "examples": t.examples()}
	name := strings.ReplaceAll(t.Unit.Name, " ", "-") + []string{"-known", "", "-or-variation"}[t.Doubts]
	plain := object{"const": 0}
	if t.Unit.bare {
		plain = t.bareNumber()
	}
	if !t.Unit.bare && (t.Min > 0 || t.Above) {
		return s.valued(name, text)
	}
	return s.valued(name, object{"anyOf": []any{plain, text}})
}

// bareNumber is a number without a unit, where that is enough.
func (t Number) bareNumber() object {
	o := object{"type": "number", "minimum": t.Min}
	if t.Whole {
		o["type"] = "integer"
	}
	if t.Above {
		o = object{"type": o["type"], "exclusiveMinimum": t.Min}
	}
	if !math.IsInf(t.Max, 1) {
		o["maximum"] = t.Max
	}
	return o
}

// pattern is every way to write the Number, as a regular expression.
func (t Number) pattern() string {
	a := t.Unit.pattern
	ways := []string{a}
	var variations []string
	for _, w := range Spreads() {
		if t.isShare() && !w.Shares {
			continue
		}
		if t.Doubts >= MayDoubt && !w.Varies {
			ways = append(ways, w.pattern(a))
		}
		variations = append(variations, w.pattern(a))
	}
	if t.Zero != "" {
		ways = append(ways, regexp.QuoteMeta(t.Zero))
	}
	if t.Doubts >= MayVary {
		ways = append(ways, "varies +("+strings.Join(variations, "|")+")")
	}
	return "^ *(" + strings.Join(ways, "|") + ") *$"
}

// examples are a few ways to write the Number.
func (t Number) examples() []string {
	all := slices.Clone(t.Unit.Examples)
	if t.Doubts >= MayDoubt {
		all = append(all, all[0]+" to "+all[1])
	}
	if t.Doubts >= MayVary {
		all = append(all, "varies "+all[0]+" to "+all[1])
	}
	return all
}
