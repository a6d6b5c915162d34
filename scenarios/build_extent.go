package scenarios

import (
	"math"

	"github.com/rollrisk/rollrisk/models"
)

// maxYears is the longest that a replication may last: the clock of the engine
// ends after a hundred years, and what follows the counted changes needs room.
const maxYears = 40

// extent refuses what would need too much memory or last too long: too many
// changes on their way at a time, or a period of generations.
func (b *builder) extent() {
	c := &b.world
	weekly := b.perWeek()
	years := (float64(c.Changes.Warmup+c.Changes.PerPeriod)/weekly + longestStay(c)/168) / 52
	if years > maxYears {
		at := b.root.get("changes").get("period")
		b.fault(at, problemf("state a shorter `period`, for example `100 changes`, or a higher rate",
			"%s: %d changes with their warm-up, and what they wait for, last %.0f years; at most %d can be simulated in one replication",
			stated(at, "the default"), c.Changes.Warmup+c.Changes.PerPeriod, years, maxYears))
	}
	for i, e := range b.built {
		p := &c.Pipelines[i]
		if n := float64(weekly / 168 * (c.Stay(i) + p.WatchHours)); n > models.MaxUnderWay {
			at := b.howOften()
			thousands := float64(math.Ceil(n/1000) * 1000)
			b.fault(at, problemf("a lower rate, or a shorter `watch`, bake or cadence, has the same effect",
				"%s: with alternative %s about %s changes would be on their way or watched at a time; at most %s can be simulated",
				stated(at, "the list of changes"), e.name, formatCount(thousands, ""), formatCount(models.MaxUnderWay, "")))
			return
		}
	}
}

// longestStay is the longest of the alternatives, watch included, in hours.
func longestStay(c *models.Case) float64 {
	longest := 0.0
	for i := range c.Pipelines {
		longest = math.Max(longest, c.Stay(i)+c.Pipelines[i].WatchHours)
	}
	return longest
}

// howOften is the entry that says how often changes come.
func (b *builder) howOften() *entry {
	changes := b.root.get("changes")
	for _, key := range []string{"at", "every"} {
		if e := changes.get(key); e.written {
			return e
		}
	}
	return changes.get("rate")
}

// stated is what the file says, or another word for it.
func stated(e *entry, otherwise string) string {
	if e.text == "" {
		return otherwise
	}
	return show(e.text)
}
