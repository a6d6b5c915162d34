package regions

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/rollrisk/rollrisk/models/study"
	"github.com/rollrisk/rollrisk/reports/section"
	"github.com/rollrisk/rollrisk/scenarios"
)

// pencil is a choice whose border can be written down. Every fourth change carries a
// defect. At once, all 1,000 users of it are hurt, $1 each: $250 for a change. In the lab,
// every defect is found, which costs a pass of a day for every change and a second one for
// those with a defect, $100 a day; 1.5 % of the passes are repeated, three times at most:
// $126.90.
const pencil = `rollrisk: 1
name: pencil
title: A border that a pencil finds
currency: $
service:
  users: 1000
  requests_per_user: 10/h
  baseline_errors: 0%
  costs: {per_affected_user: 1, per_change_day: 100}
changes: {rate: 1/w, defects: 0.25, evenly: yes, period: 100 changes, warm_up: 0 changes}
study: {changes: 2000}
defects:
  table: none
  classes:
    plain: {share: 100%, reproducible: 100%, exercised: 100%, telemetry: 0%, reported: 0%, reach: 100%, strength: 100%}
environments:
  lab: {source: a test, slots: unlimited, run: 24h, fidelity: 1, coverage: 1}
fix: {effort: none}
watch: 1w
alternatives:
  now: {title: at once, stages: [{ring: 100%}]}
  later: {title: a day later, stages: [{environment: lab}, {ring: 100%}]}
  never: {title: never looked at, stages: [{environment: lab}, {environment: lab}, {ring: 100%}]}
`

func question(t *testing.T) Question {
	t.Helper()
	s, faults := scenarios.Decode("pencil.yaml", []byte(pencil))
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	q := Usual()
	q.Scenario, q.Seed, q.Of, q.Between = s, 1, "cost", []string{"later", "now"}
	q.X, q.Y, q.Changes = "service.costs.per_affected_user", "service.costs.per_change_day", 400
	return q
}

func drawn(t *testing.T, q Question, o Options) *study.Regions {
	t.Helper()
	r, faults, err := Draw(t.Context(), q, o)
	if err != nil || len(faults) > 0 {
		t.Fatal(err, faults)
	}
	return r
}

// TestBorder: the map is cut by the line on which a user's price is so many times the day's
// that both cost the same. Defects come evenly, so what is left to chance is which passes are
// repeated: 0.4 % of the mean pass of 1,200 changes. Beside the line one node may lie on
// either side.
func TestBorder(t *testing.T) {
	r := drawn(t, question(t), Options{Workers: 2})
	border := math.Log(250 / 126.9)
	near := 5*0.004 + r.X.Steps[1] - r.X.Steps[0]
	n := len(r.X.Steps)
	for j := range n {
		for i := range n {
			want := "best"
			over := r.Y.Steps[j] - r.X.Steps[i] - border // later costs more than now by this factor
			if over > 0 {
				want = "rival"
			}
			if got := r.Nodes[j*n+i].Winner; math.Abs(over) > near && got != want {
				t.Errorf("at %v, %v: %s, want %s (%v)", r.X.Steps[i], r.Y.Steps[j], got, want, over)
			}
		}
	}
	if r.Points > n*n/2 {
		t.Errorf("%d of %d nodes were simulated: what lies inside should be guessed", r.Points, n*n)
	}
	if len(r.Bounds) != 2 {
		t.Fatalf("%+v", r.Bounds)
	}
	for _, b := range r.Bounds {
		want, above := math.Log(126.9/250), false
		if b.Axis == "y" {
			want, above = -want, true
		}
		if math.Abs(b.Step-want) > near || b.Above != above {
			t.Errorf("%+v, want %v", b, want)
		}
	}
	// Above the diagonal that is moved by border lies a triangle.
	width := 2 * math.Log(10)
	if want := (width - border) * (width - border) / 2 / width / width; math.Abs(r.Ahead.Rival-want) > near/width {
		t.Errorf("%v of the map is the rival's, want %v", r.Ahead.Rival, want)
	}
}

// The same map for any number of workers; the two inputs that matter are found.
func TestSameForAnyWorkers(t *testing.T) {
	q := question(t)
	q.X, q.Y, q.Between, q.Changes = "", "", nil, 200
	one, two := drawn(t, q, Options{Workers: 1}), drawn(t, q, Options{Workers: 3})
	a, err := json.Marshal(one)
	if err != nil {
		t.Fatal(err)
	}
	b, err := json.Marshal(two)
	if err != nil {
		t.Fatal(err)
	}
	if string(a) != string(b) {
		t.Error("another map with another number of workers")
	}
	// A price, the people who pay it or the defects move it: each to a tenth of $250.
	for _, axis := range []study.RegionAxis{one.X, one.Y} {
		if !slices.Contains([]string{"service.costs.per_affected_user", "service.users", "service.costs.per_change_day", "changes.defects", "environments.lab.run", "alternatives.later.stages[0].run"}, axis.Path) {
			t.Errorf("%s is no input that turns it", axis.Path)
		}
	}
}

func TestFaults(t *testing.T) {
	for _, c := range []struct {
		change func(q *Question)
		want   string
	}{
		{func(q *Question) { q.Between = []string{"now", "then"} }, "there is no alternative then"},
		{func(q *Question) { q.X = "title" }, "title is no number that can be turned"},
		{func(q *Question) { q.X = q.Y }, "two different inputs are needed"},
	} {
		q := question(t)
		c.change(&q)
		_, _, err := Draw(t.Context(), q, Options{})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v, want %q", err, c.want)
		}
	}
}

// What is drawn is XML that a browser takes, says in words what it shows, and its pixels
// tell the same sides.
func TestPictures(t *testing.T) {
	r := drawn(t, question(t), Options{})
	p := section.RegionPicture(r)
	d := xml.NewDecoder(strings.NewReader(p.SVG()))
	words := ""
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if c, ok := token.(xml.CharData); ok {
			words += string(c) + "\n"
		}
	}
	for _, want := range []string{"a day later costs less on average than at once", "as stated", "inside the simulation error", "cost of an affected user"} {
		if !strings.Contains(words, want) {
			t.Errorf("no %q in\n%s", want, words)
		}
	}
	m := p.Image()
	side := m.Bounds().Dx()
	if low, high := m.At(side-20, side-20), m.At(20, 20); low == high {
		t.Error("both sides of the map look alike")
	}
	page := section.Regions(r).Summary
	if !strings.Contains(page, "at once wins if") {
		t.Error(page)
	}
	lines := section.RegionLines(r)
	if top, bottom := lines[1], lines[17]; !strings.Contains(top, "|.......") || !strings.Contains(bottom, "######|") {
		t.Errorf("%s\n%s", top, bottom)
	}
}
