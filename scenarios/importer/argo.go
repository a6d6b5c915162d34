package importer

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/rollrisk/rollrisk/models/assess"
	"github.com/rollrisk/rollrisk/models/rollout"
	"go.yaml.in/yaml/v4"
)

var argoRollouts = Importer{
	Name:  "argo-rollouts",
	Title: "Argo Rollouts",
	Doc: "Rollout with its AnalysisTemplates and ClusterAnalysisTemplates, as Argo Rollouts v1.9.1 reads them " +
		"(pkg/apis/rollouts/v1alpha1): canary with every kind of step, inline and background analysis, blueGreen.",
	Claims: func(r *resource) bool { return r.kind == "Rollout" && r.in("argoproj.io") },
	Read:   func(in *reader, r *resource) { in.argo(r) },
}

// argoReader reads one Rollout.
type argoReader struct {
	in  *reader
	out *assess.Rollout
	top assess.Spots

	balancer assess.Spots // of trafficRouting.alb
}

const (
	podsOnly = "of the pods; does not change the numbers"
	byKube   = "of Kubernetes; does not change the numbers"
)

func (in *reader) argo(r *resource) {
	root := in.group(r)
	a := &argoReader{in: in, out: &assess.Rollout{Kind: "Argo Rollouts", Name: r.name, Spots: root.spots()}}
	root.aside(byKube, "apiVersion", "kind", "metadata", "status")
	spec := root.group("spec")
	if spec == nil {
		in.fault(root.at, "spec", "the Rollout has no spec", "")
		return
	}
	root.done()
	a.top = spec.spots()
	strategy := spec.group("strategy")
	if strategy == nil {
		if !in.bad {
			in.fault(spec.at, "spec.strategy", "the Rollout has no strategy; it looks like a patch", render)
		}
		return
	}
	canary, blueGreen := strategy.group("canary"), strategy.group("blueGreen")
	switch {
	case in.bad:
	case canary != nil && blueGreen != nil:
		in.fault(blueGreen.at, "spec.strategy", "has canary and blueGreen; the controller refuses both", "keep one")
	case blueGreen != nil:
		a.blueGreen(spec, blueGreen)
	case canary != nil:
		a.canary(spec, canary)
	case strategy.used["canary"] && len(strategy.keys) > 0 && strategy.keys[0] == "canary":
		a.canary(spec, in.newGroup(strategy.file, "spec.strategy.canary", strategy.key["canary"], nil))
	default:
		in.fault(strategy.at, "spec.strategy", "has neither canary nor blueGreen", "")
	}
	if strategy.done(); !in.bad {
		a.rest(spec)
		in.out.Rollouts = append(in.out.Rollouts, a.out)
	}
}

// blind notes what changes the risk and is not simulated.
func (a *argoReader) blind(all ...string) { a.out.Blind = append(a.out.Blind, all...) }

// rest lists what is left of the spec.
func (a *argoReader) rest(spec *group) {
	a.blind(spec.risky("a rollback to one of these revisions skips all steps", "rollbackWindow")...)
	a.blind(spec.risky("the rollout stands still until it is taken away", "paused")...)
	spec.aside(podsOnly, "template", "selector", "workloadRef", "minReadySeconds", "revisionHistoryLimit", "restartAt", "analysis")
	spec.done()
}

// deadline is how long the controller waits for pods (utils/defaults: 600 s).
func deadline(spec *group) (time.Duration, bool) {
	seconds, ok := spec.whole("progressDeadlineSeconds")
	if !ok {
		seconds = 600
	}
	return time.Duration(seconds) * time.Second, spec.flag("progressDeadlineAbort", false)
}

