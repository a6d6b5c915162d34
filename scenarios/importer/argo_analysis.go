package importer

import (
	"fmt"
	"maps"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/rollrisk/rollrisk/models/assess"
	"github.com/rollrisk/rollrisk/models/rollout"
	"go.yaml.in/yaml/v4"
)

// isTemplate says whether a resource is read only where another refers to it.
func isTemplate(r *resource) bool {
	return r.kind == "AnalysisTemplate" || r.kind == "ClusterAnalysisTemplate" || r.kind == "MetricTemplate"
}

var argoTemplates = Importer{
	Name:   "templates",
	Doc:    "AnalysisTemplate, ClusterAnalysisTemplate and MetricTemplate; they are read where a rollout refers to them.",
	Claims: isTemplate,
	Read:   func(*reader, *resource) {},
}

// templateRef names a template.
type templateRef struct {
	name    string
	cluster bool
}

// analysis reads what a rollout asks for: templates, arguments, dry runs.
func (a *argoReader) analysis(g *group) *assess.Analysis {
	out := &assess.Analysis{Spots: g.spots()}
	args := a.arguments(g)
	if name := g.text("templateName"); name != "" { // before version 0.8
		out.Names = append(out.Names, name)
		a.template(out, g, templateRef{name, g.flag("clusterScope", false)}, args)
	}
	for _, t := range g.groups("templates") {
		out.Names = append(out.Names, t.text("templateName"))
		a.template(out, t, templateRef{t.text("templateName"), t.flag("clusterScope", false)}, args)
		t.done()
	}
	a.dryRuns(out, g)
	g.aside("of what is kept, not of what is decided", "measurementRetention", "analysisRunMetadata")
	a.check(out)
	return out
}

// arguments are the values by name; those from elsewhere are not known.
func (a *argoReader) arguments(g *group) map[string]string {
	args := map[string]string{}
	for _, arg := range g.groups("args") {
		name := arg.text("name")
		if arg.has("value") {
			args[name] = arg.text("value")
		}
		arg.aside("known only in the cluster", "valueFrom")
		arg.done()
	}
	return args
}

func (a *argoReader) dryRuns(out *assess.Analysis, g *group) {
	for _, d := range g.groups("dryRun") {
		out.DryRun = append(out.DryRun, d.text("metricName"))
		d.done()
	}
}

// template adds the metrics of a template and of those that it refers to.
func (a *argoReader) template(out *assess.Analysis, from *group, ref templateRef, args map[string]string) {
	kind := "AnalysisTemplate"
	if ref.cluster {
		kind = "ClusterAnalysisTemplate"
	}
	r, several := a.in.find(from.file, ref.name, kind)
	if several {
		a.blind(choice(r))
	}
	if r == nil {
		out.Missing = append(out.Missing, ref.name)
		a.blind(fmt.Sprintf("%s %s (line %d) is not among the files: what it would catch is not in the numbers", kind, show(ref.name), from.at.Line))
		return
	}
	if r.used && len(out.Metrics) > 200 {
		return // templates that refer to each other
	}
	first := !r.used
	r.used = true
	if !a.in.rendered(r) {
		return
	}
	before := len(a.in.out.Residue)
	root := a.in.group(r)
	root.aside(byKube, "apiVersion", "kind", "metadata", "status")
	if spec := root.group("spec"); spec != nil {
		a.spec(out, spec, args)
	}
	root.done()
	if !first { // it has been told
		a.in.out.Residue = a.in.out.Residue[:before]
	}
}

func (a *argoReader) spec(out *assess.Analysis, spec *group, args map[string]string) {
	known := a.arguments(spec)
	maps.Copy(known, args)
	for _, m := range spec.groups("metrics") {
		a.metric(out, m, known)
	}
	a.dryRuns(out, spec)
	for _, t := range spec.groups("templates") {
		if len(out.Metrics) < 200 && len(out.Missing) < 200 {
			out.Missing = append(out.Missing, "") // bounds the depth
			a.template(out, t, templateRef{t.text("templateName"), t.flag("clusterScope", false)}, known)
			out.Missing = without(out.Missing, "")
		}
		t.done()
	}
	spec.aside("of what is kept, not of what is decided", "measurementRetention")
	spec.done()
}

func without(words []string, w string) []string {
	var all []string
	for _, x := range words {
		if x != w {
			all = append(all, x)
		}
	}
	return all
}

// argument is a place for one, as the controller fills it in (utils/template).
var argument = regexp.MustCompile(`\{\{\s*args\.([\w.-]+)\s*\}\}`)

// fill puts arguments into a text; those that are not known stay.
func fill(text string, args map[string]string) string {
	return argument.ReplaceAllStringFunc(text, func(m string) string {
		if v, known := args[argument.FindStringSubmatch(m)[1]]; known {
			return v
		}
		return m
	})
}

