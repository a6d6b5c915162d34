package importer

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/rollrisk/rollrisk/models/assess"
	"github.com/rollrisk/rollrisk/models/rollout"
)

var flaggerCanaries = Importer{
	Name:  "flagger",
	Title: "Flagger",
	Doc: "Canary with its MetricTemplates, as Flagger reads them (pkg/apis/flagger/v1beta1 at 15bd6ad): weights, iterations, " +
		"header matches, mirroring, built-in metrics, queries, templates and webhooks.",
	Claims: func(r *resource) bool { return r.kind == "Canary" && r.in("flagger.app") },
	Read:   func(in *reader, r *resource) { in.flagger(r) },
}

// metricInterval is what Flagger looks back where a metric does not say
// (v1beta1.MetricInterval).
const metricInterval = time.Minute

// flaggerReader reads one Canary.
type flaggerReader struct {
	in  *reader
	out *assess.Rollout
	f   *assess.Flagger
}

func (in *reader) flagger(r *resource) {
	root := in.group(r)
	f := &flaggerReader{in: in, f: &assess.Flagger{}, out: &assess.Rollout{Kind: "Flagger", Name: r.name, Spots: root.spots()}}
	root.aside(byKube, "apiVersion", "kind", "metadata", "status")
	spec := root.group("spec")
	if spec == nil {
		in.fault(root.at, "spec", "the Canary has no spec", "")
		return
	}
	root.done()
	f.f.Top = spec.spots()
	m := &f.f.Machine
	m.Provider = spec.text("provider")
	m.SkipAnalysis = spec.flag("skipAnalysis", false)
	f.blind(spec.risky("the canary is not looked at until it is taken away", "suspend")...)
	analysis := spec.group("analysis")
	if old := spec.group("canaryAnalysis"); analysis == nil {
		analysis = old
	}
	if analysis == nil {
		if !in.bad {
			in.fault(spec.at, "spec.analysis", "the Canary has no analysis; it looks like a patch", render)
		}
		return
	}
	f.analysis(analysis)
	spec.aside("of the pods and the routes; does not change the numbers", "targetRef", "autoscalerRef", "ingressRef", "routeRef", "upstreamRef",
		"service", "metricsServer", "progressDeadlineSeconds", "revertOnDeletion")
	if spec.done(); in.bad {
		return
	}
	for _, fault := range m.Check() {
		f.out.Refused = append(f.out.Refused, assess.Refusal{Spot: f.spotOf(fault.Path), Message: fault.Error(), Hint: fault.Hint})
	}
	f.out.Flagger = f.f
	f.out.Sticky = f.f.Sticky || m.Strategy() != rollout.StepwiseCanary
	f.out.Matched = m.Strategy() == rollout.ABTest
	in.out.Rollouts = append(in.out.Rollouts, f.out)
}

func (f *flaggerReader) blind(all ...string) { f.out.Blind = append(f.out.Blind, all...) }

// spotOf is where a fault of the description stands.
func (f *flaggerReader) spotOf(path string) assess.Spot {
	key, _, _ := strings.Cut(path, "[")
	return f.f.Spots.At(key)
}

// analysis reads what is measured and how weights grow.
func (f *flaggerReader) analysis(g *group) {
	m := &f.f.Machine
	f.f.Spots = g.spots()
	m.Interval = g.duration("interval")
	m.Threshold, _ = g.whole("threshold")
	m.Iterations, _ = g.whole("iterations")
	m.MaxWeight, _ = g.whole("maxWeight")
	m.StepWeight, _ = g.whole("stepWeight")
	m.StepWeights = g.wholes("stepWeights")
	m.StepWeightPromotion, _ = g.whole("stepWeightPromotion")
	m.Mirror = g.flag("mirror", false)
	m.Match = len(g.list("match")) > 0
	for _, metric := range g.groups("metrics") {
		f.metric(metric)
	}
	for _, hook := range g.groups("webhooks") {
		f.hook(hook)
	}
	f.f.Sticky = g.has("sessionAffinity")
	if m.Match && m.Iterations < 1 {
		f.blind(fmt.Sprintf("%s (line %d): users are matched and weights grow too; the match is not simulated without iterations", g.sub("match"), f.f.Spots.At("match").Line))
	}
	g.aside("how long a user stays; for ever is assumed", "sessionAffinity")
	f.blind(g.risky("a part of the traffic is mirrored; all of it is assumed", "mirrorWeight")...)
	g.aside("of messages and of pods; does not change the numbers", "alerts", "primaryReadyThreshold", "canaryReadyThreshold")
	g.done()
}

