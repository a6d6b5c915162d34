package assess

import (
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/rollrisk/rollrisk/models/rollout"
)

// bake is the edit that makes a course last for a time before everybody has the
// release: a longer last pause, or one more.
func (s *Subject) bake(want time.Duration) ([]Edit, string) {
	c, missing := s.Rollout.Canary, want-s.course.within()
	if i := s.lastPause(); i >= 0 {
		lasts := upTo(c.Steps[i].Duration + max(0, missing) + time.Minute)
		return replace(c.Steps[i].Spots.At("duration"), written(lasts)), fmt.Sprintf("pause for %s, so that there is something to measure", span(lasts))
	}
	lasts := upTo(max(time.Minute, want))
	for i := len(c.Steps) - 1; i >= 0; i-- {
		if st := &c.Steps[i]; st.Kind == rollout.SetWeight && st.Weight > 0 && st.Weight < 100 {
			return pauseAfter(st.Spots, lasts), fmt.Sprintf("pause for %s, so that there is something to measure", span(lasts))
		}
	}
	return nil, "pause while a part of the users has the release, so that there is something to measure"
}

// pauseAfter writes a pause as the next step.
func pauseAfter(step Spots, lasts time.Duration) []Edit {
	key := step.At("setWeight")
	if key.Last != key.Line || key.Column < 3 {
		return nil
	}
	return []Edit{{File: key.File, Line: key.Line, Insert: []string{strings.Repeat(" ", key.Column-3) + "- pause: {duration: " + written(lasts) + "}"}}}
}

// firstLook is the first look with a metric that could object; Forever none.
func (c *course) firstLook() time.Duration {
	first := rollout.Forever
	for i := range c.runs {
		for _, k := range c.runs[i].looks {
			if k.at > 0 {
				first = min(first, k.at)
			}
		}
	}
	return first
}

// before is the stretch of the largest share that ends before a time, and the requests
// that meet the release by then.
func (c *course) before(at time.Duration, ctx *Context) (stretch, float64) {
	var most stretch
	for _, s := range c.stretches {
		if s.until <= at && s.until-s.from > 0 && s.share > most.share {
			most = s
		}
	}
	if at == rollout.Forever {
		return most, 0
	}
	m := newLedger(ctx, c, defect{class: atOnce}, c.end+time.Hour).at(at)
	return most, math.Floor(m.requests)
}

var waits = Rule{
	ID: "RR-A006", Title: "it waits for a person, for ever", Severity: Doubt,
	Doc: "A pause without a duration ends when somebody promotes the release. Until then users stay on it, day and night. Give it a duration, or make sure that somebody looks.",
	Find: func(s *Subject) []Finding {
		var all []Finding
		if c := s.Rollout.Canary; c != nil {
			for i := range c.Steps {
				if c.Steps[i].Kind == rollout.PauseForPerson {
					st := &c.Steps[i]
					all = append(all, Finding{Place: st.Spots.At("pause").Place, Evidence: "The pause has no duration: 100 of 100 releases stand here until somebody promotes them.",
						Advice: "give it a duration, or an analysis that ends it", Edits: replace(st.Spots.At("pause"), "{duration: 1h}")})
				}
			}
		}
		if b := s.Rollout.BlueGreen; b != nil && b.Machine.ByHand {
			all = append(all, Finding{Severity: Worth, Place: b.Spots.At("autoPromotionEnabled").Place, Evidence: "A person switches: 100 of 100 releases wait for one.",
				Advice: "an analysis before the switch would spare the wait", Edits: replace(b.Spots.At("autoPromotionEnabled"), "true")})
		}
		if r := s.Rollout.Ramp; r != nil {
			for i := range r.Stops {
				if r.Stops[i].Person && i < len(r.Stops)-1 {
					all = append(all, Finding{Place: r.Stops[i].Spots.At("").Place, Evidence: fmt.Sprintf("The step of %s has no duration: 100 of 100 releases stand here until somebody goes on.", percent(r.Stops[i].Share)), Advice: "give it a duration"})
				}
			}
		}
		return all
	},
}