// metric reads one metric.
func (a *argoReader) metric(out *assess.Analysis, g *group, args map[string]string) {
	m := assess.Metric{Spots: g.spots()}
	m.Name = g.text("name")
	m.Conditions = rollout.Conditions{Success: fill(g.text("successCondition"), args), Failure: fill(g.text("failureCondition"), args)}
	m.InitialDelay, m.Interval = g.filledSpan("initialDelay", args), g.filledSpan("interval", args)
	m.Count, _ = g.filledCount("count", args)
	m.FailureLimit, _ = g.filledCount("failureLimit", args)
	m.InconclusiveLimit, _ = g.filledCount("inconclusiveLimit", args)
	m.ConsecutiveSuccessLimit, _ = g.filledCount("consecutiveSuccessLimit", args)
	if n, ok := g.filledCount("consecutiveErrorLimit", args); ok {
		m.ConsecutiveErrorLimit = &n
	}
	a.provider(&m, g, args)
	g.done()
	out.Metrics = append(out.Metrics, m)
}

// filledSpan is a duration in which arguments stand; 0 where there is none.
func (g *group) filledSpan(key string, args map[string]string) time.Duration {
	v, ok := g.value(key)
	if !ok {
		return 0
	}
	return g.span(v, key, fill(v.Value, args))
}

// filledCount is a whole number in which arguments stand.
func (g *group) filledCount(key string, args map[string]string) (int, bool) {
	v, ok := g.value(key)
	if !ok {
		return 0, false
	}
	n, err := strconv.Atoi(fill(v.Value, args))
	if err != nil || v.Kind != yaml.ScalarNode {
		g.in.fault(g.place(v), g.sub(key), show(v.Value)+" is no whole number", g.argumentHint(v))
		return 0, false
	}
	return n, true
}

func (g *group) argumentHint(v *yaml.Node) string {
	if argument.MatchString(v.Value) {
		return "give the argument a value in the template or in the rollout"
	}
	return g.hintFor(v)
}

// provider says what is asked, and what that measures.
func (a *argoReader) provider(m *assess.Metric, g *group, args map[string]string) {
	p := g.group("provider")
	if p == nil {
		return
	}
	q := question{name: m.Name, conditions: m.Conditions.Success + " " + m.Conditions.Failure}
	for _, k := range p.keys {
		if q.provider != "" {
			continue
		}
		q.provider = k
		if inner := p.of[k]; inner.Kind == yaml.MappingNode {
			q.query = fill(queryIn(inner), args)
			q.scalar(inner)
		}
		p.aside("how the provider is reached; its query is read", k)
	}
	p.done()
	m.Provider, m.Probe = q.provider, q.recognise()
	if o, said := a.in.options.Metrics[m.Name]; said {
		o.apply(&m.Probe)
	}
	if strings.Contains(q.conditions, "{{") || m.Probe.Signal != assess.Unknown && q.provider != "prometheus" && unfit(m) {
		m.Probe.Signal = assess.Unknown
	}
}

// scalar notes for how long a provider other than Prometheus looks back.
func (q *question) scalar(provider *yaml.Node) {
	if span := word(provider, "interval"); span != "" && q.provider != "prometheus" {
		q.query += " [" + span + "]"
	}
}

// queryIn is the question of a provider, whatever it calls it.
func queryIn(n *yaml.Node) string {
	for _, k := range []string{"query", "url", "jsonPath", "canaryConfigName"} {
		if q := word(n, k); q != "" {
			return q
		}
	}
	return ""
}

// unfit says whether the conditions ask for more of a value than one number.
func unfit(m *assess.Metric) bool {
	v := rollout.Scalar(0.5)
	if m.Probe.Vector {
		v = rollout.Vector(0.5)
	}
	p, _ := m.Conditions.Compile().Evaluate(v)
	return p == rollout.Error
}

// check marks the dry metrics, and notes what the controller would refuse and what is
// not simulated.
func (a *argoReader) check(out *assess.Analysis) {
	if len(out.Metrics) == 0 {
		return
	}
	machine := out.Machine()
	for _, f := range machine.Check() {
		if strings.HasSuffix(f.Path, "Condition") {
			continue // the controller takes it, and errs at every measurement
		}
		spot, n := out.Spots.At("templates"), 0
		if _, err := fmt.Sscanf(f.Path, "metrics[%d]", &n); err == nil && n < len(out.Metrics) {
			spot = out.Metrics[n].Spots.At("failureLimit")
		}
		if strings.HasPrefix(f.Path, "dryRun") {
			spot = out.Spots.At("dryRun")
		}
		a.out.Refused = append(a.out.Refused, assess.Refusal{Spot: spot, Message: f.Error(), Hint: f.Hint})
	}
	for i, dry := range machine.Dry() {
		m := &out.Metrics[i]
		m.Dry = dry
		if m.Probe.Signal == assess.Unknown && !dry {
			at := m.Spots.At("provider")
			why := fmt.Sprintf("%s (line %d): the metric %s is not known to measure requests that fail or are slow; what it would catch is not in the numbers", at.File, at.Line, show(m.Name))
			a.blind(why)
		}
	}
}
