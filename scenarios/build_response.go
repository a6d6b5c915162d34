package scenarios

import (
	"github.com/rollrisk/rollrisk/models"
	"github.com/rollrisk/rollrisk/models/detector"
)

func (a *alternative) response() models.Response {
	b := a.b
	get := func(key string) *entry { return a.shared("response", key) }
	r := models.Response{Automatic: b.yes(get("automatic")), Act: b.span(get("act"))}
	switch b.word(get("action")) {
	case "kill-switch":
		r.Action = models.KillSwitch
	case "roll-forward":
		r.Action = models.RollForward
	}
	if fails := get("fails"); r.Action != models.RollForward {
		r.Fails = b.stated(fails)
	}
	if n := get("responders"); n.written && !r.Automatic {
		r.Responders = int(b.number(n))
	}
	if !r.Automatic {
		r.Acknowledge, r.Decide = b.span(get("acknowledge")), b.span(get("decide"))
		r.WorkHours = b.yes(get("working_hours"))
	}
	if r.Action == models.Rollback {
		r.FalseRetries = int(b.number(get("false_retries")))
	}
	return r
}

func (a *alternative) fix() models.Fix {
	b := a.b
	get := func(key string) *entry { return a.shared("fix", key) }
	f := models.Fix{Effort: b.span(get("effort")), LateMultiplier: b.quantity(get("late_multiplier")), Hotfix: b.yes(get("hotfix"))}
	if a.rings() < len(a.p.Stages) {
		f.Rerun = b.yes(get("rerun"))
	}
	return f
}

// watchers finds the detectors of the alternative: those of the top level and
// its own, of which it may name some.
func (a *alternative) watchers() {
	var all []*entry
	for _, common := range a.b.root.get("detectors").children {
		all = append(all, a.e.get("detectors").get(common.name).or(common))
	}
	for _, own := range a.e.get("detectors").children {
		if a.b.root.get("detectors").get(own.name).written {
			continue
		}
		all = append(all, own)
	}
	for _, at := range a.chosen(a.e.get("watched_by"), all) {
		d, ok := a.b.detector(all[at])
		if !ok {
			continue
		}
		a.detectors = append(a.detectors, all[at])
		a.p.Detectors = append(a.p.Detectors, d)
		a.p.Watchers = append(a.p.Watchers, all[at].name)
	}
	if n := len(a.p.Detectors); n > models.MaxDetectors {
		a.b.fault(a.e, problemf("", "%d detectors watch it; at most %d can be simulated", n, models.MaxDetectors))
	}
}

// watching are the indices of the detectors that watch a ring.
func (a *alternative) watching(ring *entry) []int {
	return a.chosen(ring.get("watched_by"), a.detectors)
}

// chosen are the indices of the detectors that a list names, in the order of
// the detectors; all of them when there is no list.
func (a *alternative) chosen(names *entry, from []*entry) []int {
	if !names.written {
		all := make([]int, len(from))
		for i := range all {
			all[i] = i
		}
		return all
	}
	picked := make([]bool, len(from))
	var known []string
	for _, d := range from {
		known = append(known, d.name)
	}
	for _, n := range names.children {
		i := indexOf(known, n.word)
		switch {
		case n.bad:
		case i < 0:
			a.b.fault(n, problemf(orElse(didYouMean(n.word, known), "the detectors are "+orElse(list(known), "none")), "there is no detector %s", show(n.word)))
		case picked[i]:
			a.b.fault(n, problemf("keep one", "%s stands twice", n.word))
		default:
			picked[i] = true
		}
	}
	var all []int
	for i, p := range picked {
		if p {
			all = append(all, i)
		}
	}
	return all
}

// detector makes a detector of its entry. Its name is the label of its chance,
// so that detectors of one name in several alternatives ring in step.
func (b *builder) detector(e *entry) (models.Detector, bool) {
	kind, ok := detector.Named(e.variant)
	if e.bad || !ok {
		return nil, false
	}
	v := detector.Values{Label: e.name, Numbers: map[string]float64{}, Choices: map[string]string{}}
	for _, p := range kind.Params {
		c := e.get(p.Name)
		if c.bad {
			return nil, false
		}
		switch b.use(c); {
		case !c.written:
		case p.Unit == detector.Choice:
			v.Choices[p.Name] = c.word
		case p.Unit == detector.Bool && c.yes():
			v.Numbers[p.Name] = 1
		default:
			v.Numbers[p.Name] = c.number
		}
	}
	d, err := kind.New(v)
	for _, f := range detector.Faults(err) {
		c := e.get(f.Param)
		b.faults.add(c.at, c.path, &problem{message: orElse(prefix(c.text), "`"+f.Param+"` ") + f.Message, hint: f.Hint})
	}
	return d, err == nil
}

func prefix(text string) string {
	if text == "" {
		return ""
	}
	return show(text) + " "
}
