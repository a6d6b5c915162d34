package rollout

import (
	"strings"
	"time"
)

// check is what a measured value meets.
type check uint8

const (
	checkQuery check = iota
	checkSuccessRate
	checkDuration
)

// builtin is the check behind a name, if the name is Flagger's own.
func (m *FlaggerMetric) builtin() (check, bool) {
	switch m.Name {
	case "request-success-rate":
		return checkSuccessRate, true
	case "request-duration":
		return checkDuration, true
	}
	return checkQuery, false
}

// passes judges one value. NaN stands for no values and for an error of the query: a
// failed check.
func (m *FlaggerMetric) passes(c check, value float64) bool {
	if value != value {
		return false
	}
	below := func(x, y float64) bool { return x < y }
	if c == checkDuration {
		below = func(x, y float64) bool { return duration(x) < duration(y) }
	}
	if r := m.Range; r != nil {
		return (r.Min == nil || !below(value, *r.Min)) && (r.Max == nil || !below(*r.Max, value))
	}
	if c == checkSuccessRate {
		return !below(value, m.Threshold)
	}
	return !below(m.Threshold, value)
}

// duration is x milliseconds as Flagger computes them: cut off to whole ones, then
// turned into nanoseconds. Numbers too large for that wrap around as on amd64: an
// infinite duration is 0, and passes.
func duration(x float64) time.Duration {
	return time.Duration(whole(x)) * time.Millisecond
}

// seconds says whether the built-in query of durations yields seconds, not
// milliseconds (observers.HttpObserver).
func (f *Flagger) seconds() bool { return f.bare() || strings.HasPrefix(f.Provider, "gatewayapi") }

// metrics runs all checks of a tick until one fails, first the built-in metrics and the
// in-line queries, then the templates; it counts the queries
// (controller.runBuiltinMetricChecks, runMetricChecks).
func (r *FlaggerRun) metrics(a Answers) bool {
	for i := range r.spec.Metrics {
		m := &r.spec.Metrics[i]
		if c, ok := m.builtin(); ok && !r.query(m, c, a.Metrics[i]) {
			return false
		}
		if m.Query != "" && !r.query(m, checkQuery, a.Metrics[i]) {
			return false
		}
	}
	for i := range r.spec.Metrics {
		m := &r.spec.Metrics[i]
		if m.Template != "" {
			if !r.query(m, checkQuery, a.Metrics[i]) {
				return false
			}
			continue
		}
		if _, ok := m.builtin(); !ok && m.Query == "" {
			return false // nothing to ask
		}
	}
	return true
}

func (r *FlaggerRun) query(m *FlaggerMetric, c check, value float64) bool {
	r.status.Queries++
	if c == checkDuration && r.spec.seconds() {
		value = float64(value * 1000)
	}
	return m.passes(c, value)
}

// approved says whether every webhook of a type answered with success, or there is
// none. Flagger stops calling at the first that refuses.
func (r *FlaggerRun) approved(t HookType, a Answers) bool {
	for i, h := range r.spec.Hooks {
		if h == t && !a.Hooks[i] {
			return false
		}
	}
	return true
}

// recalled says whether a rollback webhook answered with success.
func (r *FlaggerRun) recalled(a Answers) bool {
	for i, h := range r.spec.Hooks {
		if h == RollbackHook && a.Hooks[i] {
			return true
		}
	}
	return false
}

// Passes says whether a value passes the check of this metric: a NaN never does. A
// request-duration is in milliseconds. An unknown metric without a query, which fails
// without being asked, is not noticed here.
func (m *FlaggerMetric) Passes(value float64) bool {
	c, _ := m.builtin()
	return m.passes(c, value)
}
