// Package importer reads what teams really have: manifests of Argo Rollouts, Flagger
// and others, and makes of each configuration a Rollout that package assess can look
// at, and an ordinary scenario.
//
// Nothing is dropped in silence: what is not understood, or understood and not
// simulated, is listed as residue with its line, and what changes the risk is marked.
//
// It refuses to know files and the network: it is handed bytes. Templates of Helm and
// patches of Kustomize are refused; who renders them knows what they mean.
package importer

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/rollrisk/rollrisk/models/assess"
	"github.com/rollrisk/rollrisk/scenarios"
	"go.yaml.in/yaml/v4"
)

// File is one file with its name as people wrote it.
type File struct {
	Name string
	Data []byte
}

// Residue is a field that is not in the numbers.
type Residue struct {
	Place assess.Place `json:"place"`
	Path  string       `json:"path"`           // e.g. "spec.strategy.canary.steps[2].plugin"
	Risk  bool         `json:"risk,omitempty"` // it changes the risk
	Why   string       `json:"why"`
}

// Options says what the files do not.
type Options struct {
	// Metrics says what a metric measures, by its name, where the query is not
	// recognised, or wrongly.
	Metrics map[string]Override
}

// Override says what a metric measures.
type Override struct {
	Signal   assess.Signal
	Success  bool          // the value is the share of good requests
	Scale    float64       // of the value: 1 or 100; 0 is 1
	Quantile float64       // of a latency, 0..1
	Window   time.Duration // for which the query looks back; 0: as recognised
}

// Result is what was found in some files.
type Result struct {
	Rollouts []*assess.Rollout
	Residue  []Residue
	Faults   []scenarios.Fault
	Skipped  []Skipped // resources that are no rollout
	Alone    []Skipped // templates that no rollout in the files refers to
}

// Skipped is a resource that is no rollout.
type Skipped struct {
	Place assess.Place
	Name  string // e.g. "Service web"
	Why   string
}

// Importer is one kind of configuration.
type Importer struct {
	Name  string // e.g. "argo-rollouts"
	Title string // for people
	Doc   string // what of it is read, and from which documentation
	// Claims says whether a resource is of this kind.
	Claims func(r *resource) bool
	// Read makes rollouts of it.
	Read func(in *reader, r *resource)
}

// Read reads all resources of some files.
func Read(files []File, o Options) Result {
	in := &reader{options: o, texts: map[string][]byte{}}
	for _, f := range files {
		if f.Name == RampFile {
			in.ramp(f)
			continue
		}
		in.load(f)
	}
	for _, r := range in.resources {
		in.read(r)
	}
	in.alone()
	in.lonely()
	slices.SortStableFunc(in.out.Residue, func(a, b Residue) int { return comparePlaces(a.Place, b.Place) })
	return in.out
}

func comparePlaces(a, b assess.Place) int {
	if c := strings.Compare(a.File, b.File); c != 0 {
		return c
	}
	if a.Line != b.Line {
		return a.Line - b.Line
	}
	return a.Column - b.Column
}

// resource is one document, or one item of a list.
type resource struct {
	file string
	root *yaml.Node
	kind string
	api  string // apiVersion
	name string
	last int  // line of the file on which it ends
	used bool // a rollout refers to it
}

// in says whether a resource belongs to an API group, of any version.
func (r *resource) in(group string) bool {
	return r.api == group || strings.HasPrefix(r.api, group+"/")
}

// reader gathers what is read.
type reader struct {
	options   Options
	texts     map[string][]byte
	resources []*resource
	nodes     int // of all files
	bytes     int
	out       Result
	bad       bool // the present resource has a fault
}

// read hands a resource to the importer that claims it.
func (in *reader) read(r *resource) {
	for _, k := range All() {
		if !k.Claims(r) {
			continue
		}
		if !in.rendered(r) {
			return
		}
		in.bad = false
		k.Read(in, r)
		return
	}
	if len(in.out.Skipped) < mostFaults {
		name := strings.TrimSpace(r.kind + " " + r.name)
		if r.kind == "" {
			name = "a document without a kind"
		}
		in.out.Skipped = append(in.out.Skipped, Skipped{assess.Place{File: r.file, Line: r.root.Line, Column: r.root.Column}, name, why(r)})
	}
}