func (a *argoReader) canary(spec, g *group) {
	c := &assess.Canary{Spots: g.spots(), Top: a.top, DynamicStable: g.flag("dynamicStableScale", false)}
	c.Deadline, c.DeadlineAbort = deadline(spec)
	m := &c.Machine
	m.Replicas = 1
	if n, ok := spec.whole("replicas"); ok {
		m.Replicas = n
	}
	m.Surge = a.surge(g, m.Replicas)
	m.Router = a.router(g)
	c.Balancer = a.balancer
	for _, step := range g.groups("steps") {
		a.step(c, step)
	}
	if back := g.group("analysis"); back != nil {
		start, _ := back.whole("startingStep")
		m.Background = &start
		c.Background = a.analysis(back)
		back.done()
	}
	if seconds, ok := g.whole("abortScaleDownDelaySeconds"); ok {
		d := time.Duration(seconds) * time.Second
		m.AbortScaleDownDelay = &d
	}
	a.blind(g.risky("pods that lag are not waited for", "replicaProgressThreshold")...)
	g.aside(podsOnly, "canaryService", "stableService", "antiAffinity", "canaryMetadata", "stableMetadata", "maxUnavailable",
		"scaleDownDelaySeconds", "scaleDownDelayRevisionLimit", "pingPong", "minPodsPerReplicaSet")
	g.done()
	for i := range c.Steps {
		m.Steps = append(m.Steps, c.Steps[i].Step)
	}
	if m.Replicas < 1 {
		m.Replicas = 1
		a.blind("spec.replicas is 0; one pod is assumed")
	}
	a.out.Canary = c
	a.refuse(m.Check(), c)
}

// refuse lists what the controller would not take.
func (a *argoReader) refuse(faults []rollout.Fault, c *assess.Canary) {
	for _, f := range faults {
		spot := c.Spots.At("steps")
		var n int
		if _, err := fmt.Sscanf(f.Path, "steps[%d]", &n); err == nil && n < len(c.Steps) {
			spot = c.Steps[n].Spots.At("setWeight")
		}
		a.out.Refused = append(a.out.Refused, assess.Refusal{Spot: spot, Message: f.Error(), Hint: f.Hint})
	}
}

// surge is how many more pods there may be (utils/defaults: 25 %, rounded up).
func (a *argoReader) surge(g *group, replicas int) int {
	text := g.text("maxSurge")
	if text == "" {
		text = "25%"
	}
	share, percent := strings.CutSuffix(text, "%")
	n, err := strconv.Atoi(share)
	if err != nil {
		g.wrong("maxSurge", "a number or a share")
		return 0
	}
	if percent {
		return (n*replicas + 99) / 100
	}
	return n
}

// router says whether weights are realised by a traffic router.
func (a *argoReader) router(g *group) bool {
	t := g.group("trafficRouting")
	if t == nil {
		return false
	}
	if alb := t.group("alb"); alb != nil {
		a.balancer = alb.spots()
		if s := alb.group("stickinessConfig"); s != nil {
			if on, ok := s.spots()["enabled"]; ok {
				a.balancer["stickinessConfig.enabled"] = on
			}
			a.out.Sticky = s.flag("enabled", false)
			s.aside("how long users stay; for ever is assumed", "durationSeconds")
			s.done()
		}
		alb.aside("names of the router", "ingress", "ingresses", "servicePort", "rootService", "annotationPrefix")
		alb.done()
	}
	found := len(t.keys) > 0
	if n, ok := t.whole("maxTrafficWeight"); ok && n != 100 {
		t.used["maxTrafficWeight"] = false
		a.blind(t.risky("weights count out of this number; 100 is assumed", "maxTrafficWeight")...)
	}
	a.blind(t.risky("routes by header or mirrors have users of their own", "managedRoutes")...)
	t.aside("names of the router", "istio", "nginx", "smi", "ambassador", "appMesh", "traefik", "apisix", "plugins")
	t.done()
	return found
}

// step reads one step: at most one of setWeight, pause, experiment and analysis, and
// anything else beside it (validation.hasMultipleStepsType).
func (a *argoReader) step(c *assess.Canary, g *group) {
	s := assess.Step{Spots: g.spots()}
	main, others := g.written("setWeight", "pause", "experiment", "analysis"), g.written("setCanaryScale", "setHeaderRoute", "setMirrorRoute", "plugin")
	if main > 1 || main+others == 0 {
		a.out.Refused = append(a.out.Refused, assess.Refusal{Spot: s.Spots.At(""), Message: fmt.Sprintf("%s has %d of setWeight, pause, experiment and analysis; the controller wants one", g.path, main), Hint: "begin every one with a - of its own"})
		for _, k := range g.keys {
			g.used[k] = true
		}
		return
	}
	defer g.done()
	a.blind(g.risky("the step is not simulated; it takes no time here", "setHeaderRoute", "setMirrorRoute", "plugin")...)
	a.scale(g)
	switch {
	case g.of["setWeight"] != nil:
		s.Weight, _ = g.whole("setWeight")
	case g.of["pause"] != nil:
		a.pause(&s, g)
	case g.of["analysis"] != nil:
		s.Kind = rollout.InlineAnalysis
		if inner := g.group("analysis"); inner != nil {
			s.Analysis = a.analysis(inner)
			inner.done()
		}
	case g.of["experiment"] != nil:
		a.experiment(&s, g)
	default:
		return
	}
	c.Steps = append(c.Steps, s)
}

