package importer

import (
	"fmt"
	"strings"
	"time"

	"github.com/rollrisk/rollrisk/models/assess"
	"go.yaml.in/yaml/v4"
)

// The types of AWS CloudFormation that are read; what the command line of AWS prints
// has the same keys in camel case.
const (
	codeDeployType = "AWS::CodeDeploy::DeploymentConfig"
	appConfigType  = "AWS::AppConfig::DeploymentStrategy"
)

var codeDeploy = Importer{
	Name:  "codedeploy",
	Title: "AWS CodeDeploy",
	Doc: "Deployment configurations for Lambda and ECS (AWS CodeDeploy User Guide, Working with deployment configurations): time-based " +
		"canary and linear, in minutes, and all at once; from CloudFormation, or as the command line prints them.",
	Claims: func(r *resource) bool {
		return r.kind == codeDeployType || child(r.root, "trafficRoutingConfig") != nil || child(r.root, "deploymentConfigInfo") != nil
	},
	Read: func(in *reader, r *resource) { in.codeDeploy(r) },
}

var appConfig = Importer{
	Name:  "appconfig",
	Title: "AWS AppConfig",
	Doc: "Deployment strategies (AWS AppConfig User Guide, Working with deployment strategies): linear steps, or exponential ones of " +
		"GrowthFactor x 2^N, with a final bake. The documentation has the first step at 0 % in one place and at the first share in another; here it has the first share.",
	Claims: func(r *resource) bool {
		return r.kind == appConfigType || child(r.root, "DeploymentDurationInMinutes") != nil
	},
	Read: func(in *reader, r *resource) { in.appConfig(r) },
}

// cloudFormation takes the resources of a template; false where it is none.
func (in *reader) cloudFormation(file string, root *yaml.Node) bool {
	all := child(root, "Resources")
	if all == nil || all.Kind != yaml.MappingNode {
		return false
	}
	for i := 0; i+1 < len(all.Content); i += 2 {
		item := follow(all.Content[i+1])
		if item.Kind != yaml.MappingNode || word(item, "Type") == "" {
			continue
		}
		properties := child(item, "Properties")
		if properties == nil || properties.Kind != yaml.MappingNode {
			properties = item
		}
		in.resources = append(in.resources, &resource{file: file, root: properties, kind: word(item, "Type"), name: all.Content[i].Value})
	}
	return true
}

// either is a group under one of two names.
func (g *group) either(a, b string) *group {
	if g.has(a) {
		return g.group(a)
	}
	return g.group(b)
}

// wholeOf is a whole number under one of two names.
func (g *group) wholeOf(a, b string) int {
	if g.has(a) {
		b = a
	}
	n, _ := g.whole(b)
	return n
}

const alarmsElsewhere = "by the alarms of the deployment group"

func (in *reader) codeDeploy(r *resource) {
	g := in.group(r)
	if inner := g.group("deploymentConfigInfo"); inner != nil {
		g = inner
	}
	name := r.name
	for _, k := range []string{"deploymentConfigName", "DeploymentConfigName"} {
		if t := g.text(k); t != "" {
			name = t
		}
	}
	out := &assess.Rollout{Kind: "AWS CodeDeploy", Name: name, Spots: g.spots(), Ramp: &assess.Ramp{Spots: g.spots(), Elsewhere: alarmsElsewhere}}
	t := g.either("trafficRoutingConfig", "TrafficRoutingConfig")
	if t == nil {
		in.fault(g.at, "", "the configuration routes no traffic: it is for servers, whose hosts are replaced one by one", "only configurations for Lambda and ECS shift traffic")
		return
	}
	in.traffic(out, t)
	if len(out.Ramp.Stops) == 0 && !in.bad {
		in.fault(t.at, t.path, "says how traffic is routed and not by how much", "timeBasedCanary or timeBasedLinear, as the type says")
	}
	t.done()
	g.aside("names", "deploymentConfigId", "createTime", "computePlatform", "ComputePlatform", "minimumHealthyHosts", "MinimumHealthyHosts", "zonalConfig", "ZonalConfig")
	g.done()
	if !in.bad {
		out.Sticky = false
		in.out.Rollouts = append(in.out.Rollouts, out)
	}
}