var tooFast = Rule{
	ID: "RR-A007", Title: "the response comes after full exposure", Severity: Doubt,
	Doc: "The steps are so short that, from the verdict on, traffic has not gone back before the next steps, or everybody, have the release.",
	Find: func(s *Subject) []Finding {
		if s.table == nil || s.table.Never || s.course == nil || s.Rollout.BlueGreen != nil || len(s.table.Stages) < 2 {
			return nil
		}
		first := s.course.exposed()
		ramp := s.course.full - first
		if first == rollout.Forever || ramp >= 2*s.Context.Respond {
			return nil
		}
		f := Finding{Place: s.Rollout.Spots.At("").Place,
			Evidence: fmt.Sprintf("From the first user to everybody it takes %s, and a rollback takes %s: of 100 releases that are broken, 100 reach everybody before it is over.", span(ramp), span(s.Context.Respond))}
		if c := s.Rollout.Canary; c != nil {
			f.Place = c.Spots.At("steps").Place
			f.Edits, f.Advice = s.bake(first + 10*s.Context.Respond)
		}
		return []Finding{f}
	},
}

// exposed is when the first user meets the release; Forever never.
func (c *course) exposed() time.Duration {
	for _, s := range c.stretches {
		if s.share > 0 && s.until > s.from {
			return s.from
		}
	}
	return rollout.Forever
}

var lottery = Rule{
	ID: "RR-A008", Title: "a small weight exposes nearly everybody", Severity: Doubt,
	Doc: "Without session affinity every request is routed afresh, so that a user who comes back meets the release sooner or later. Make users stay where they are, or count on all of them.",
	Find: func(s *Subject) []Finding {
		if s.table == nil || s.Rollout.Sticky || s.Rollout.Matched {
			return nil
		}
		hours, most := 0.0, 0.0
		for _, st := range s.table.Stages {
			if st.Share < 1 {
				hours += float64(st.Share * st.Lasts.Hours())
				most = math.Max(most, st.Share)
			}
		}
		met := s.Context.affected(hours, 1, 1) / s.Context.Users
		if most == 0 || met < 0.5 || met < 1.5*most {
			return nil
		}
		f := Finding{Place: s.Rollout.Spots.At("").Place, Advice: "keep users on one side: a cookie or a header of the router",
			Evidence: fmt.Sprintf("The steps give the release at most %s of the requests, and before everybody has it %s users have met it at least once, at %.2g requests of a user in an hour.", percent(most), ofReleases(met), s.Context.perUser())}
		if c := s.Rollout.Canary; c != nil && c.Balancer != nil { // the one router of Argo Rollouts that can
			f.Edits = insert(c.Balancer, []string{"stickinessConfig:", "  enabled: true", "  durationSeconds: 86400"}, "servicePort", "ingress")
			if s, ok := c.Balancer["stickinessConfig.enabled"]; ok {
				f.Edits = replace(s, "true")
			}
		}
		if fl := s.Rollout.Flagger; fl != nil {
			f.Place = fl.Spots.At("").Place
			f.Edits = insert(fl.Spots, []string{"sessionAffinity:", "  cookieName: flagger-cookie"}, "interval", "threshold")
		}
		return []Finding{f}
	},
}

var longWindow = Rule{
	ID: "RR-A009", Title: "the window is longer than the step", Severity: Doubt,
	Doc: "The query looks back further than the step lasts, so that a measurement is still full of the smaller steps before, or of the time before the release. Shorten the window or lengthen the step.",
	Find: func(s *Subject) []Finding {
		var all []Finding
		for _, m := range once(s.metrics()) {
			w := m.Probe.Window
			if w == 0 || s.Rollout.Canary == nil {
				continue
			}
			if f, bad := s.shortSteps(&m); bad {
				all = append(all, f)
			}
		}
		return append(all, s.longWindows()...)
	},
}

