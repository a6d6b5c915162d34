package importer

import (
	"fmt"
	"slices"
	"time"

	"github.com/rollrisk/rollrisk/models/assess"
)

var cloudDeploy = Importer{
	Name:  "cloud-deploy",
	Title: "Google Cloud Deploy",
	Doc: "DeliveryPipeline with canary stages (deploy.cloud.google.com/v1, as documented in the configuration schema of Cloud Deploy): " +
		"percentages or phases, each of which somebody advances, or an Automation with its wait.",
	Claims: func(r *resource) bool { return r.kind == "DeliveryPipeline" && r.in("deploy.cloud.google.com") },
	Read:   func(in *reader, r *resource) { in.cloudDeploy(r) },
}

func (in *reader) cloudDeploy(r *resource) {
	root := in.group(r)
	root.aside("names", "apiVersion", "kind", "metadata", "description", "suspended")
	serial := root.group("serialPipeline")
	if serial == nil {
		in.fault(root.at, "serialPipeline", "the pipeline has no stages", "")
		return
	}
	found := 0
	for _, stage := range serial.groups("stages") {
		if in.cloudStage(r, root, stage) {
			found++
		}
	}
	serial.done()
	root.done()
	if found == 0 && !in.bad {
		in.fault(serial.at, "serialPipeline.stages", "no stage has a canary strategy: every stage deploys to everybody at once", "assess --ramp \"100%\" says what that means")
	}
}

// cloudStage reads a stage with a canary; false where it has none.
func (in *reader) cloudStage(r *resource, root, g *group) bool {
	target := g.text("targetId")
	g.aside("names", "profiles", "deployParameters")
	strategy := g.group("strategy")
	if strategy == nil {
		g.done()
		return false
	}
	strategy.aside("deploys at once", "standard")
	canary := strategy.group("canary")
	strategy.done()
	g.done()
	if canary == nil {
		return false
	}
	out := &assess.Rollout{Kind: "Google Cloud Deploy", Name: r.name + "/" + target, Spots: root.spots(), Ramp: &assess.Ramp{Spots: canary.spots(), Elsewhere: "by verify jobs, or outside of the pipeline"}}
	in.phases(out, canary)
	for _, s := range out.Ramp.Stops {
		if !(s.Share >= 0 && s.Share <= 1) {
			in.fault(canary.at, canary.path, "a percentage is not between 0 and 100", "")
			return true
		}
	}
	in.advance(out, r.name)
	out.Ramp.Stops = rising(append(out.Ramp.Stops, assess.Stop{Share: 1, Spots: out.Ramp.Spots}))
	if !in.bad {
		in.out.Rollouts = append(in.out.Rollouts, out)
	}
	return true
}

// phases reads the percentages of a canary, in either way of writing them.
func (in *reader) phases(out *assess.Rollout, canary *group) {
	canary.aside("names of the router", "runtimeConfig")
	if d := canary.group("canaryDeployment"); d != nil {
		for _, p := range d.wholes("percentages") {
			out.Ramp.Stops = append(out.Ramp.Stops, assess.Stop{Share: float64(p) / 100, Spots: d.spots()})
		}
		out.Blind = append(out.Blind, d.risky("a job checks each phase; what it would catch is not in the numbers", "verify", "analysis")...)
		d.aside("jobs around the deployment", "predeploy", "postdeploy")
		d.done()
	}
	if d := canary.group("customCanaryDeployment"); d != nil {
		for _, phase := range d.groups("phaseConfigs") {
			p, _ := phase.whole("percentage")
			out.Ramp.Stops = append(out.Ramp.Stops, assess.Stop{Share: float64(p) / 100, Spots: phase.spots()})
			out.Blind = append(out.Blind, phase.risky("a job checks the phase; what it would catch is not in the numbers", "verify", "analysis")...)
			phase.aside("names", "phaseId", "profiles", "predeploy", "postdeploy")
			phase.done()
		}
		d.done()
	}
	canary.done()
}

// advance says who ends a phase: a person, or an Automation of the pipeline.
func (in *reader) advance(out *assess.Rollout, pipeline string) {
	wait, automatic := time.Duration(0), false
	for _, r := range in.resources {
		if r.kind != "Automation" || !r.in("deploy.cloud.google.com") {
			continue
		}
		for _, g := range in.group(r).groups("rules") {
			for _, key := range []string{"advanceRolloutRule", "advanceRollout"} {
				if rule := g.group(key); rule != nil {
					r.used, automatic = true, true
					wait = max(wait, rule.duration("wait"))
				}
			}
		}
	}
	for i := range out.Ramp.Stops {
		out.Ramp.Stops[i].Person, out.Ramp.Stops[i].Lasts = !automatic, wait
	}
	if automatic {
		out.Blind = append(out.Blind, fmt.Sprintf("every phase of %s is taken to be advanced by the Automation after %v", pipeline, wait))
	}
	out.Ramp.Stops = slices.Clip(out.Ramp.Stops)
}