// traffic reads how traffic is shifted.
func (in *reader) traffic(out *assess.Rollout, t *group) {
	switch kind := strings.ToLower(t.text("type") + t.text("Type")); kind {
	case "timebasedcanary":
		if c := t.either("timeBasedCanary", "TimeBasedCanary"); c != nil {
			p, m := c.wholeOf("canaryPercentage", "CanaryPercentage"), c.wholeOf("canaryInterval", "CanaryInterval")
			in.steps(out, c, []int{p}, minutes(m))
			c.done()
		}
	case "timebasedlinear":
		if c := t.either("timeBasedLinear", "TimeBasedLinear"); c != nil {
			p, m := c.wholeOf("linearPercentage", "LinearPercentage"), c.wholeOf("linearInterval", "LinearInterval")
			in.steps(out, c, linear(p), minutes(m))
			c.done()
		}
	case "allatonce":
		out.Ramp.Stops = []assess.Stop{{Share: 1, Spots: out.Ramp.Spots}}
	default:
		in.fault(t.at, t.path, show(kind)+" is no way to route traffic", "TimeBasedCanary, TimeBasedLinear or AllAtOnce")
	}
}

func minutes(n int) time.Duration { return time.Duration(max(0, min(n, 1_000_000))) * time.Minute }

// linear are equal steps of a percentage up to, and without, everybody.
func linear(percent int) []int {
	var all []int
	for p := percent; percent > 0 && p < 100; p += percent {
		all = append(all, p)
	}
	return all
}

// steps are stops of equal length, then everybody.
func (in *reader) steps(out *assess.Rollout, g *group, shares []int, lasts time.Duration) {
	if len(shares) == 0 || shares[0] < 1 || shares[0] > 99 {
		in.fault(g.at, g.path, fmt.Sprintf("the percentage of a step is missing or out of range: %v", shares), "between 1 and 99")
		return
	}
	for _, p := range shares {
		out.Ramp.Stops = append(out.Ramp.Stops, assess.Stop{Share: float64(p) / 100, Lasts: lasts, Spots: g.spots()})
	}
	out.Ramp.Stops = append(out.Ramp.Stops, assess.Stop{Share: 1, Spots: g.spots()})
}

func (in *reader) appConfig(r *resource) {
	g := in.group(r)
	name := g.text("Name")
	if name == "" {
		name = r.name
	}
	out := &assess.Rollout{Kind: "AWS AppConfig", Name: name, Spots: g.spots(), Sticky: true, Ramp: &assess.Ramp{Spots: g.spots(), Elsewhere: "by the alarms of the environment"}}
	lasts := minutes(g.wholeOf("DeploymentDurationInMinutes", "DeploymentDurationInMinutes"))
	growth := g.real("GrowthFactor")
	bake := minutes(g.wholeOf("FinalBakeTimeInMinutes", "FinalBakeTimeInMinutes"))
	kind := g.text("GrowthType")
	g.aside("names", "Id", "Description", "ReplicateTo", "Tags")
	g.done()
	if growth == nil || !(*growth >= 1 && *growth <= 100) {
		in.fault(g.at, "GrowthFactor", "is not between 1 and 100", "")
	}
	if kind != "" && kind != "LINEAR" && kind != "EXPONENTIAL" {
		in.fault(g.place(g.of["GrowthType"]), "GrowthType", show(kind)+" is no growth", "LINEAR or EXPONENTIAL")
	}
	if in.bad {
		return
	}
	var shares []float64
	for x := *growth; x < 100 && len(shares) < 100; {
		shares = append(shares, x/100)
		if kind == "EXPONENTIAL" {
			x = float64(x * 2)
		} else {
			x += *growth
		}
	}
	for _, s := range shares {
		out.Ramp.Stops = append(out.Ramp.Stops, assess.Stop{Share: s, Lasts: lasts / time.Duration(len(shares)), Spots: g.spots()})
	}
	out.Ramp.Stops = append(out.Ramp.Stops, assess.Stop{Share: 1, Lasts: bake, Spots: g.spots()})
	out.Blind = append(out.Blind, "the alarms of the environment, which take a deployment back until the end of its final bake of "+bake.String())
	in.out.Rollouts = append(in.out.Rollouts, out)
}
