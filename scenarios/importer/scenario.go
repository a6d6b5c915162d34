package importer

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/rollrisk/rollrisk/models/assess"
)

// mostRings is how many rings a scenario has; the shortest are put together.
const mostRings = 12

// Scenario writes an ordinary scenario of a rollout: beside it stands a release to
// everybody at once. False where the controller would not take the rollout, or it
// never reaches everybody.
func Scenario(r *assess.Rollout, ctx assess.Context) (string, bool) {
	alternative, ok := Alternative(r, ctx)
	if !ok {
		return "", false
	}
	var b strings.Builder
	where := r.Spots.At("").Place
	fmt.Fprintf(&b, "# Made by rollrisk scenario import from %s, line %d. It is a file like any other.\n", oneLine(where.File), where.Line)
	fmt.Fprintf(&b, "rollrisk: 1\nname: %s\ntitle: %s\n", NameOf(r), quote(r.Name+" ("+r.Kind+") against a release to everybody at once"))
	b.WriteString("question: " + quote("What does the rollout catch, and what do users suffer until it does?") + "\n\n")
	b.WriteString(service(ctx))
	b.WriteString(`
changes:
  rate: {value: 40/w, provenance: assumption, source: eight developers}

detectors:
  # What remains when nothing else notices.
  people:
    kind: complaints
    source: a help desk
    report_probability: {value: 0.1%, provenance: assumption, source: most people try again or leave}
    reports: {value: 5, provenance: assumption, source: the help desk sees a pattern}
    within: 1d
    delay: {value: 1h, provenance: assumption, source: until a ticket is read}

alternatives:
  at-once:
    title: everybody at once
    about: The same release without steps; people notice what is wrong.
    batching: every change
    stages:
      - ring: 100%
`)
	b.WriteString(alternative)
	return b.String(), true
}

// service is what the context says of users and traffic.
func service(ctx assess.Context) string {
	perHour := strconv.FormatFloat(float64(ctx.Requests*3600)/ctx.Users, 'f', 6, 64)
	return fmt.Sprintf("service:\n  users: %s\n  requests_per_user: %s/h\n  baseline_errors: %s\n",
		strconv.FormatFloat(ctx.Users, 'f', 0, 64), strings.TrimRight(strings.TrimRight(perHour, "0"), "."), percent(ctx.Baseline))
}

// NameOf is the name of a rollout as a scenario writes it.
func NameOf(r *assess.Rollout) string {
	var b strings.Builder
	for _, c := range strings.ToLower(r.Name) {
		if c >= 'a' && c <= 'z' || c >= '0' && c <= '9' && b.Len() > 0 || c == '-' && b.Len() > 0 {
			b.WriteRune(c)
		}
		if b.Len() == 30 {
			break
		}
	}
	if name := strings.Trim(b.String(), "-"); name != "" && name != "at" {
		return name
	}
	return "imported"
}

// Alternative is the rollout as one alternative of a scenario, set in by two blanks.
func Alternative(r *assess.Rollout, ctx assess.Context) (string, bool) {
	o, ok := r.Outline(ctx)
	if !ok {
		return "", false
	}
	o.Rings = fewer(o.Rings)
	var b strings.Builder
	for _, l := range append(append([]string{}, o.Loose...), r.Blind...) {
		b.WriteString("  # Not as in the manifest: " + oneLine(l) + ".\n")
	}
	name := NameOf(r)
	if name == "at-once" {
		name = "imported"
	}
	routing := "per-request"
	if r.Sticky {
		routing = "sticky"
	}
	fmt.Fprintf(&b, "  %s:\n    title: %s\n    batching: every change\n    ramp_slots: unlimited\n    routing: %s\n", name, quote(r.Kind+": "+oneLine(r.Name)), routing)
	fmt.Fprintf(&b, "    response:\n      action: %s\n      automatic: yes\n      act: {value: %s, provenance: assumption, source: until traffic has gone back}\n", action(r), duration(ctx.Respond))
	b.WriteString("    stages:\n")
	names := checkNames(o.Checks)
	for i, ring := range o.Rings {
		b.WriteString(ringLine(ring, names, i == len(o.Rings)-1))
	}
	if len(o.Checks) > 0 {
		b.WriteString("    detectors:\n")
	}
	for i := range o.Checks {
		b.WriteString(detector(&o.Checks[i], names[i]))
	}
	return b.String(), true
}

