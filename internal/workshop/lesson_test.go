package workshop

import (
	"bytes"
	"context"
	"math"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/rollrisk/rollrisk/scenarios"
	"github.com/rollrisk/rollrisk/scenarios/deck"
)

// read is a deck of the library.
func read(t testing.TB, name string) *deck.Deck {
	t.Helper()
	data, _ := deck.Builtin(name)
	d, faults := deck.Decode(name, data, func(scenario string) (*scenarios.Scenario, []scenarios.Fault) {
		text, _ := scenarios.Builtin(scenario)
		return scenarios.Decode(scenario, text)
	})
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	return d
}

var lessons sync.Map

// lesson is prepared once for all tests.
func lesson(t testing.TB, name string) *Lesson {
	t.Helper()
	if l, ok := lessons.Load(name); ok {
		return l.(*Lesson)
	}
	l, err := Prepare(context.Background(), read(t, name), Options{})
	if err != nil {
		t.Fatal(err)
	}
	lessons.Store(name, l)
	return l
}

// What the reveals of the decks say is what their studies say: where staging wins it wins, the
// map turns round, and rings cut the middle further than the tail.
func TestRevealsAreTrue(t *testing.T) {
	on := lesson(t, "onpremises")
	half := len(on.Map.X) / 2
	if c := on.Map.Cells[half][half]; !(c.Low > 0) {
		t.Errorf("validation is not ahead of pilots at what is stated: %v to %v", c.Low, c.High)
	}
	if c := on.Map.Cells[half][0]; !(c.High < 0) {
		t.Errorf("pilots are not ahead where the model hospital is poor: %v to %v", c.Low, c.High)
	}
	if a, b := on.Answers[0][25], on.Answers[2][25]; !(b < a/2) {
		t.Errorf("the second net catches little: %v against %v", b, a)
	}
	web := lesson(t, "web").Answers
	if web[0][0] != 0 || web[0][49] < 5e5 {
		t.Errorf("staging hurts %v to %v", web[0][0], web[0][49])
	}
	if middle, tail := web[0][25]/web[1][25], web[0][47]/web[1][47]; !(middle > tail && tail > 1) {
		t.Errorf("rings cut the middle %v times and the tail %v times", middle, tail)
	}
	for i, l := range []*Lesson{lesson(t, "web"), lesson(t, "mobile")} {
		last := l.Answers[3]
		if !(last[47] > 2.5*last[25]) {
			t.Errorf("deck %d: the upper end is %v, the middle %v", i, last[47], last[25])
		}
	}
}

// Twelve cards are dealt, half of each side, and the same ones every time; their fates are
// those of the side they lie on.
func TestCards(t *testing.T) {
	for _, name := range deck.Library() {
		l := lesson(t, name)
		before := 0
		for _, c := range l.Cards {
			if len(c.Story.Defects) != 1 {
				t.Errorf("%s: a card with %d defects", name, len(c.Story.Defects))
			}
			hurt := float64(c.Story.Tales[l.Deck.Map.First].UsersAffected)
			if c.Before {
				before++
			}
			if c.Before && hurt != 0 {
				t.Errorf("%s: change %d was caught and hurt %v", name, c.Story.Change, hurt)
			}
		}
		if len(l.Cards) != 12 || before != 6 {
			t.Errorf("%s: %d cards, %d caught before", name, len(l.Cards), before)
		}
		if name != "web" {
			continue
		}
		var one, two bytes.Buffer
		if err := l.WriteCards(&one); err != nil {
			t.Fatal(err)
		}
		again, err := Prepare(context.Background(), read(t, name), Options{Workers: 1})
		if err != nil {
			t.Fatal(err)
		}
		if err := again.WriteCards(&two); err != nil || one.String() != two.String() {
			t.Errorf("%s: another number of workers writes other cards (%v)", name, err)
		}
		for _, want := range []string{"Card 12", "Answer key", "With dice", "Your team's sheet"} {
			if !strings.Contains(one.String(), want) {
				t.Errorf("%s: the paper has no %q", name, want)
			}
		}
	}
}

