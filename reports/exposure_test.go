package reports_test

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/rollrisk/rollrisk/models/study"
	"github.com/rollrisk/rollrisk/reports/number"
	"golang.org/x/net/html"
)

// exposureOf is the text of the section on the page, with plain spaces; "" without one.
func exposureOf(t *testing.T, s *study.Study) string {
	t.Helper()
	if problem := s.Check(); problem != "" && len(s.Alternatives[0].Exceed) == 2 {
		t.Fatal(problem)
	}
	var words []string
	for n := range parse(t, render(t, s)).Descendants() {
		if n.Type != html.TextNode || within(n, "script", "svg") {
			continue
		}
		for p := range n.Ancestors() {
			if id, _ := attribute(p, "id"); p.Data == "section" && id == "exposure" {
				words = append(words, n.Data)
			}
		}
	}
	return strings.ReplaceAll(strings.Join(strings.Fields(strings.Join(words, "")), " "), number.NoBreak, " ")
}

// flat sets the exposure of every alternative to the same share for ever.
func flat(s *study.Study, share float64) *study.Study {
	for i := range s.Alternatives {
		e := &s.Alternatives[i].Exposure
		e.Reached = min(1, share)
		e.Left = e.Reached
		for k := range e.Points {
			e.Points[k] = study.ExposurePoint{Hours: e.Points[k].Hours, Mean: share, P5: share, P25: share, P50: share, P75: share, P95: share}
		}
	}
	return s
}

// What the section says must be right for every number of alternatives and every kind of
// result.
func TestExposureWords(t *testing.T) {
	a, b, c := train().title, rings().title, both().title
	check := func(name string, s *study.Study, says ...string) {
		t.Helper()
		got := exposureOf(t, s)
		for _, phrase := range says {
			phrase, not := strings.CutPrefix(phrase, "NOT ")
			if strings.Contains(got, phrase) == not {
				t.Errorf("%s: whether it says %q should be %v:\n%s", name, phrase, !not, got)
			}
		}
	}
	check("two", better(), "Three days after a defective change is ready, this share of the users is on it on average: ", " with "+a+" and ", " with "+b, "of 4 000 changes", "left at the end", "NOT never taken", "NOT No user")
	check("three", three(), " with "+a+"; ", " with "+b+"; ", " with "+c) // a title has a comma of its own
	check("one", makeStudy(train()), "Three days after a defective change is ready, this share of the users is on it on average: 47.8 % with "+a, "NOT "+b)
	var five []pipeline
	for i := range 5 {
		p := rings()
		p.title = fmt.Sprintf("plan %c", 'A'+i)
		five = append(five, p)
	}
	check("five", makeStudy(five...), " with plan A, ", " with plan D and ", " with plan E")

	s := better()
	for i, share := range []float64{0, 1} {
		s.Alternatives[i].Exposure.Points[12].P50, s.Alternatives[i].Exposure.Points[12].Mean = share, share
		s.Alternatives[i].Exposure.Points[12].P75, s.Alternatives[i].Exposure.Points[12].P95 = 1, 1
	}
	check("middle", s, "A day after a defective change is ready, this share of the users is on it in the middle case: 0 % with "+a+" and 100 % with "+b)

	check("nobody exposed", flat(better(), 0), "No user is ever on a release with a live defect with any alternative: each is caught before.", "NOT after a defective")
	check("nobody exposed, alone", flat(makeStudy(train()), 0), "No user is ever on a release with a live defect with "+a+": each is caught before.")
	check("nothing ends", flat(better(), 1), "100 % with "+a+" and 100 % with "+b+"; what has reached users is never taken from them", "100 % of them left at the end")

	s = better()
	e := &s.Alternatives[0].Exposure
	e.Reached, e.Left = 0, 0
	for k := range e.Points {
		e.Points[k] = study.ExposurePoint{Hours: e.Points[k].Hours}
	}
	check("one of two exposes nobody", s, a+" never with a user", "NOT never taken")

	s = better()
	for i := range s.Alternatives {
		for k := range s.Alternatives[i].Exposure.Points {
			s.Alternatives[i].Exposure.Points[k].Hours *= 1.0001
		}
	}
	check("times without a name", s, "30 d after a defective change is ready")

	for name, s := range map[string]*study.Study{"no defects": unharmed(), "of another version": better(), "one given up": better()} {
		s.Alternatives[1].Exposure = study.Exposure{}
		if got := exposureOf(t, s); got != "" {
			t.Errorf("%s: %s", name, got)
		}
	}
}

// The fans of the live chart are those of the study, point by point.
func TestLiveFansAreTheStudys(t *testing.T) {
	s := three()
	found := false
	for n := range parse(t, render(t, s)).Descendants() {
		if n.Type != html.ElementNode || n.Data != "script" || n.Parent == nil {
			continue
		}
		if id, _ := attribute(n.Parent, "id"); id != "exposure-fans" {
			continue
		}
		found = true
		var live struct {
			Options struct {
				Series []struct {
					XAxisIndex, YAxisIndex int
					RenderItem             string
					LineStyle              struct{ Type string }
					Data                   []struct{ Value []float64 }
				}
			}
			Series []struct {
				At   []float64
				X, Y []string
			}
		}
		if err := json.Unmarshal([]byte(content(n)), &live); err != nil {
			t.Fatal(err)
		}
		if len(live.Series) != 3 || len(live.Options.Series) != 12 {
			t.Fatalf("%d fans, %d series", len(live.Series), len(live.Options.Series))
		}
		for _, drawn := range live.Options.Series {
			points := s.Alternatives[drawn.XAxisIndex].Exposure.Points
			for k, p := range points {
				want := map[string][]float64{"@outer": {p.Hours, p.P5, p.P95}, "@inner": {p.Hours, p.P25, p.P75}, "": {p.Hours, p.P50}, "@mean": {p.Hours, p.Mean}}[drawn.RenderItem+drawn.LineStyle.Type]
				if fmt.Sprint(drawn.Data[k].Value) != fmt.Sprint(want) || drawn.YAxisIndex != drawn.XAxisIndex || len(drawn.Data) != len(points) {
					t.Fatalf("%+v is drawn for %v", drawn, want)
				}
			}
		}
		for i, fan := range live.Series {
			for k, p := range s.Alternatives[i].Exposure.Points {
				if fan.At[k] != p.Hours || fan.Y[k] != number.Text(p.P50, 0, number.Share) || fan.X[k] != number.Text(p.Hours, 0, number.Hours) {
					t.Errorf("%s %s is said for %+v", fan.X[k], fan.Y[k], p)
				}
			}
		}
	}
	if !found {
		t.Error("there are no fans")
	}
}

// A fan whose values do not exist is not drawn.
func TestFansOfNothing(t *testing.T) {
	s := better()
	s.Alternatives[1].Exposure.Points[3].Mean = math.NaN()
	if page := string(render(t, s)); !strings.Contains(page, "cannot be drawn") {
		t.Error("a mean that does not exist is drawn")
	}
}
