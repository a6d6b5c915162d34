package importer

import (
	"bytes"
	"strconv"
	"time"

	"github.com/rollrisk/rollrisk/models/assess"
	"github.com/rollrisk/rollrisk/scenarios"
	"go.yaml.in/yaml/v4"
)

// contextHint lists the keys of a context file.
const contextHint = "the keys are requests, users, baseline, slow, load_test, matched, respond, person, notice, late, false_alarms, power, size and metrics"

// Set reads one number of a Context as people write it: requests 50/s, users 200k,
// baseline 0.1%, respond 1m. What is wrong with it is an error that begins with the text.
func Set(c *assess.Context, name, text string) error {
	type target struct {
		unit     scenarios.Unit
		least    float64
		most     float64
		number   *float64
		duration *time.Duration
	}
	targets := map[string]target{
		"requests": {scenarios.Rate, 1e-6, 1e9, &c.Requests, nil}, "users": {scenarios.Count, 1, 1e10, &c.Users, nil},
		"baseline": {scenarios.Share, 0, 0.9, &c.Baseline, nil}, "slow": {scenarios.Share, 0, 0.9, &c.Slow, nil},
		"load_test": {scenarios.Rate, 0, 1e9, &c.LoadTest, nil}, "matched": {scenarios.Share, 0, 1, &c.Matched, nil},
		"respond": {scenarios.Duration, 0, 720, nil, &c.Respond}, "person": {scenarios.Duration, 0, 720, nil, &c.Person},
		"notice": {scenarios.Duration, 0, 720, nil, &c.Notice}, "late": {scenarios.Duration, 0, 720, nil, &c.Late},
		"false_alarms": {scenarios.Count, 1, 1e9, &c.FalseAlarms, nil}, "power": {scenarios.Share, 0, 1, &c.Power, nil},
		"size": {scenarios.Share, 1e-6, 1, &c.Size, nil},
	}
	t, known := targets[name]
	if !known {
		return &wrongValue{name + " is no key", contextHint}
	}
	x, err := readAmount(t.unit, text)
	switch {
	case err != nil:
		return err
	case !(x >= t.least && x <= t.most):
		return &wrongValue{show(text) + " is out of range", ""}
	case t.duration != nil:
		*t.duration = time.Duration(x * float64(time.Hour))
	default:
		*t.number = x
	}
	return nil
}

// readAmount reads a number in a unit. Rates are per second here; other units of time
// are those of scenarios.
func readAmount(u scenarios.Unit, text string) (float64, error) {
	if u.Name != scenarios.Rate.Name {
		return u.Read(text)
	}
	if per, ok := bytes.CutSuffix([]byte(text), []byte("/s")); ok {
		return scenarios.Count.Read(string(per))
	}
	if per, ok := bytes.CutSuffix([]byte(text), []byte("/m")); ok {
		x, err := scenarios.Count.Read(string(per))
		return x / 60, err
	}
	x, err := u.Read(text)
	if err != nil {
		return 0, &wrongValue{show(text) + " is no rate", "for example 50/s or 3k/m"}
	}
	return x / 3600, nil
}

// wrongValue is an error with a way out.
type wrongValue struct{ message, hint string }

func (e *wrongValue) Error() string {
	if e.hint == "" {
		return e.message
	}
	return e.message + "; " + e.hint
}

// ReadContext reads a context file over what is there already: the same keys as Set,
// and under metrics what each one measures.
func ReadContext(f File, c *assess.Context, o *Options) []scenarios.Fault {
	in := &reader{texts: map[string][]byte{}}
	in.load(f)
	if len(in.out.Faults) > 0 {
		return in.out.Faults
	}
	if len(in.resources) != 1 {
		in.fault(assess.Place{File: f.Name, Line: 1, Column: 1}, "", "a context is one mapping", contextHint)
		return in.out.Faults
	}
	g := in.group(in.resources[0])
	for _, k := range g.keys {
		v := g.of[k]
		if k == "metrics" {
			in.overrides(g, o)
			continue
		}
		if v.Kind != yaml.ScalarNode {
			g.wrong(k, "a number")
			continue
		}
		if err := Set(c, k, v.Value); err != nil {
			in.fault(g.place(g.key[k]), k, err.Error(), "")
		}
	}
	return in.out.Faults
}

// overrides reads what metrics measure:
//
//	metrics:
//	  success-rate: {measures: success ratio, scale: 100, window: 5m}
func (in *reader) overrides(g *group, o *Options) {
	all := g.group("metrics")
	if all == nil {
		return
	}
	if o.Metrics == nil {
		o.Metrics = map[string]Override{}
	}
	for _, name := range all.keys {
		m := all.group(name)
		if m == nil {
			continue
		}
		o.Metrics[name] = in.override(m)
	}
}

// override reads what one metric measures.
func (in *reader) override(m *group) Override {
	w := Override{Window: m.duration("window")}
	switch text := m.text("measures"); text {
	case "error ratio":
		w.Signal = assess.Failing
	case "success ratio":
		w.Signal, w.Success = assess.Failing, true
	case "latency":
		w.Signal, w.Quantile = assess.Slow, 0.99
	case "custom":
		w.Signal = assess.Unknown
	default:
		at := m.at
		if v := m.of["measures"]; v != nil {
			at = m.place(v)
		}
		in.fault(at, m.sub("measures"), show(text)+" is nothing that a metric measures", "one of: error ratio, success ratio, latency, custom")
	}
	if s := m.text("scale"); s != "" {
		w.Scale, _ = strconv.ParseFloat(s, 64)
		if w.Scale != 1 && w.Scale != 100 {
			m.wrong("scale", "1 or 100")
		}
	}
	if q := m.real("quantile"); q != nil && *q > 0 && *q < 1 {
		w.Quantile = *q
	}
	for _, k := range m.keys {
		if !m.used[k] {
			in.fault(m.place(m.key[k]), m.sub(k), "is no key", "the keys are measures, scale, quantile and window")
		}
	}
	return w
}