// action is what an alarm leads to.
func action(r *assess.Rollout) string {
	if r.Ramp != nil && r.Ramp.NoBack {
		return "roll-forward"
	}
	return "rollback"
}

// fewer puts the shortest rings together with those behind them until a scenario has
// room for all.
func fewer(rings []assess.OutlineRing) []assess.OutlineRing {
	for len(rings) > mostRings {
		short := 0
		for i := range rings[:len(rings)-2] {
			if rings[i].Bake < rings[short].Bake {
				short = i
			}
		}
		rings[short+1].Bake += rings[short].Bake
		rings = append(rings[:short], rings[short+1:]...)
	}
	return rings
}

func ringLine(r assess.OutlineRing, names []string, last bool) string {
	fields := []string{"ring: " + percent(r.Share)}
	if !last {
		fields = append(fields, "bake: "+duration(r.Bake))
	}
	watched := []string{"people"}
	for _, c := range r.Checks {
		watched = append(watched, names[c])
	}
	fields = append(fields, "watched_by: ["+strings.Join(watched, ", ")+"]")
	return "      - {" + strings.Join(fields, ", ") + "}\n"
}

// checkNames are names for the checks that a scenario takes.
func checkNames(all []assess.OutlineCheck) []string {
	var names []string
	for i := range all {
		name := NameOf(&assess.Rollout{Name: all[i].Name})
		names = append(names, name+"-"+strconv.Itoa(i+1))
	}
	return names
}

// detector is a check as a scenario writes it.
func detector(c *assess.OutlineCheck, name string) string {
	var b strings.Builder
	kind := "argo-analysis"
	switch {
	case c.Flagger:
		kind = "flagger"
	case c.Judge:
		kind = "kayenta"
	}
	fmt.Fprintf(&b, "      %s:\n        kind: %s\n        source: %s\n        interval: %s\n", name, kind, quote(fmt.Sprintf("%s, line %d", oneLine(c.Spot.File), c.Spot.Line)), duration(c.Interval))
	if c.Flagger {
		fmt.Fprintf(&b, "        max: %s\n        threshold: %d\n        max_weight: %s\n", percent(c.Allows), c.Failures, percent(c.MaxWeight))
		return b.String()
	}
	if c.Judge {
		fmt.Fprintf(&b, "        step: %s\n", duration(c.Window))
		return b.String()
	}
	condition, analysis := "success", "background"
	if c.Empty {
		condition = "failure"
	}
	if c.Inline {
		analysis = "inline"
	}
	fmt.Fprintf(&b, "        initial_delay: %s\n        window: %s\n        count: %d\n        threshold: %s\n        failure_limit: %d\n        condition: %s\n        analysis: %s\n",
		zeroOr(c.Delay), zeroOr(c.Window), c.Count, percent(c.Allows), c.Failures, condition, analysis)
	return b.String()
}

// percent is a share as a scenario writes it.
func percent(x float64) string {
	return strconv.FormatFloat(float64(x*100), 'g', 9, 64) + "%"
}

// duration is a time as a scenario writes it; none for nothing.
func duration(d time.Duration) string {
	if d <= 0 {
		return "none"
	}
	return zeroOr(d)
}

// zeroOr is a time in whole seconds, 0m for nothing.
func zeroOr(d time.Duration) string {
	s := int64((d + time.Second/2) / time.Second)
	if s == 0 && d > 0 {
		s = 1
	}
	switch {
	case s == 0:
		return "0m"
	case s%3600 == 0:
		return strconv.FormatInt(s/3600, 10) + "h"
	case s%60 == 0:
		return strconv.FormatInt(s/60, 10) + "m"
	}
	return strconv.FormatInt(s, 10) + "s"
}

// quote is a text as a scalar of YAML.
func quote(s string) string { return "'" + strings.ReplaceAll(oneLine(s), "'", "''") + "'" }

// oneLine drops what would end a line or could not be written.
func oneLine(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r == 0x85 || r == 0x2028 || r == 0x2029 || r == 0xfeff {
			return ' '
		}
		return r
	}, s)
}
