package scenarios

import "github.com/rollrisk/rollrisk/models/study"

// targets reads the organisation's own figures for one alternative.
func (b *builder) targets(e *entry) study.Targets {
	if !e.written || e.bad {
		return study.Targets{}
	}
	t := study.Targets{DeploymentFrequency: b.figure(e.get("deployment_frequency")), LeadTime: b.figure(e.get("lead_time")),
		ChangeFailureRate: b.figure(e.get("change_failure_rate")), TimeToRestore: b.figure(e.get("time_to_restore"))}
	present, bad := e.get("alternative"), false
	for _, figure := range e.children {
		bad = bad || figure.bad
	}
	if present.written {
		t.Alternative = b.present(present)
	}
	figures := t
	figures.Alternative = 0
	switch none := figures == (study.Targets{}); {
	case bad || none && !present.written:
		return study.Targets{}
	case none:
		b.fault(e, problemf("state `lead_time`, `change_failure_rate`, `deployment_frequency` or `time_to_restore`", "there is no figure to calibrate to"))
	case !present.written:
		b.fault(e, problemf("name the alternative that is the present pipeline", "`alternative` is missing"))
	}
	if len(b.world.Changes.At) > 0 && t.DeploymentFrequency > 0 {
		b.fault(e.get("deployment_frequency"), problemf("state `changes.rate` instead of `changes.at`, or leave this out", "the times of changes are a list, so their number cannot be solved"))
	}
	return t
}

// figure is a number that is stated; where it is not, it is 0 and no input.
func (b *builder) figure(e *entry) float64 {
	if !e.written || e.bad || e.number == 0 {
		return 0
	}
	return b.number(e)
}

// present is the index of the alternative of that name.
func (b *builder) present(e *entry) int {
	if e.bad {
		return 0
	}
	var known []string
	for i, other := range b.root.get("alternatives").children {
		if other.name == e.word {
			return i
		}
		known = append(known, other.name)
	}
	b.fault(e, problemf(orElse(didYouMean(e.word, known), "the alternatives are "+orElse(list(known), "none")), "there is no alternative %s", show(e.word)))
	return 0
}
