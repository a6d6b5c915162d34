package scenarios

import (
	"fmt"
	"strings"

	"go.yaml.in/yaml/v4"
)

// RingStep is one ring of a ramp.
type RingStep struct {
	Share float64 // of the users that have met the release by this ring, above 0, at most 1
	Bake  float64 // hours until the next ring, 0 or more; of no meaning for the last
}

// Rings are the rings of an alternative as the scenario states them, in order: of what is
// in doubt the middle. It fails where there is no such alternative.
func (s *Scenario) Rings(alternative string) ([]RingStep, *Fault) {
	e := s.root.get("alternatives").get(alternative)
	if !e.written {
		return nil, s.noSuch(s.root, "alternatives."+alternative, problemf("", "there is no alternative %s", show(alternative)))
	}
	var rings []RingStep
	for _, st := range e.get("stages").children {
		if st.variant == "ring" {
			rings = append(rings, RingStep{st.get("ring").number, st.get("bake").number})
		}
	}
	return rings, nil
}

// WithRings is the scenario with other rings in one alternative; its environments, its
// detectors and everything else stay as they are, comments included. It fails where the
// rings are not a list of lines of their own that say share, name, bake and who watches
// alone, where they are watched by different ones but for the last, and where the scenario
// would have faults.
func (s *Scenario) WithRings(alternative string, rings []RingStep) (*Scenario, []Fault) {
	fail := func(p *problem) (*Scenario, []Fault) {
		return nil, []Fault{*s.noSuch(s.root, "alternatives."+alternative+".stages", p)}
	}
	n := parse(s.source, &faultList{lines: widths(s.source)})
	for _, st := range []step{"alternatives", step(alternative), "stages"} {
		next, p := descend(n, st)
		if p != nil || next == nil {
			return fail(problemf("", "there is no %s here", show(string(st))))
		}
		n = next
	}
	lines := strings.SplitAfter(string(s.source), "\n")
	from, until, p := ringLines(lines, n)
	if p != nil {
		return fail(p)
	}
	watched, p := watchedBy(n)
	if p != nil {
		return fail(p)
	}
	text := strings.Join(lines[:from], "") + writeRings(rings, n.Column-1, watched) + strings.Join(lines[until:], "")
	changed, faults := Decode(s.File, []byte(text))
	if len(faults) > 0 {
		return nil, faults
	}
	return changed, nil
}

// ringLines are the lines (from 0, the last not included) that hold the rings of a list
// of stages.
func ringLines(lines []string, stages *yaml.Node) (from, until int, p *problem) {
	from = -1
	if stages.Kind != yaml.SequenceNode || stages.Style&yaml.FlowStyle != 0 {
		return 0, 0, problemf("write each stage on a line of its own", "the stages stand in brackets")
	}
	for _, st := range stages.Content {
		isRing := false
		for i := 0; i+1 < len(st.Content); i += 2 {
			isRing = isRing || st.Content[i].Value == "ring"
		}
		if !isRing {
			continue
		}
		if from < 0 {
			from = st.Line - 1
		}
		for i := 0; i+1 < len(st.Content); i += 2 {
			if k := st.Content[i].Value; k != "ring" && k != "bake" && k != "name" && k != "watched_by" {
				return 0, 0, problemf("", "a ring states %s, which a plan does not choose", show(k))
			}
		}
	}
	until = from + 1
	for i := until; i < len(lines); i++ {
		text := strings.TrimSpace(lines[i])
		if text == "" || text[0] == '#' {
			continue
		}
		indent := len(lines[i]) - len(strings.TrimLeft(lines[i], " "))
		if indent < stages.Column-1 || indent == stages.Column-1 && text[0] != '-' {
			break
		}
		until = i + 1
	}
	return from, until, nil
}

// watchers are who watches the rings, as it is written: all but the last, and the last; ""
// where nothing is.
type watchers struct{ others, last string }

// watchedBy reads who watches the rings of a list of stages.
func watchedBy(stages *yaml.Node) (w watchers, p *problem) {
	var all []string
	for _, st := range stages.Content {
		text, isRing := "", false
		for i := 0; i+1 < len(st.Content); i += 2 {
			isRing = isRing || st.Content[i].Value == "ring"
			if st.Content[i].Value == "watched_by" {
				text = writtenList(st.Content[i+1])
			}
		}
		if isRing {
			all = append(all, text)
		}
	}
	if len(all) == 0 {
		return w, nil
	}
	w.others, w.last = all[0], all[len(all)-1]
	for _, text := range all[:len(all)-1] {
		if text != w.others {
			return w, problemf("", "the rings are not all watched by the same, which a plan does not choose")
		}
	}
	return w, nil
}

// writtenList is a word, or a list of words in brackets.
func writtenList(n *yaml.Node) string {
	if n.Kind != yaml.SequenceNode {
		return n.Value
	}
	var words []string
	for _, c := range n.Content {
		words = append(words, c.Value)
	}
	return "[" + strings.Join(words, ", ") + "]"
}

// writeRings are the lines of rings in a list of that indent.
func writeRings(rings []RingStep, indent int, w watchers) string {
	var b strings.Builder
	space := strings.Repeat(" ", indent)
	for i, r := range rings {
		fmt.Fprintf(&b, "%s- ring: %s\n", space, formatShare(r.Share, ""))
		if i < len(rings)-1 {
			fmt.Fprintf(&b, "%s  bake: %s\n", space, formatDuration(r.Bake, ""))
		}
		watched := w.others
		if i == len(rings)-1 {
			watched = w.last
		}
		if watched != "" {
			fmt.Fprintf(&b, "%s  watched_by: %s\n", space, watched)
		}
	}
	return b.String()
}