// shortSteps are the steps with a look that reaches beyond them.
func (s *Subject) shortSteps(m *watched) (Finding, bool) {
	var f Finding
	c, w, found, last := s.Rollout.Canary, m.Probe.Window, false, -1
	for _, k := range m.looks() {
		st := s.course.stretchAt(k.at)
		lasts := st.until - st.from
		if st.share == 0 || st.until == rollout.Forever || lasts >= w || st.step == last {
			continue
		}
		last = st.step
		if !found {
			found = true
			f = Finding{Place: m.Spots.At("provider").Place, Advice: "look back no further than a step lasts",
				Evidence: fmt.Sprintf("The metric %s looks back %s, and the step at %s lasts %s: a look sees at most %s of it.", quoted(m.Name), span(w), percent(st.share), span(lasts), percent(lasts.Seconds()/w.Seconds()))}
		}
		if st.step < len(c.Steps) && c.Steps[st.step].Kind == rollout.Pause {
			f.Edits = append(f.Edits, replace(c.Steps[st.step].Spots.At("duration"), written(w))...)
		}
	}
	return f, found
}

// longWindows are those of a canary of Flagger.
func (s *Subject) longWindows() []Finding {
	var all []Finding
	f := s.Rollout.Flagger
	if f == nil {
		return nil
	}
	for i := range f.Probes {
		if w, tick := f.Probes[i].Window, f.Machine.Every(); f.Probes[i].Signal != Unknown && w > tick {
			all = append(all, Finding{Place: f.Metrics[i].At("interval").Place, Advice: "look back no further than to the last check",
				Evidence: fmt.Sprintf("The metric %s looks back %s, and the weight grows every %s: a check sees at most %s of the step.", quoted(f.Machine.Metrics[i].Name), span(w), span(tick), percent(tick.Seconds()/w.Seconds())),
				Edits:    replace(f.Metrics[i].At("interval"), written(tick))})
		}
	}
	return all
}

var coarse = Rule{
	ID: "RR-A013", Title: "pods are too few for the weight", Severity: Doubt,
	Doc: "Without a traffic router the weight is realised by numbers of pods: 1 % of 4 pods is one pod. Use a traffic router, or more pods.",
	Find: func(s *Subject) []Finding {
		c := s.Rollout.Canary
		if c == nil || c.Machine.Router {
			return nil
		}
		for i := range c.Steps {
			st := &c.Steps[i]
			if st.Kind != rollout.SetWeight || st.Weight <= 0 || st.Weight >= 100 {
				continue
			}
			really := c.Machine.Share(st.Weight)
			if off := math.Abs(really - float64(st.Weight)/100); off < 0.05 && really < float64(st.Weight)/50 {
				continue
			}
			pods, stable := c.Machine.Pods(st.Weight)
			need := (100 + st.Weight - 1) / max(1, st.Weight)
			f := Finding{Place: st.Spots.At("setWeight").Place, Advice: "a traffic router, or more pods",
				Evidence: fmt.Sprintf("A weight of %d %% is %d of %d pods: %s of 100 requests meet the release, not %d.", st.Weight, pods, pods+stable, grouped(math.Round(really*100)), st.Weight)}
			if need <= 100 {
				f.Edits = set(c.Top, "replicas", fmt.Sprint(max(need, c.Machine.Replicas+1)), "revisionHistoryLimit", "minReadySeconds", "progressDeadlineSeconds")
			}
			return []Finding{f}
		}
		return nil
	},
}