// written is how many of some keys are there.
func (g *group) written(keys ...string) int {
	n := 0
	for _, k := range keys {
		if _, there := g.of[k]; there {
			n++
		}
	}
	return n
}

// scale: how many pods the canary has matters only where pods are its traffic, and there
// the controller ignores it.
func (a *argoReader) scale(g *group) {
	g.aside("number of pods behind a traffic router; their load is not simulated", "setCanaryScale")
}

// pause is for a time, or for a person. A number is seconds.
func (a *argoReader) pause(s *assess.Step, g *group) {
	s.Kind = rollout.PauseForPerson
	if !g.has("pause") {
		g.used["pause"] = true
		return
	}
	p := g.group("pause")
	if p == nil {
		return
	}
	if v, ok := p.value("duration"); ok {
		s.Kind = rollout.Pause
		s.Duration = p.seconds("duration", v)
		s.Spots["duration"] = p.spots()["duration"]
	}
	p.done()
}

// seconds reads a number of seconds, or a duration.
func (g *group) seconds(key string, v *yaml.Node) time.Duration {
	if n, err := strconv.ParseInt(v.Value, 10, 32); err == nil && n >= 0 {
		return time.Duration(n) * time.Second
	}
	return g.span(v, key, v.Value)
}

// experiment runs pods beside the rollout; only its time and its analyses are known.
func (a *argoReader) experiment(s *assess.Step, g *group) {
	e := g.group("experiment")
	if e == nil {
		return
	}
	s.Kind = rollout.Pause
	if v, ok := e.value("duration"); ok {
		s.Duration = e.seconds("duration", v)
	}
	if s.Duration == 0 && e.has("analyses") {
		s.Kind = rollout.InlineAnalysis
		s.Analysis = &assess.Analysis{Spots: e.spots()}
		for _, one := range e.groups("analyses") {
			name := one.text("templateName")
			a.template(s.Analysis, one, templateRef{name, one.flag("clusterScope", false)}, a.arguments(one))
			one.aside("names", "name", "requiredForCompletion")
			one.done()
		}
		a.check(s.Analysis)
	}
	a.blind(e.risky("the experiment's own pods and traffic are not simulated", "templates", "analyses")...)
	e.aside(podsOnly, "dryRun", "analysisRunMetadata", "scaleDownDelaySeconds")
	e.done()
}

func (a *argoReader) blueGreen(spec, g *group) {
	b := &assess.BlueGreen{Spots: g.spots(), Top: a.top}
	b.Deadline, b.DeadlineAbort = deadline(spec)
	spec.aside(podsOnly, "replicas")
	m := &b.Machine
	m.ByHand = !g.flag("autoPromotionEnabled", true)
	if n, ok := g.whole("autoPromotionSeconds"); ok {
		m.AutoPromotion = time.Duration(n) * time.Second
	}
	if n, ok := g.whole("scaleDownDelaySeconds"); ok {
		d := time.Duration(n) * time.Second
		m.ScaleDownDelay = &d
	}
	if before := g.group("prePromotionAnalysis"); before != nil {
		b.Before, m.PrePromotion = a.analysis(before), true
		before.done()
	}
	if after := g.group("postPromotionAnalysis"); after != nil {
		b.After, m.PostPromotion = a.analysis(after), true
		after.done()
	}
	g.aside(podsOnly, "activeService", "previewService", "previewReplicaCount", "maxUnavailable", "scaleDownDelayRevisionLimit",
		"antiAffinity", "previewMetadata", "activeMetadata", "abortScaleDownDelaySeconds")
	g.done()
	for _, f := range m.Check() {
		a.out.Refused = append(a.out.Refused, assess.Refusal{Spot: b.Spots.At(f.Path), Message: f.Error(), Hint: f.Hint})
	}
	a.out.BlueGreen = b
	a.out.Sticky = true // everybody is switched at once
}
