package importer

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/rollrisk/rollrisk/models/assess"
	"go.yaml.in/yaml/v4"
)

// Step is one ring of a plan that a manifest is to follow.
type Step struct {
	Share float64 // of the traffic, above 0, below 1, rising
	Bake  float64 // hours that it is watched, 0 or more
}

// mostWeights bounds the list of weights of a Canary of Flagger.
const mostWeights = 100

// WithSteps is a manifest whose rollout goes in other steps, all else as it was: for Argo
// Rollouts pairs of setWeight and pause, for Flagger stepWeights, each repeated for as many
// intervals as it is to last. Shares are rounded to whole percent, times to minutes or
// intervals. The error says why a manifest cannot be changed like that.
func WithSteps(text []byte, r *assess.Rollout, steps []Step) ([]byte, error) {
	whole, err := rounded(steps)
	if err != nil {
		return nil, err
	}
	root, err := documentAt(text, r.Spots.At("").Line, r.Name)
	if err != nil {
		return nil, err
	}
	switch {
	case r.Canary != nil:
		return argoSteps(text, root, whole)
	case r.Flagger != nil:
		return flaggerSteps(text, root, r.Flagger.Machine.Interval, whole)
	}
	return nil, fmt.Errorf("%s: the steps of %s are not written", r.Name, r.Kind)
}

// weight is a step as controllers take it.
type weight struct {
	percent int
	bake    time.Duration
}

// rounded takes steps to whole percent; those that come out the same become one.
func rounded(steps []Step) ([]weight, error) {
	var all []weight
	for _, s := range steps {
		w := weight{max(1, int(math.Round(100*s.Share))), time.Duration(math.Round(s.Bake*60)) * time.Minute}
		switch last := len(all) - 1; {
		case w.percent >= 100:
		case last >= 0 && all[last].percent >= w.percent:
			all[last].bake += w.bake
		default:
			all = append(all, w)
		}
	}
	if len(all) == 0 {
		return nil, errors.New("the plan is a release to everybody at once: there are no steps to write")
	}
	return all, nil
}

// documentAt is the resource of a file that begins at a line.
func documentAt(text []byte, line int, name string) (*yaml.Node, error) {
	loader, err := yaml.NewLoader(bytes.NewReader(text), yaml.WithUniqueKeys(false))
	if err != nil {
		return nil, err
	}
	for range maxDocuments {
		var doc yaml.Node
		if err := loader.Load(&doc); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, err
		}
		if len(doc.Content) > 0 && doc.Content[0].Line == line && doc.Content[0].Style&yaml.FlowStyle == 0 {
			return doc.Content[0], nil
		}
	}
	return nil, fmt.Errorf("%s is not written as a document of its own in block style", name)
}

// argoSteps replaces the steps of a Rollout, which must be weights and pauses alone.
func argoSteps(text []byte, root *yaml.Node, steps []weight) ([]byte, error) {
	n := root
	for _, key := range []string{"spec", "strategy", "canary", "steps"} {
		if n = child(n, key); n == nil {
			return nil, fmt.Errorf("there is no %s", key)
		}
	}
	if n.Kind != yaml.SequenceNode || n.Style&yaml.FlowStyle != 0 || len(n.Content) == 0 {
		return nil, fmt.Errorf("line %d: steps are not a list in block style", n.Line)
	}
	for _, s := range n.Content {
		if s.Kind != yaml.MappingNode || len(s.Content) != 2 || s.Content[0].Value != "setWeight" && s.Content[0].Value != "pause" {
			return nil, fmt.Errorf("line %d: a step that is neither a weight nor a pause; a plan of rings does not say where it belongs", s.Line)
		}
	}
	indent := strings.Repeat(" ", n.Column-1)
	var lines []string
	for _, s := range steps {
		lines = append(lines, fmt.Sprintf("%s- setWeight: %d", indent, s.percent))
		if s.bake > 0 {
			lines = append(lines, fmt.Sprintf("%s- pause: {duration: %s}", indent, goDuration(s.bake)))
		}
	}
	return spliced(text, []span{{n.Line, lastLine(n), lines}}), nil
}

// flaggerSteps writes stepWeights in the place of what there was.
func flaggerSteps(text []byte, root *yaml.Node, interval time.Duration, steps []weight) ([]byte, error) {
	spec := child(root, "spec")
	n := child(spec, "analysis")
	if n == nil {
		n = child(spec, "canaryAnalysis")
	}
	if n == nil || n.Style&yaml.FlowStyle != 0 || interval <= 0 {
		return nil, errors.New("there is no analysis in block style with an interval")
	}
	var weights []string
	for _, s := range steps {
		for range max(1, int(math.Round(float64(s.bake)/float64(interval)))) {
			weights = append(weights, strconv.Itoa(s.percent))
		}
	}
	if len(weights) > mostWeights {
		return nil, fmt.Errorf("the plan takes %d intervals of %s; write a longer interval first", len(weights), goDuration(interval))
	}
	line := strings.Repeat(" ", n.Column-1) + "stepWeights: [" + strings.Join(weights, ", ") + "]"
	var spans []span
	for i := 0; i+1 < len(n.Content); i += 2 {
		switch key := n.Content[i]; key.Value {
		case "stepWeight", "stepWeights", "maxWeight":
			spans = append(spans, span{key.Line, lastLine(n.Content[i+1]), nil})
		case "iterations", "match":
			return nil, fmt.Errorf("line %d: %s: this Canary does not go by weights", key.Line, key.Value)
		}
	}
	if len(spans) == 0 {
		return nil, errors.New("this Canary has no weights")
	}
	spans[0].lines = []string{line}
	return spliced(text, spans), nil
}

// goDuration is a time as Go reads it, without parts of nothing.
func goDuration(d time.Duration) string {
	s := d.String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}

// span are lines of a text, both ends included, and what stands there instead.
type span struct {
	first, last int
	lines       []string
}

// spliced replaces spans, which are in order and apart.
func spliced(text []byte, spans []span) []byte {
	all := strings.SplitAfter(string(text), "\n")
	var b strings.Builder
	next := 1
	end := "\n"
	if bytes.Contains(text, []byte("\r\n")) {
		end = "\r\n"
	}
	for _, s := range spans {
		b.WriteString(strings.Join(all[next-1:s.first-1], ""))
		for _, l := range s.lines {
			b.WriteString(l + end)
		}
		next = s.last + 1
	}
	b.WriteString(strings.Join(all[min(next-1, len(all)):], ""))
	return []byte(b.String())
}