// The throws of a pipeline fill 1 to 100 without a gap.
func TestDice(t *testing.T) {
	for _, d := range lesson(t, "web").dice() {
		next := 1
		for _, f := range d.Faces {
			if f.From != next || f.To < f.From {
				t.Errorf("%s: throw %d to %d follows %d", d.Title, f.From, f.To, next-1)
			}
			next = f.To + 1
		}
		if next != 101 {
			t.Errorf("%s: the throws end at %d", d.Title, next-1)
		}
	}
}

// Teams that buy the same get the same; one that buys nothing is visibly dearer than the one
// that phases its releases, and a rank is shared only by those who cannot be told apart.
func TestPlay(t *testing.T) {
	l := lesson(t, "mobile")
	play := func(levels ...int) Result {
		r, err := l.Play(context.Background(), levels)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	nothing, phased, alike := play(0, 0, 0, 0, 0), play(0, 1, 0, 0, 0), play(0, 1, 0, 0, 0)
	if phased.Cost.Mean != alike.Cost.Mean {
		t.Error("the same choice has another cost")
	}
	got := ranked([]standing{{Team: "nothing", Result: nothing}, {Team: "a", Result: phased}, {Team: "b", Result: alike}})
	if got[0].Rank != 1 || got[1].Rank != 1 || got[2].Rank != 3 || got[2].Team != "nothing" {
		t.Errorf("ranks %v", got)
	}
	if x, _, ok := l.Place([]int{1, 0, 0, 0, 0}); !ok || math.Abs(x-2) > 0.05 {
		t.Errorf("what is stated stands at %v of the map, not in its middle", x)
	}
}

// The interval score: by hand for one outcome; at its best for the 5 % and 95 % quantiles;
// and no better for who is lucky.
func TestScore(t *testing.T) {
	close := func(got, want float64) bool { return math.Abs(got-want) < 1e-12 }
	if s := ScoreOf(Range{9, 99}, []float64{99}); !close(s.Interval, 1) || s.Held != 1 {
		t.Errorf("held: %v", s)
	}
	if s := ScoreOf(Range{9, 99}, []float64{999}); !close(s.Interval, 1+20) || s.Held != 0 {
		t.Errorf("above by one power of ten: %v", s)
	}
	if s := ScoreOf(Range{9, 99}, []float64{0}); !close(s.Interval, 1+20) {
		t.Errorf("below by one power of ten: %v", s)
	}
	if s := ScoreOf(Range{0, 1}, nil); !math.IsNaN(s.Interval) {
		t.Errorf("of nothing: %v", s)
	}
	outcomes := lesson(t, "web").Answers[1]
	least := best(outcomes).Interval
	for _, low := range outcomes {
		for _, high := range outcomes {
			if low <= high {
				if s := ScoreOf(Range{low, high}, outcomes); s.Interval < least-1e-9 {
					t.Errorf("%v to %v scores %v, better than the best %v", low, high, s.Interval, least)
				}
			}
		}
	}
}

// The dots are outcomes, ascending, and the periods of a deck are enough for fifty of them.
func TestAnswers(t *testing.T) {
	for _, name := range deck.Library() {
		l := lesson(t, name)
		for q, a := range l.Answers {
			if len(a) != dots || !slices.IsSorted(a) || a[0] < 0 {
				t.Errorf("%s, question %d: %v", name, q+1, a)
			}
		}
		if l.Study.Size.Replications < 4*dots {
			t.Errorf("%s: %d periods are too few for %d dots", name, l.Study.Size.Replications, dots)
		}
	}
	if got := middles([]float64{3, 1, 2}); got[0] != 1 || got[25] != 2 || got[49] != 3 || middles(nil) != nil {
		t.Errorf("middles are %v", got)
	}
}
