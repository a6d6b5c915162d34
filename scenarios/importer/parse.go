package importer

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"path"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/rollrisk/rollrisk/models/assess"
	"go.yaml.in/yaml/v4"
	"go.yaml.in/yaml/v4/plugin/loaderlimits"
)

// Limits, so that reading takes less than a second whatever the files hold. A rendered
// chart has some hundred kilobytes.
const (
	maxBytes     = 2 << 20 // of one file
	maxTotal     = 8 << 20 // of all
	maxDepth     = 100
	maxNodes     = 300_000
	maxDocuments = 2000
)

// load parses a file into resources.
func (in *reader) load(f File) {
	start := assess.Place{File: f.Name, Line: 1, Column: 1}
	in.bytes += len(f.Data)
	switch {
	case len(f.Data) > maxBytes:
		in.fault(start, "", fmt.Sprintf("the file has %d bytes; at most %d are read", len(f.Data), maxBytes), "name the files of the rollout alone")
		return
	case in.bytes > maxTotal:
		in.fault(start, "", fmt.Sprintf("the files have more than %d bytes together", maxTotal), "name the files of the rollout alone")
		return
	case !utf8.Valid(f.Data):
		in.fault(start, "", "the file is no UTF-8", "save it as UTF-8")
		return
	}
	in.texts[f.Name] = f.Data
	data := f.Data
	if path.Ext(f.Name) == ".json" || bytes.HasPrefix(bytes.TrimSpace(data), []byte("{")) {
		data = bytes.ReplaceAll(data, []byte("\t"), []byte(" ")) // JSON may be indented with tabs
	}
	loader, err := yaml.NewLoader(bytes.NewReader(data), yaml.WithUniqueKeys(false),
		yaml.WithPlugin(loaderlimits.New(loaderlimits.DepthValue(maxDepth))))
	if err != nil {
		panic("importer: " + err.Error())
	}
	first := len(in.resources)
	for range maxDocuments {
		var doc yaml.Node
		if err := loader.Load(&doc); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			in.syntax(f, err)
			return
		}
		if len(doc.Content) > 0 && !in.document(f.Name, doc.Content[0]) {
			return
		}
	}
	in.ends(first, bytes.Count(data, []byte("\n"))+1)
}

// ends says of every resource from the first on where it ends.
func (in *reader) ends(first, lines int) {
	for i := first; i < len(in.resources); i++ {
		in.resources[i].last = lines
		if i > first && in.resources[i].root.Line > in.resources[i-1].root.Line {
			in.resources[i-1].last = in.resources[i].root.Line - 1
		}
	}
}

// document takes the resources of a document; false where there are too many.
func (in *reader) document(file string, root *yaml.Node) bool {
	if in.count(root); in.nodes > maxNodes {
		in.fault(assess.Place{File: file, Line: root.Line, Column: root.Column}, "", fmt.Sprintf("the files hold more than %d keys and values", maxNodes), "name the files of the rollout alone")
		return false
	}
	root = follow(root)
	if root.Kind != yaml.MappingNode {
		return true
	}
	r := &resource{file: file, root: root, kind: word(root, "kind"), api: word(root, "apiVersion"), name: nameIn(root)}
	if items := child(root, "items"); strings.HasSuffix(r.kind, "List") && items != nil && items.Kind == yaml.SequenceNode {
		for _, item := range items.Content {
			if item = follow(item); item.Kind == yaml.MappingNode {
				in.resources = append(in.resources, &resource{file: file, root: item, kind: word(item, "kind"), api: word(item, "apiVersion"), name: nameIn(item)})
			}
		}
		return true
	}
	if r.kind == "" && in.cloudFormation(file, root) {
		return true
	}
	in.resources = append(in.resources, r)
	return true
}

// count adds the nodes of a tree; an alias is one, whatever it stands for.
func (in *reader) count(n *yaml.Node) {
	if in.nodes++; in.nodes > maxNodes {
		return
	}
	for _, c := range n.Content {
		in.count(c)
	}
}

// follow is what an alias stands for.
func follow(n *yaml.Node) *yaml.Node {
	for range 8 {
		if n.Kind != yaml.AliasNode || n.Alias == nil {
			break
		}
		n = n.Alias
	}
	return n
}

// child is the value of a key; nil where there is none.
func child(n *yaml.Node, key string) *yaml.Node {
	for i := 0; n.Kind == yaml.MappingNode && i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return follow(n.Content[i+1])
		}
	}
	return nil
}

func word(n *yaml.Node, key string) string {
	if c := child(n, key); c != nil && c.Kind == yaml.ScalarNode {
		return c.Value
	}
	return ""
}

func nameIn(root *yaml.Node) string {
	if m := child(root, "metadata"); m != nil {
		return word(m, "name")
	}
	return word(root, "name")
}

// helm is what a template of Helm has and a rendered manifest has not. Arguments of
// Argo ({{args.x}}) and variables of Flagger ({{ namespace }}) are neither.
var helm = regexp.MustCompile("\\{\\{-|-\\}\\}|\\{\\{\\s*(?:[.$]|/\\*|[\"`]|(?:include|if|else|end|range|with|template|define|toYaml|tpl|printf|default|quote|required|lookup|block|eq|and|or|not)\\b)")

// placeholder is what a text has that some other tool is to fill in.
var placeholder = regexp.MustCompile(`\$\{[^}]*\}|\$\([A-Za-z_][^)]*\)|\{\{|<[A-Z_]+>|^@@?[A-Za-z_]+@@?$`)

// render is the hint for whatever is to be filled in first.
const render = "render it first: helm template CHART | rollrisk assess -, or kustomize build DIR | rollrisk assess -"

// syntax tells an error of the YAML reader; in a template, where the template begins.
func (in *reader) syntax(f File, err error) {
	if at, text, found := templated(f.Data, 1, 1<<30); found {
		at.File = f.Name
		in.fault(at, "", "this is a template of Helm, no manifest: "+show(text), render)
		return
	}
	at := assess.Place{File: f.Name, Line: 1, Column: 1}
	message := err.Error()
	var e *yaml.LoadError
	if errors.As(err, &e) {
		at.Line, at.Column, message = max(1, e.Mark.Line), max(1, e.Mark.Column), e.Message
	}
	in.fault(at, "", "this is no YAML: "+message, "")
}

// templated finds the first placeholder of Helm between two lines.
func templated(data []byte, from, to int) (assess.Place, string, bool) {
	for i, line := range strings.Split(string(data), "\n") {
		if i+1 < from || i+1 > to || strings.HasPrefix(strings.TrimSpace(line), "#") {
			continue
		}
		if m := helm.FindStringIndex(line); m != nil {
			return assess.Place{Line: i + 1, Column: m[0] + 1}, strings.TrimSpace(line), true
		}
	}
	return assess.Place{}, "", false
}

// rendered refuses what still is a template.
func (in *reader) rendered(r *resource) bool {
	if r.kind == "MetricTemplate" {
		return true // Flagger's own templates look like those of Helm
	}
	at, text, found := templated(in.texts[r.file], r.root.Line, r.last)
	if !found {
		return true
	}
	at.File = r.file
	in.fault(at, "", "this is a template of Helm, no manifest: "+show(text), render)
	return false
}