// why says of a resource why it is no rollout.
func why(r *resource) string {
	switch {
	case r.kind == "Kustomization":
		return "it says how manifests are made; render it first: kustomize build DIR | rollrisk assess -"
	case r.in("argoproj.io") && (r.kind == "Experiment" || r.kind == "AnalysisRun"):
		return "it happens once and rolls nothing out; name the Rollout"
	case r.kind == "Rollout" || r.kind == "Canary":
		return show(r.api) + " is none of the groups that are known: argoproj.io, flagger.app, rollouts.kruise.io"
	}
	return "it is no rollout"
}

// Kinds names what can be read, for people.
func Kinds() string {
	var names []string
	for _, k := range All() {
		if k.Title != "" {
			names = append(names, k.Title)
		}
	}
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1]
}

// find is the resource of one of the kinds and of a name that a file refers to: one in
// the same file before others. It says whether there are several to choose from.
func (in *reader) find(file, name string, kinds ...string) (found *resource, several bool) {
	here := false
	for _, r := range in.resources {
		if r.name != name || !slices.Contains(kinds, r.kind) {
			continue
		}
		switch same := r.file == file; {
		case found == nil || same && !here:
			found, here, several = r, same, false
		case same == here:
			several = true
		}
	}
	return found, several
}

// choice says which of several resources of one name is taken.
func choice(r *resource) string {
	return fmt.Sprintf("there are several called %s %s; the one in %s, line %d, is taken", r.kind, show(r.name), r.file, r.root.Line)
}

// alone lists the templates that nothing refers to.
func (in *reader) alone() {
	for _, r := range in.resources {
		if isTemplate(r) && !r.used {
			in.out.Alone = append(in.out.Alone, Skipped{assess.Place{File: r.file, Line: r.root.Line, Column: r.root.Column}, r.kind + " " + r.name,
				"a template is read where a rollout refers to it; name the file of the rollout too"})
		}
	}
}

// assumedWeight and assumedBake are what a template is looked at in that no rollout
// refers to. Assumption: a step as examples have it.
const (
	assumedWeight = 10
	assumedBake   = time.Hour
)

// lonely looks at templates where there is no rollout at all: what they would do beside
// a canary of one step.
func (in *reader) lonely() {
	if len(in.out.Rollouts) > 0 || len(in.out.Faults) > 0 {
		return
	}
	for _, r := range in.resources {
		if r.used || r.kind != "AnalysisTemplate" && r.kind != "ClusterAnalysisTemplate" {
			continue
		}
		in.bad = false
		g := in.group(r)
		a := &argoReader{in: in, out: &assess.Rollout{Kind: r.kind, Name: r.name, Spots: g.spots(), Sticky: true}}
		a.blind(fmt.Sprintf("no rollout among the files refers to this template; a canary of %d %% for %d min is assumed", assumedWeight, int(assumedBake.Minutes())))
		out := &assess.Analysis{Spots: g.spots()}
		a.template(out, g, templateRef{r.name, r.kind == "ClusterAnalysisTemplate"}, map[string]string{})
		a.check(out)
		if !in.bad {
			a.out.Ramp = &assess.Ramp{Check: out, Spots: g.spots(), Stops: []assess.Stop{{Share: float64(assumedWeight) / 100, Lasts: assumedBake, Spots: g.spots()}, {Share: 1, Spots: g.spots()}}}
			in.out.Rollouts = append(in.out.Rollouts, a.out)
		}
	}
}

// fault tells a fault at a node.
func (in *reader) fault(at assess.Place, path, message, hint string) {
	in.bad = true
	if len(in.out.Faults) < mostFaults {
		in.out.Faults = append(in.out.Faults, scenarios.Fault{File: at.File, Line: at.Line, Column: at.Column, Path: path, Message: message, Hint: hint})
	}
}

// mostFaults is how many are told; more would not be read.
const mostFaults = 100

// show is a text of a file as a message quotes it.
func show(s string) string {
	runes := []rune(s)
	if len(runes) > 60 {
		s = string(runes[:60]) + "…"
	}
	return fmt.Sprintf("%q", s)
}