// metric reads one check.
func (f *flaggerReader) metric(g *group) {
	m := rollout.FlaggerMetric{Name: g.text("name"), Query: g.text("query")}
	if x := g.real("threshold"); x != nil {
		m.Threshold = *x
	}
	ranges := g.spots()
	if r := g.group("thresholdRange"); r != nil {
		m.Range = &rollout.Range{Min: r.real("min"), Max: r.real("max")}
		ranges = r.spots()
		r.done()
	}
	back := g.duration("interval")
	if back == 0 {
		back = metricInterval
	}
	query := m.Query
	if ref := g.group("templateRef"); ref != nil {
		m.Template = ref.text("name")
		if m.Template == "" {
			m.Template = m.Name
		}
		ref.aside("names", "namespace", "apiVersion", "kind")
		ref.done()
		query = f.template(m.Template)
	}
	g.aside("values of the query", "templateVariables")
	g.done()
	probe := f.probe(&m, query, back)
	if o, said := f.in.options.Metrics[m.Name]; said {
		o.apply(&probe)
	}
	if probe.Signal == assess.Unknown {
		f.blind(fmt.Sprintf("%s (line %d): the metric %s is not known to measure requests that fail or are slow; what it would catch is not in the numbers", g.file, g.at.Line, show(m.Name)))
	}
	f.f.Machine.Metrics = append(f.f.Machine.Metrics, m)
	f.f.Probes = append(f.f.Probes, probe)
	f.f.Metrics = append(f.f.Metrics, g.spots())
	f.f.Ranges = append(f.f.Ranges, ranges)
}

// interval is the place of the metric's interval in a query of Flagger.
var interval = regexp.MustCompile(`\{\{\s*interval\s*\}\}`)

// probe says what a check measures: the built-in ones by their names.
func (f *flaggerReader) probe(m *rollout.FlaggerMetric, query string, back time.Duration) assess.Probe {
	switch {
	case m.Query == "" && m.Template == "" && m.Name == "request-success-rate":
		return assess.Probe{Signal: assess.Failing, Success: true, Scale: 100, Window: back, Query: m.Name}
	case m.Query == "" && m.Template == "" && m.Name == "request-duration":
		return assess.Probe{Signal: assess.Slow, Quantile: 0.99, Window: back, Query: m.Name}
	}
	p := question{name: m.Name, provider: "prometheus", query: interval.ReplaceAllString(query, back.String())}.recognise()
	if p.Window == 0 {
		p.Window = back
	}
	return p
}

// template is the query of a MetricTemplate; empty where it is not among the files.
func (f *flaggerReader) template(name string) string {
	r, several := f.in.find(f.out.Spots.At("").File, name, "MetricTemplate")
	if several {
		f.blind(choice(r))
	}
	if r == nil {
		f.f.Missing = append(f.f.Missing, name)
		return ""
	}
	first := !r.used
	r.used = true
	before := len(f.in.out.Residue)
	root := f.in.group(r)
	root.aside(byKube, "apiVersion", "kind", "metadata", "status")
	query := ""
	if spec := root.group("spec"); spec != nil {
		query = spec.text("query")
		spec.aside("how the provider is reached", "provider")
		spec.done()
	}
	if root.done(); !first {
		f.in.out.Residue = f.in.out.Residue[:before]
	}
	return query
}

// hook reads one webhook. Those that confirm are taken to agree; the others to succeed.
func (f *flaggerReader) hook(g *group) {
	name := g.text("type")
	kind, err := rollout.ParseHookType(name)
	if err != nil {
		g.in.fault(g.place(g.of["type"]), g.sub("type"), show(name)+" is no type of webhook", "one of rollout, confirm-rollout, pre-rollout, confirm-traffic-increase, confirm-promotion, post-rollout, rollback, event")
		return
	}
	f.f.Machine.Hooks = append(f.f.Machine.Hooks, kind)
	switch kind {
	case rollout.RolloutHook:
		f.f.Load = true
	case rollout.ConfirmRolloutHook, rollout.ConfirmTrafficIncreaseHook, rollout.ConfirmPromotionHook, rollout.RollbackHook, rollout.PreRolloutHook:
		f.f.Gates = append(f.f.Gates, g.spots().At("type"))
	}
	g.aside("of how it is called", "name", "url", "timeout", "metadata", "retries", "muteAlert", "disableTLS")
	g.done()
}
