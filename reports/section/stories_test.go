package section

import (
	"math"
	"slices"
	"testing"

	"github.com/rollrisk/rollrisk/models/study"
	"github.com/rollrisk/rollrisk/reports/chart"
	"github.com/rollrisk/rollrisk/sim/stat"
)

// TestCourse: a story's curve is the share of the traffic that meets a defect of the
// change, not that which meets the change.
func TestCourse(t *testing.T) {
	ring := func(at, share float64, live int) study.StoryEvent {
		return study.StoryEvent{At: at, What: "ring", Share: share, Live: live}
	}
	say := func(at float64, what, cause string, live int) study.StoryEvent {
		return study.StoryEvent{At: at, What: what, Cause: cause, Live: live}
	}
	never := stat.Number(math.Inf(1))
	for name, x := range map[string]struct {
		events []study.StoryEvent
		lead   stat.Number
		want   []chart.Point
	}{
		"taken back, repaired, out again": {[]study.StoryEvent{say(10, "arrived", "", 1), ring(11, 0.1, 1), say(12, "alarm", "own", 1), say(13, "ended", "", 0),
			say(20, "formed", "", 0), ring(21, 0.1, 0), ring(22, 1, 0)}, 12, []chart.Point{{X: 1, Y: 0.1}, {X: 3, Y: 0}}},
		"another change is taken out": {[]study.StoryEvent{say(10, "arrived", "", 1), ring(11, 0.1, 1), say(12, "alarm", "other", 1), say(13, "ended", "", 1),
			ring(14, 1, 1)}, 4, []chart.Point{{X: 1, Y: 0.1}, {X: 4, Y: 1}}},
		"rolled back with another one": {[]study.StoryEvent{say(10, "arrived", "", 1), ring(11, 0.1, 1), say(12, "alarm", "other", 1), say(13, "ended", "", 1),
			say(15, "formed", "", 1), ring(16, 1, 1)}, 6, []chart.Point{{X: 1, Y: 0.1}, {X: 3, Y: 0}, {X: 6, Y: 1}}},
		"taken back for good": {[]study.StoryEvent{say(10, "arrived", "", 1), ring(11, 1, 1), say(12, "alarm", "own", 1), say(13, "ended", "", 0)}, never,
			[]chart.Point{{X: 1, Y: 1}, {X: 3, Y: 0}}},
		"one of two repaired in place": {[]study.StoryEvent{say(10, "arrived", "", 2), ring(11, 1, 2), say(12, "alarm", "own", 2), say(13, "ended", "", 1)}, 1,
			[]chart.Point{{X: 1, Y: 1}}},
		"a dismissed alarm": {[]study.StoryEvent{say(10, "arrived", "", 0), ring(11, 0.1, 0), say(12, "alarm", "nothing", 0), say(13, "ended", "", 0), ring(14, 1, 0)}, 4, nil},
		"within the minute": {[]study.StoryEvent{say(10, "arrived", "", 1), ring(10, 1, 1)}, 0, []chart.Point{{X: 1.0 / 60, Y: 1}}},
	} {
		n := narrator{Story: &study.Story{Arrives: 10, Tales: []study.Tale{{Events: x.events, LeadTime: x.lead}}}}
		if got := n.course(0); !slices.Equal(got, x.want) {
			t.Errorf("%s: %v, want %v", name, got, x.want)
		}
	}
}
