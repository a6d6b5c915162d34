package scenarios

import (
	"math"
	"slices"
	"strings"

	"github.com/rollrisk/rollrisk/sim/portable"
)

// Lever is something in a scenario that can be turned: a number, or the same number of
// every class of defects together.
type Lever struct {
	Path   string  // address of the number, or of the group with * for the classes
	Label  string  // for people
	Stated string  // as the scenario says it; of a group in words
	Unit   Unit    // of Value
	Value  float64 // that the scenario states, in the base of Unit: the middle of what is in doubt; of a group the mean over the classes, by their shares
	Low    float64 // of what the scenario states: the ends of an interval that nobody knows better, else Value
	High   float64 // in the base of Unit
	ends   []end
}

// end is one number that a lever turns.
type end struct {
	path   string
	weight float64 // of its value in that of the lever
	low    float64 // what varies goes from low to high; low == high: one value
	high   float64
	share  bool
	whole  bool
	varies bool
	format func(x float64) string
}

// Setting is a value for an address, as a scenario would write it.
type Setting struct{ Path, Value string }

// Turn is the scenario with the lever turned by a step, and the value that it has then.
// A step multiplies what is positive by exp(step), and the odds of a share; what
// varies is turned as a whole. It fails where the scenario has faults with that value:
// a lever does not turn without end.
func (l Lever) Turn(s *Scenario, step float64) (*Scenario, float64, []Fault) {
	t, faults := s.SetAll(l.Settings(step))
	return t, l.At(step), faults
}

// Settings are what a step changes in the scenario, so that several levers can be turned
// at once.
func (l Lever) Settings(step float64) []Setting {
	var settings []Setting
	for _, e := range l.ends {
		low, high := e.turned(e.low, step), e.turned(e.high, step)
		text := e.format(low)
		if e.varies {
			text = varies + " " + text + " to " + e.format(high)
		}
		settings = append(settings, Setting{e.path, text})
	}
	return settings
}

// At is the value of the lever after a step from what is stated.
func (l Lever) At(step float64) float64 {
	value := 0.0
	for _, e := range l.ends {
		value += float64(e.weight * middle(e.turned(e.low, step), e.turned(e.high, step), e.share))
	}
	return value
}

// Away is the step from what is stated to a value: the logarithm of their ratio, of a share
// that of the ratio of the odds.
func (l Lever) Away(value float64) float64 {
	if l.ends[0].share {
		return portable.Log(value / (1 - value) * (1 - l.Value) / l.Value)
	}
	return portable.Log(value / l.Value)
}

// turned is x after a step, with three digits.
func (e *end) turned(x, step float64) float64 {
	if e.share {
		odds := float64(x / (1 - x) * portable.Exp(step))
		return digits3(odds / (1 + odds))
	}
	if e.whole {
		return math.Floor(float64(x*portable.Exp(step)) + 0.5)
	}
	return digits3(float64(x * portable.Exp(step)))
}

// digits3 keeps three digits of x, of a share near 1 of what is missing from it.
func digits3(x float64) float64 {
	if x > 0.5 && x < 1 {
		return 1 - digits3(1-x)
	}
	scale := portable.Pow(10, 2-math.Floor(portable.Log(x)/math.Ln10))
	return math.Floor(float64(x*scale)+0.5) / scale
}

// middle is between the ends of what varies.
func middle(low, high float64, share bool) float64 {
	if low == high {
		return low
	}
	if share {
		odds := math.Sqrt(low / (1 - low) * high / (1 - high))
		return odds / (1 + odds)
	}
	return math.Sqrt(low * high)
}

// SetAll is the scenario with other values at many addresses, as Set does it for one.
func (s *Scenario) SetAll(settings []Setting) (*Scenario, []Fault) {
	source := s.source
	for _, x := range settings {
		all, ok := steps(x.Path)
		if !ok {
			_, f := s.find(x.Path)
			return nil, []Fault{*f}
		}
		var p *problem
		if source, p = splice(source, all, quoted(x.Value)); p != nil {
			return nil, []Fault{*s.noSuch(s.root, x.Path, p)}
		}
	}
	changed, faults := Decode(s.File, source)
	if len(faults) > 0 {
		return nil, faults
	}
	for _, x := range settings {
		if got, f := changed.Get(x.Path); f != nil {
			return nil, []Fault{*f}
		} else if got != x.Value {
			return nil, []Fault{*s.noSuch(s.root, x.Path, problemf("change it by hand", "the text around this value is too unusual to change"))}
		}
	}
	return changed, nil
}

