package importer

import (
	"fmt"
	"strings"
	"time"

	"github.com/rollrisk/rollrisk/models/assess"
	"go.yaml.in/yaml/v4"
)

var kayenta = Importer{
	Name:  "kayenta",
	Title: "Kayenta",
	Doc: "Canary configurations of Spinnaker's Kayenta (docs/canary-config.md of its repository): metrics, groups, classifier. The stage that " +
		"runs one is not part of it: an hour at 10 % of the traffic, with one judgement at its end, is assumed.",
	Claims: func(r *resource) bool {
		if c := child(r.root, "canaryConfig"); c != nil && child(c, "metrics") != nil {
			return true
		}
		return child(r.root, "judge") != nil && child(r.root, "metrics") != nil && (child(r.root, "classifier") != nil || child(r.root, "applications") != nil)
	},
	Read: func(in *reader, r *resource) { in.kayenta(r) },
}

// The stage that is assumed: Kayenta's documentation asks for 50 points or more, one a
// minute.
const (
	stageLasts  = time.Hour
	stageWeight = 0.1
	scorePass   = 95 // of the editor of Spinnaker
	scoreMargin = 75
)

func (in *reader) kayenta(r *resource) {
	g := in.group(r)
	var blind []string
	if inner := g.group("canaryConfig"); inner != nil { // with a request to run it
		blind = g.risky("how the analysis was asked for; the stage is assumed", "executionRequest")
		g.done()
		g = inner
	}
	name := g.text("name")
	if name == "" {
		name = "canary configuration"
	}
	j := &assess.Judge{Pass: scorePass, Marginal: scoreMargin, Step: time.Minute, Every: stageLasts}
	spots := g.spots()
	out := &assess.Rollout{Kind: "Kayenta", Name: name, Spots: spots, Ramp: &assess.Ramp{Judge: j, Spots: spots, Stops: []assess.Stop{
		{Share: stageWeight, Lasts: stageLasts, Spots: spots}, {Share: 1, Spots: spots}}}}
	out.Blind = append(blind, fmt.Sprintf("the stage is not part of the configuration: %.0f %% of the traffic for %d min, with one judgement at the end, is assumed", 100*stageWeight, int(stageLasts.Minutes())))
	weights := classifier(j, g)
	weighed(j, g, weights)
	g.aside("names", "id", "description", "applications", "judge", "templates", "configVersion", "createdTimestamp", "updatedTimestamp", "createdTimestampIso", "updatedTimestampIso")
	if g.done(); in.bad {
		return
	}
	for i := range j.Metrics {
		if m := &j.Metrics[i]; m.Signal == assess.Unknown {
			out.Blind = append(out.Blind, fmt.Sprintf("%s (line %d): the metric %s is not known to measure requests that fail; it is taken to pass", r.file, m.Spots.At("").Line, show(m.Name)))
		}
	}
	in.out.Rollouts = append(in.out.Rollouts, out)
}

// classifier reads the thresholds of the score, and returns the weights of the groups.
func classifier(j *assess.Judge, g *group) map[string]float64 {
	weights := map[string]float64{}
	if c := g.group("classifier"); c != nil {
		if w := c.group("groupWeights"); w != nil {
			for _, k := range w.keys {
				if x := w.real(k); x != nil {
					weights[k] = *x
				}
			}
			w.done()
		}
		if t := c.group("scoreThresholds"); t != nil {
			j.Spots = t.spots()
			if x := t.real("pass"); x != nil {
				j.Pass = *x
			}
			if x := t.real("marginal"); x != nil {
				j.Marginal = *x
			}
			t.done()
		}
		c.done()
	}
	return weights
}

// weighed reads the metrics and gives each its part of the score.
func weighed(j *assess.Judge, g *group, weights map[string]float64) {
	groups := map[string]int{}
	var names [][]string
	for _, m := range g.groups("metrics") {
		one, in := kayentaMetric(m)
		for _, k := range in {
			groups[k]++
		}
		j.Metrics, names = append(j.Metrics, one), append(names, in)
	}
	weigh(j, names, groups, weights)
}

// weigh gives every metric its part of the score: a group shares its weight among its
// metrics, and groups without one share what is left of 100 (Kayenta, NetflixACAJudge).
func weigh(j *assess.Judge, names [][]string, groups map[string]int, weights map[string]float64) {
	left, without := 100.0, 0
	seen := map[string]bool{}
	for _, in := range names {
		for _, k := range in {
			if seen[k] {
				continue
			}
			seen[k] = true
			if w, ok := weights[k]; ok {
				left -= w
			} else {
				without++
			}
		}
	}
	for i, in := range names {
		for _, k := range in {
			w, ok := weights[k]
			if !ok {
				w = max(0, left) / float64(max(1, without))
			}
			j.Metrics[i].Weight += w / float64(max(1, groups[k]))
		}
	}
}

// kayentaMetric reads one metric and the groups that it is in.
func kayentaMetric(g *group) (assess.JudgeMetric, []string) {
	m := assess.JudgeMetric{Name: g.text("name"), Effect: 1, Spots: g.spots()}
	var in []string
	for _, n := range g.list("groups") {
		in = append(in, n.Value)
	}
	if len(in) == 0 {
		in = []string{""}
	}
	if a := g.group("analysisConfigurations"); a != nil {
		if c := a.group("canary"); c != nil {
			direction := c.text("direction")
			m.Both, m.Falls = direction == "" || direction == "either", direction == "decrease"
			m.Critical = c.flag("critical", false)
			if e := c.group("effectSize"); e != nil {
				if x := e.real("allowedIncrease"); x != nil && *x >= 1 {
					m.Effect = *x
				}
				e.aside("how large a change is allowed; that of the mean ratio upwards is read", "allowedDecrease", "criticalIncrease", "criticalDecrease", "measure")
				e.done()
			}
			c.aside("what no data and outliers are; data are there here", "nanStrategy", "mustHaveData", "outliers", "outlierFactor")
			c.done()
		}
		a.done()
	} else {
		m.Both = true
	}
	kayentaWords(&m, g)
	g.aside("names", "scopeName", "type")
	g.done()
	return m, in
}

// kayentaWords recognises a metric by its name and the words of its query.
func kayentaWords(m *assess.JudgeMetric, g *group) {
	words := strings.ToLower(m.Name)
	if q := g.of["query"]; q != nil {
		words += " " + strings.ToLower(scalars(q))
	}
	switch {
	case contains(words, "success", "2xx", "availability"):
		m.Signal, m.Success = assess.Failing, true
	case contains(words, "error", "fail", "5xx", "5..", "exception"):
		m.Signal = assess.Failing
	default:
		m.Signal = assess.Unknown
	}
	g.aside("the question; its words are read", "query")
}

// scalars are the words of a small tree.
func scalars(n *yaml.Node) string {
	if n.Kind == yaml.ScalarNode {
		return n.Value
	}
	var all []string
	for _, c := range n.Content[:min(len(n.Content), 40)] {
		if c.Kind == yaml.ScalarNode {
			all = append(all, c.Value)
		}
	}
	return strings.Join(all, " ")
}
