package detector

import (
	"encoding/json"
	"math"
	"os"
	"slices"
	"testing"

	"github.com/rollrisk/rollrisk/models"
)

// numbers and words are the two halves of Values.
type (
	numbers map[string]float64
	words   map[string]string
)

// build makes a detector that must be possible.
func build(t testing.TB, kind string, n numbers, w words) models.Detector {
	t.Helper()
	k, ok := Named(kind)
	if !ok {
		t.Fatalf("no kind %q", kind)
	}
	d, err := k.New(Values{Numbers: n, Choices: w})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// leg is one ring of a ramp.
type leg struct {
	share float64
	hours float64
}

// trip is one release on its way through a ramp: the books that the engine
// keeps for the monitors, and switches that turn them into wrong ones.
type trip struct {
	legs    []leg
	window  models.Window // Requests, Users, Errors, Clock; Signals with From in hours since the start of the trip, as time
	forgets bool          // mutant: the clocks start anew in every ring
	blind   bool          // mutant: the share is ignored
}

// journey is how a trip ended.
type journey struct {
	rang     bool
	verdict  models.Verdict
	leg      int
	held     int     // how often the release was held in a ring
	exposure float64 // of signal 0 at the alarm, hours at full audience since it shows
}

// ride hands a trip to a monitor.
func (tr *trip) ride(m models.Monitor, replication uint64) journey {
	m.Reset()
	w := tr.window
	w.Signals = slices.Clone(tr.window.Signals)
	w.Luck.Replication = replication
	var j journey
	for i, l := range tr.legs {
		w.Start, w.End, w.Share = w.End, w.End+span(l.hours), l.share
		if i == 0 {
			w.Start, w.End = 0, span(l.hours)
		}
		for k := range w.Signals {
			w.Signals[k].From = max(tr.window.Signals[k].From, w.Start)
		}
		seen := w
		if tr.blind {
			seen.Share = 1
		}
		if tr.forgets {
			seen.Signals = slices.Clone(w.Signals)
			for k := range seen.Signals {
				seen.Signals[k].Dose, seen.Signals[k].Age = 0, 0
			}
		}
		v := m.Observe(&seen)
		for v.Finding == models.Continue && v.Hold > 0 {
			j.held++
			seen.Start, seen.End = seen.End, seen.End+v.Hold
			w.End = seen.End
			v = m.Observe(&seen)
		}
		if v.Finding == models.Fail {
			j.rang, j.verdict, j.leg = true, v, i
			if len(w.Signals) > 0 {
				j.exposure = w.Signals[0].Dose + l.share*w.Clock.Between(w.Signals[0].From, v.At)
			}
			return j
		}
		for k := range w.Signals {
			s := &w.Signals[k]
			s.Dose += float64(l.share * w.Clock.Between(s.From, w.End))
			s.Age += hours(max(0, w.End-s.From))
		}
	}
	return j
}

// flat and daily are the clocks of the tests; daily climbs from 0.25 at
// midnight to 1.75 at noon and back, with a silent hour at four in the morning.
// Its numbers are exact, the same on every machine.
func flat() *models.Clock { return models.NewClock(&models.Shape{}) }

func daily() *models.Clock {
	var s models.Shape
	for h := range s {
		s[h] = 0.25 + float64(12-max(h%24-12, 12-h%24))/8
		if h%24 == 4 {
			s[h] = 0
		}
	}
	return models.NewClock(&s)
}

// awake is daily without the silent hour.
func awake() *models.Clock {
	var s models.Shape
	for h := range s {
		s[h] = 0.25 + float64(12-max(h%24-12, 12-h%24))/8
	}
	return models.NewClock(&s)
}

// broken is a defect that every request meets, that fails a share of them.
func broken(errors float64) models.Signal {
	return models.Signal{Errors: errors, Reach: 1, Strength: errors, Visible: true, Reported: true}
}

// sample is a mean with what is needed to judge it.
type sample struct {
	values []float64
}

func (s *sample) add(x float64) { s.values = append(s.values, x) }

func (s *sample) mean() float64 {
	sum := 0.0
	for _, x := range s.values {
		sum += x
	}
	return sum / float64(len(s.values))
}

func (s *sample) sd() float64 {
	m, sum := s.mean(), 0.0
	for _, x := range s.values {
		sum += (x - m) * (x - m)
	}
	return math.Sqrt(sum / float64(len(s.values)-1))
}

// misses is how many standard errors the mean is away from want; sd 0 takes
// the sample's own.
func (s *sample) misses(want, sd float64) float64 {
	if sd == 0 {
		sd = s.sd()
	}
	return math.Abs(s.mean()-want) / (sd / math.Sqrt(float64(len(s.values))))
}

// within fails the test when the mean is more than five standard errors away.
func (s *sample) within(t *testing.T, what string, want, sd float64) {
	t.Helper()
	if z := s.misses(want, sd); !(z <= 5) {
		t.Errorf("%s: mean %v, want %v: %.1f standard errors", what, s.mean(), want, z)
	}
}

// outside fails the test when a mutant comes within twenty standard errors.
func (s *sample) outside(t *testing.T, mutant string, want, sd float64) {
	t.Helper()
	if z := s.misses(want, sd); !(z >= 20) {
		t.Errorf("mutant %q lives: mean %v, want %v: only %.1f standard errors", mutant, s.mean(), want, z)
	}
}

// kolmogorov fails the test when the sample does not follow a distribution, at
// the level 1e-3: the bound 1.95 / sqrt(n) for its distance (Kolmogorov, 1933).
func (s *sample) kolmogorov(t *testing.T, what string, cdf func(float64) float64) {
	t.Helper()
	sorted := slices.Sorted(slices.Values(s.values))
	n, far := float64(len(sorted)), 0.0
	for i, x := range sorted {
		f := cdf(x)
		far = max(far, math.Abs(f-float64(i)/n), math.Abs(float64(i+1)/n-f))
	}
	if far > 1.95/math.Sqrt(n) {
		t.Errorf("%s: distance %v of the distributions, allowed %v", what, far, 1.95/math.Sqrt(n))
	}
}

// erlangCDF is P(sum of k unit exponentials <= x).
func erlangCDF(k int, x float64) float64 {
	term, sum := 1.0, 0.0
	for i := range k {
		sum += term
		term *= x / float64(i+1)
	}
	return 1 - math.Exp(-x)*sum
}

// oracle is a known answer.
type oracle struct {
	ID      string
	Inputs  map[string]any
	Outputs map[string]any
}

func (o *oracle) in(name string) float64  { return o.Inputs[name].(float64) }
func (o *oracle) out(name string) float64 { return o.Outputs[name].(float64) }

// oracles are the known answers by name.
func oracles(t *testing.T) map[string]*oracle {
	t.Helper()
	text, err := os.ReadFile("testdata/oracles.json")
	if err != nil {
		t.Fatal(err)
	}
	var list []*oracle
	if err := json.Unmarshal(text, &list); err != nil {
		t.Fatal(err)
	}
	byID := map[string]*oracle{}
	for _, o := range list {
		byID[o.ID] = o
	}
	return byID
}

// close9 fails the test when two numbers differ by more than 1e-9 relative.
func close9(t *testing.T, what string, got, want float64) {
	t.Helper()
	if !(math.Abs(got-want) <= 1e-9*math.Abs(want)) {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}