var deadlines = Rule{
	ID: "RR-A014", Title: "the progress deadline is shorter than the rollout waits", Severity: Worth,
	Doc: "progressDeadlineSeconds bounds how long pods may take, not how long the rollout pauses or measures: those times do not count. It is no bound for the rollout. With progressDeadlineAbort, an analysis after a blue-green switch does count, and a healthy release is aborted.",
	Find: func(s *Subject) []Finding {
		if c := s.Rollout.Canary; c != nil && c.Top.Has("progressDeadlineSeconds") {
			for i := range c.Steps {
				if c.Steps[i].Kind == rollout.Pause && c.Steps[i].Duration > c.Deadline {
					return []Finding{{Place: c.Top.At("progressDeadlineSeconds").Place, Advice: "make it longer than the longest pause if it is meant to bound the rollout",
						Evidence: fmt.Sprintf("The deadline is %s and a pause lasts %s: it does not count during a pause, so 0 of 100 rollouts are bounded by it.", span(c.Deadline), span(c.Steps[i].Duration)),
						Edits:    replace(c.Top.At("progressDeadlineSeconds"), fmt.Sprint(int((c.Steps[i].Duration + time.Minute).Seconds())))}}
				}
			}
		}
		b := s.Rollout.BlueGreen
		if b == nil || b.After == nil || !b.DeadlineAbort || s.course == nil {
			return nil
		}
		for i := range s.course.runs {
			if r := &s.course.runs[i]; r.watch == rollout.PostPromotion && r.until-r.from > b.Deadline {
				return []Finding{{Severity: Bad, Place: b.Top.At("progressDeadlineSeconds").Place, Advice: "a deadline longer than the analysis",
					Evidence: fmt.Sprintf("The analysis after the switch takes %s and the deadline aborts after %s: of 100 good releases 100 are aborted.", span(r.until-r.from), span(b.Deadline)),
					Edits:    set(b.Top, "progressDeadlineSeconds", fmt.Sprint(int(upTo(r.until-r.from+time.Minute).Seconds())), "progressDeadlineAbort")}}
			}
		}
		return nil
	},
}

var slowBack = Rule{
	ID: "RR-A016", Title: "the way back is slow", Severity: Doubt,
	Doc: "The old pods are not there any more, or not all of them, when traffic has to go back: the rollback takes as long as starting them.",
	Find: func(s *Subject) []Finding {
		if c := s.Rollout.Canary; c != nil && c.DynamicStable && c.Machine.Router {
			return []Finding{{Place: c.Spots.At("dynamicStableScale").Place, Advice: "keep the old pods until the end",
				Evidence: "The old pods are scaled down as the new ones grow: at 50 % of the traffic half of them are gone, and a rollback waits for new ones.",
				Edits:    replace(c.Spots.At("dynamicStableScale"), "false")}}
		}
		if b := s.Rollout.BlueGreen; b != nil && b.Machine.ScaleDownDelay != nil && *b.Machine.ScaleDownDelay < 30*time.Second {
			return []Finding{{Place: b.Spots.At("scaleDownDelaySeconds").Place, Advice: "the default of the controller is 30 s",
				Evidence: fmt.Sprintf("The old pods are kept for %s after the switch is final: who goes back later than that waits for new ones.", span(*b.Machine.ScaleDownDelay)),
				Edits:    replace(b.Spots.At("scaleDownDelaySeconds"), "600")}}
		}
		if r := s.Rollout.Ramp; r != nil && r.NoBack {
			return []Finding{{Place: s.Rollout.Spots.At("").Place, Evidence: "Users who have the release keep it: the ramp can be halted, and 0 of 100 users go back.", Advice: "put the risk behind a flag that can be switched off"}}
		}
		return nil
	},
}

var endless = Rule{
	ID: "RR-A027", Title: "an analysis that holds the rollout never ends", Severity: Bad,
	Doc: "A metric with an interval and no count is measured for ever. In the background the rollout ends it; as a step, or around a switch, nothing does. Give it a count.",
	Find: func(s *Subject) []Finding {
		if s.course == nil || !s.course.stuck || len(s.course.runs) == 0 {
			return nil
		}
		r := &s.course.runs[0]
		for i := range s.course.runs {
			if s.course.runs[i].watch != rollout.Background && !s.course.runs[i].ended {
				r = &s.course.runs[i]
			}
		}
		for i := range r.analysis.Metrics {
			m := &r.analysis.Metrics[i]
			if m.Count == 0 && m.Interval > 0 {
				return []Finding{{Place: m.Spots.At("interval").Place, Advice: "write a count",
					Evidence: fmt.Sprintf("The metric %s has an interval and no count: of 100 good releases 100 stand here for ever.", quoted(m.Name)),
					Edits:    insert(m.Spots, []string{"count: 10"}, "interval", "name")}}
			}
		}
		return nil
	},
}
