package section

import (
	"fmt"

	"github.com/rollrisk/rollrisk/models/study"
	"github.com/rollrisk/rollrisk/reports"
)

// flipped is how many gates passed and fail now, or the other way round.
func (v versus) flipped() int { return len(v.flips()) }

// flips are those gates, each with what it does now.
func (v versus) flips() []reports.Text {
	var all []reports.Text
	for _, g := range v.Gates {
		switch {
		case g.Flipped && g.New == study.GateFail:
			all = append(all, reports.Say("{} fails now", reports.Name(g.Name)))
		case g.Flipped:
			all = append(all, reports.Say("{} passes now", reports.Name(g.Name)))
		}
	}
	return all
}

// gates lists every gate before and now.
func (v versus) gates() []reports.Block {
	var items []reports.Text
	for _, g := range v.Gates {
		name := reports.Name(g.Name)
		switch {
		case g.Old == "":
			items = append(items, reports.Say("{}: new, {}", name, string(g.New)))
		case g.New == "":
			items = append(items, reports.Say("{}: was {}, and is not there any more", name, string(g.Old)))
		case g.Old == g.New:
			items = append(items, reports.Say("{}: {}, as before", name, string(g.New)))
		default:
			items = append(items, reports.Say("{}: {}, was {}", name, string(g.New), string(g.Old)))
		}
	}
	return []reports.Block{reports.List{Items: items}}
}

// plural is a number with the word for what is counted.
func plural(n int, word string) string {
	if n != 1 {
		word += "s"
	}
	return fmt.Sprintf("%d %s", n, word)
}