// notTurned are the beginnings of addresses of which a decision does not hang: how long
// is simulated, and what the calendar says. Single classes are turned together.
var notTurned = []string{"study.", "changes.period", "changes.warm_up", "workweek.", "defects.", "watch", "service.slo", "calibrate."}

// grouped are the numbers of classes that are turned for all of them at once.
var grouped = []struct{ name, label string }{
	{"reproducible", "defects that staging could reproduce"},
	{"exercised", "defects that its tests would exercise"},
	{"telemetry", "defects that telemetry shows"},
	{"reported", "defects that users report"},
	{"reach", "users that a defect reaches"},
	{"strength", "requests of such a user that fail"},
}

// Levers are what can be turned, in the order of the scenario: every number that the
// simulation depends on and that is not zero, and the numbers of the classes of defects
// for all classes at once.
func (s *Scenario) Levers() []Lever {
	used := map[string]bool{}
	for _, in := range s.inputs {
		used[in.Path] = true
	}
	var all []Lever
	var walk func(e *entry)
	walk = func(e *entry) {
		if l, ok := e.lever(); ok && used[e.path] && !slices.ContainsFunc(notTurned, func(p string) bool { return strings.HasPrefix(e.path, p) }) {
			all = append(all, l)
		}
		for _, c := range e.children {
			walk(c)
		}
	}
	walk(s.root)
	for _, g := range grouped {
		if l, ok := s.groupLever(g.name, used); ok {
			l.Label = g.label
			all = append(all, l)
		}
	}
	return all
}

// lever makes a lever of a number; false where it is none that can be turned.
func (e *entry) lever() (Lever, bool) {
	if e.format == nil || !e.isInput || !(e.number > 0) || e.unit.Name == Share.Name && e.number >= 1 {
		return Lever{}, false
	}
	one := end{path: e.path, weight: 1, low: e.number, high: e.number, share: e.unit.Name == Share.Name, whole: e.whole, format: e.format}
	l := Lever{Path: e.path, Label: e.label, Stated: e.text, Unit: e.unit, Value: e.number, Low: e.number, High: e.number}
	if e.dist != nil {
		low, high := e.dist.Quantile(0.05), e.dist.Quantile(0.95)
		if !(low > 0 && low < high) || one.share && high >= 1 || strings.Contains(e.text, "p90") || e.doubt == varies && !strings.Contains(e.text, " to ") {
			return Lever{}, false
		}
		if e.doubt == varies {
			one.varies, one.low, one.high = true, digits3(low), digits3(high)
			l.Value = middle(low, high, one.share)
			l.Low, l.High = l.Value, l.Value
		} else {
			l.Low, l.High = low, high
		}
	}
	l.ends = []end{one}
	return l, true
}

// groupLever turns one number of every class.
func (s *Scenario) groupLever(name string, used map[string]bool) (Lever, bool) {
	g := Lever{Path: "defects.classes.*." + name, Stated: "different for each class"}
	total := 0.0
	for _, class := range s.root.get("defects").get("classes").children {
		e := class.get(name)
		l, ok := e.lever()
		weight := class.get("share").number
		if !ok || !used[e.path] || !(weight > 0) {
			continue
		}
		l.ends[0].weight = weight
		total += weight
		g.ends = append(g.ends, l.ends[0])
		g.Value += float64(weight * l.Value)
		g.Unit = l.Unit
	}
	if len(g.ends) == 0 {
		return Lever{}, false
	}
	for i := range g.ends {
		g.ends[i].weight /= total
	}
	g.Value /= total
	g.Low, g.High = g.Value, g.Value
	return g, true
}
