package importer

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/rollrisk/rollrisk/models/assess"
)

var kruiseRollouts = Importer{
	Name:  "openkruise",
	Title: "OpenKruise Rollout",
	Doc: "Rollout of OpenKruise (rollouts.kruise.io, v1alpha1 and v1beta1, as documented at openkruise.io/rollouts): steps of " +
		"traffic or replicas, each with a pause; a pause without a duration waits for a person. Nothing is measured.",
	Claims: func(r *resource) bool { return r.kind == "Rollout" && r.in("rollouts.kruise.io") },
	Read:   func(in *reader, r *resource) { in.kruise(r) },
}

// assumedPods is how many pods a workload has that is not among the files.
const assumedPods = 10

func (in *reader) kruise(r *resource) {
	root := in.group(r)
	out := &assess.Rollout{Kind: "OpenKruise Rollout", Name: r.name, Spots: root.spots(), Ramp: &assess.Ramp{Elsewhere: "outside of the Rollout"}}
	root.aside(byKube, "apiVersion", "kind", "metadata", "status")
	spec := root.group("spec")
	if spec == nil {
		in.fault(root.at, "spec", "the Rollout has no spec", "")
		return
	}
	root.done()
	out.Blind = append(out.Blind, spec.risky("the rollout does nothing until it is taken away", "disabled")...)
	strategy := spec.group("strategy")
	if strategy == nil {
		in.fault(spec.at, "spec.strategy", "the Rollout has no strategy; it looks like a patch", render)
		return
	}
	out.Blind = append(out.Blind, strategy.risky("the rollout stands still until it is taken away", "paused")...)
	steps := strategy.group("canary")
	if steps == nil {
		steps = strategy.group("blueGreen")
	}
	if steps == nil {
		in.fault(strategy.at, "spec.strategy", "has neither canary nor blueGreen", "")
		return
	}
	in.kruiseSteps(out, spec, steps)
	strategy.done()
	spec.aside(podsOnly, "workloadRef", "objectRef", "rolloutID")
	if spec.done(); !in.bad {
		out.Ramp.Stops = rising(out.Ramp.Stops)
		in.out.Rollouts = append(in.out.Rollouts, out)
	}
}

// kruiseSteps reads the steps.
func (in *reader) kruiseSteps(out *assess.Rollout, spec, steps *group) {
	pods, known := in.pods(spec)
	out.Ramp.Spots = steps.spots()
	for _, g := range steps.groups("steps") {
		if stop, ok := in.kruiseStep(out, g, pods); ok {
			if !known && stop.pods {
				out.Blind = append(out.Blind, fmt.Sprintf("%s (line %d): the workload is not among the files; %d pods are assumed", g.path, g.at.Line, assumedPods))
			}
			out.Ramp.Stops = append(out.Ramp.Stops, stop.Stop)
		}
	}
	out.Ramp.Stops = append(out.Ramp.Stops, assess.Stop{Share: 1, Spots: out.Ramp.Spots})
	steps.aside("of pods and routes; does not change the numbers", "trafficRoutings", "failureThreshold", "patchPodTemplateMetadata",
		"enableExtraWorkloadForCanary", "disableGenerateCanaryService", "trafficRoutingRef")
	steps.done()
}

// pods are those of the workload, where it is among the files.
func (in *reader) pods(spec *group) (int, bool) {
	name := ""
	if ref := spec.of["workloadRef"]; ref != nil {
		name = word(ref, "name")
	} else if ref := spec.of["objectRef"]; ref != nil {
		if w := child(ref, "workloadRef"); w != nil {
			name = word(w, "name")
		}
	}
	if r, _ := in.find(spec.file, name, "Deployment", "CloneSet", "StatefulSet"); r != nil {
		if s := child(r.root, "spec"); s != nil {
			if n, err := strconv.Atoi(word(s, "replicas")); err == nil && n > 0 {
				return n, true
			}
		}
	}
	return assumedPods, false
}

// kruiseStop is a stop whose share may be one of pods.
type kruiseStop struct {
	assess.Stop
	pods bool
}

// kruiseStep reads one step: its traffic, or, without, its replicas.
func (in *reader) kruiseStep(out *assess.Rollout, g *group, pods int) (kruiseStop, bool) {
	s := kruiseStop{Stop: assess.Stop{Person: true, Spots: g.spots()}}
	share, written := "", true
	switch {
	case g.has("traffic"):
		share = g.text("traffic")
	case g.has("weight"):
		share = g.text("weight") + "%"
	case g.has("replicas"):
		share, s.pods = g.text("replicas"), true
	default:
		written = false
	}
	g.aside("number of pods behind the traffic", "replicas")
	out.Blind = append(out.Blind, g.risky("users who match a header have the release at once; they are not simulated", "matches")...)
	if p := g.group("pause"); p != nil {
		if n, ok := p.whole("duration"); ok {
			s.Person, s.Lasts = false, time.Duration(n)*time.Second
			s.Spots["duration"] = p.spots()["duration"]
		}
		p.done()
	}
	g.aside("of the request", "requestHeaderModifier", "name")
	g.done()
	if !written {
		return s, false
	}
	return s, s.read(in, g, share, pods)
}

// read reads a share, or a number of pods.
func (s *kruiseStop) read(in *reader, g *group, share string, pods int) bool {
	number, percent := strings.CutSuffix(share, "%")
	x, err := strconv.ParseFloat(number, 64)
	if err != nil || !(x >= 0) || percent && x > 100 {
		in.fault(g.at, g.path, show(share)+" is no share", render)
		return false
	}
	if percent {
		s.pods, x = false, x/100
	} else {
		x = min(1, x/float64(pods))
	}
	s.Share = x
	return true
}

// rising leaves out what everybody has already, so that the last stop is everybody.
func rising(stops []assess.Stop) []assess.Stop {
	var out []assess.Stop
	for _, s := range stops {
		if n := len(out); n > 0 && out[n-1].Share >= 1 {
			break
		}
		out = append(out, s)
	}
	return out
}
