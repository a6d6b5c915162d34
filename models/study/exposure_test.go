package study

import (
	"context"
	"encoding/json"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/rollrisk/rollrisk/models"
)

// shareAt is who is on the change of a tale at a time in hours since the change was
// ready, read from what is told of it.
func shareAt(t *Tale, arrives, hours float64) float64 {
	share := 0.0
	for _, e := range t.Events {
		if e.At-arrives > hours+1e-9 {
			break
		}
		switch {
		case e.Live == 0 || e.What == "ended" || e.What == "formed" || e.What == "arrived":
			share = 0
		case e.What == "ring":
			share = e.Share
		}
	}
	return share
}

// countedQuantile is the smallest of the values that at least a share p does not exceed.
func countedQuantile(values []float64, p float64) float64 {
	best := math.Inf(1)
	for _, v := range values {
		below := 0
		for _, w := range values {
			if w <= v {
				below++
			}
		}
		if float64(below) >= p*float64(len(values)) {
			best = min(best, v)
		}
	}
	return best
}

// TestExposureByCounting: mean and quantiles are those of what the tales of the same
// changes say, counted without any cleverness.
func TestExposureByCounting(t *testing.T) {
	p := twoRamps(3)
	p.Changes = 300
	st := run(t, p)
	shard, err := RunShard(context.Background(), p, 0, p.Replications(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	carriers := carriersOf(shard.Rows[0].Lean)
	tales := make([][]Tale, len(st.Alternatives))
	var arrives []float64
	for _, change := range carriers {
		s := p.tell(change, "", change/p.Case.Changes.PerPeriod)
		arrives = append(arrives, s.Arrives)
		for i := range tales {
			tales[i] = append(tales[i], s.Tales[i])
		}
	}
	for i := range st.Alternatives {
		e := &st.Alternatives[i].Exposure
		if e.Changes != len(carriers) || len(e.Points) < 30 {
			t.Fatalf("%d changes of %d, %d points", e.Changes, len(carriers), len(e.Points))
		}
		for _, x := range e.Points {
			sum, values := 0.0, make([]float64, len(carriers))
			for k := range carriers {
				values[k] = shareAt(&tales[i][k], arrives[k], x.Hours)
				sum += values[k]
			}
			want := ExposurePoint{x.Hours, sum / float64(len(values)), countedQuantile(values, 0.05), countedQuantile(values, 0.25),
				countedQuantile(values, 0.5), countedQuantile(values, 0.75), countedQuantile(values, 0.95)}
			if math.Abs(x.Mean-want.Mean) > 1e-12 {
				t.Fatalf("%s: mean %v, want %v", st.Alternatives[i].Name, x, want)
			}
			if want.Mean = x.Mean; x != want {
				t.Fatalf("%s: %v, want %v", st.Alternatives[i].Name, x, want)
			}
		}
	}
	if a, b := st.Alternatives[0].Exposure.Points, st.Alternatives[1].Exposure.Points; a[5].P50 != 1 || b[5].P50 != 0.01 {
		t.Errorf("after %v hours the middle case is %v and %v", a[5].Hours, a[5].P50, b[5].P50)
	}
}

// TestExposureOfTheFirstChanges: a study of more changes has the same Exposure, and it is
// that of a thousand at most.
func TestExposureOfTheFirstChanges(t *testing.T) {
	p := twoRamps(3)
	p.Changes = 2000
	few := run(t, p)
	p.Changes = 6000
	many := run(t, p)
	p.Changes = 9000
	more := run(t, p)
	if n := few.Alternatives[0].Exposure.Changes; n != few.Size.Defective || n >= fanned {
		t.Errorf("%d changes of %d", n, few.Size.Defective)
	}
	if n := many.Alternatives[1].Exposure.Changes; n != fanned || many.Size.Defective <= fanned {
		t.Errorf("%d changes of %d", n, many.Size.Defective)
	}
	one, _ := json.Marshal(many.Alternatives[1].Exposure)
	two, _ := json.Marshal(more.Alternatives[1].Exposure)
	if string(one) != string(two) {
		t.Error("more changes make another exposure")
	}
}

// TestExposureGrid: the times that people name are in it, it rises in even steps, and it
// ends as soon as nothing moves.
func TestExposureGrid(t *testing.T) {
	for _, end := range []float64{0, 3, 24, 24.1, 168, 200, 731, 8766, 1e6} {
		grid := gridTo(end)
		last, wanted := grid[len(grid)-1], min(8766, max(24, end))
		if grid[0] != 1.0/6 || last < wanted || last > 1.18*wanted || grid[len(grid)-2] >= wanted {
			t.Errorf("to %v: from %v to %v", end, grid[0], last)
		}
		for _, at := range []float64{1, 6, 12, 24, 72, 168, 730, 2190, 8766} {
			if slices.Contains(grid, at) != (at <= last) {
				t.Errorf("to %v: whether it holds hour %v is wrong", end, at)
			}
		}
		for i := range grid[1:] {
			if ratio := grid[i+1] / grid[i]; !(ratio > 1.14 && ratio < 1.18) {
				t.Errorf("to %v: %v follows %v", end, grid[i+1], grid[i])
			}
		}
	}
}

// TestExposureAtItsEdges: a path counts from its step on; nobody is on a change without
// steps; nothing comes of nothing.
func TestExposureAtItsEdges(t *testing.T) {
	paths := []path{{{At: 2, Share: 0.5}, {At: 4, Share: 0}}, nil, {{At: 3, Share: 1}}, nil}
	e := exposureOf(paths, []float64{1, 2, 3.9, 4})
	want := []ExposurePoint{{Hours: 1}, {Hours: 2, Mean: 0.125, P95: 0.5}, {Hours: 3.9, Mean: 0.375, P75: 0.5, P95: 1}, {Hours: 4, Mean: 0.25, P95: 1}}
	if !slices.Equal(e.Points, want) || e.Changes != 4 || e.Reached != 0.5 || e.Left != 0.25 {
		t.Errorf("%+v, want the points %v", e, want)
	}
	if got := rest(paths); got != 4 {
		t.Errorf("the paths rest from hour %v on", got)
	}
	if e := exposureOf(nil, gridTo(rest(nil))); e.Changes != 0 || len(e.Points) != 0 || e.check() != "" {
		t.Errorf("of nothing: %+v", e)
	}
	p := twoRamps(3)
	p.Case.Changes.Defects = models.Known(0)
	st := run(t, p)
	if st.Check() != "" || st.Alternatives[0].Exposure.Points == nil {
		t.Errorf("without defects: %q, %+v", st.Check(), st.Alternatives[0].Exposure)
	}
}

// TestExposureLeavesOutWhatIsGivenUp: little was seen of a change that was never done.
func TestExposureLeavesOutWhatIsGivenUp(t *testing.T) {
	p := twoRamps(3)
	p.Changes, p.Case.Changes.Warmup = 100, 60
	stuck := &p.Case.Pipelines[1]
	stuck.WatchHours = 24
	stuck.Stages = append([]models.Stage{{Name: "staging", Environment: models.Environment{Slots: 1, Run: models.Hours(400)}}}, stuck.Stages...)
	st := run(t, p)
	if a, b := st.Alternatives[0].Exposure, st.Alternatives[1].Exposure; a.Changes != st.Size.Defective || b.Changes != 0 || len(b.Points) != 0 || st.Check() != "" {
		t.Errorf("%d and %d of %d changes, %q", a.Changes, b.Changes, st.Size.Defective, st.Check())
	}
}

// TestExposureIsChecked: what was tampered with is refused.
func TestExposureIsChecked(t *testing.T) {
	st := run(t, twoRamps(3))
	text, err := json.Marshal(st)
	if err != nil {
		t.Fatal(err)
	}
	for what, tamper := range map[string]func(e *Exposure){
		"points of":             func(e *Exposure) { e.Points = nil },
		"0 changes":             func(e *Exposure) { e.Changes = 0 },
		"are left":              func(e *Exposure) { e.Left = e.Reached + 0.1 },
		"of a share of 1.5":     func(e *Exposure) { e.Reached = 1.5 },
		"after hour":            func(e *Exposure) { e.Points[3].Hours = e.Points[2].Hours },
		"hour 0 of point 0":     func(e *Exposure) { e.Points[0].Hours = 0 },
		"quantiles of point 4":  func(e *Exposure) { e.Points[4].P25 = 1; e.Points[4].P50 = 0.5 },
		"quantiles of point 5":  func(e *Exposure) { e.Points[5].P95 = 1.01 },
		"quantiles of point 6":  func(e *Exposure) { e.Points[6].P5 = -0.1 },
		"quantiles of point 7":  func(e *Exposure) { e.Points[7].P75 = math.NaN() },
		"mean of point 8":       func(e *Exposure) { e.Points[8].Mean = 1.1 },
		"not those of":          func(e *Exposure) { e.Points = e.Points[1:] },
		"hours are not those o": func(e *Exposure) { e.Points[9].Hours += 1e-9 },
	} {
		var back Study
		if err := json.Unmarshal(text, &back); err != nil {
			t.Fatal(err)
		}
		if problem := back.Check(); problem != "" {
			t.Fatal(problem)
		}
		tamper(&back.Alternatives[1].Exposure)
		if problem := back.Check(); !strings.Contains(problem, what) {
			t.Errorf("%q is not told: %q", what, problem)
		}
	}
	st.Alternatives[0].Exposure, st.Alternatives[1].Exposure = Exposure{}, Exposure{}
	if problem := st.Check(); problem != "" {
		t.Errorf("a study without any: %s", problem)
	}
}
