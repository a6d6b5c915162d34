package tick

import (
	"github.com/rollrisk/rollrisk/models/study"
	"github.com/rollrisk/rollrisk/reports/section"
)

// Story is one change in every alternative, to be played.
type Story struct {
	Title   string  `json:"title"`
	Arrives float64 `json:"arrives"` // hours since Monday 00:00 of the first week
	Tales   []Tale  `json:"tales"`   // one an alternative
}

// Tale is what happened in one alternative.
type Tale struct {
	Title  string  `json:"title"`
	Events []Event `json:"events"` // in order of time
}

// Event is one moment of a tale: what is true from it to the next.
type Event struct {
	At       float64 `json:"at"`       // hours since the change was ready
	What     string  `json:"what"`     // as in study.StoryEvent
	Where    string  `json:"where"`    // name of the stage
	Share    float64 `json:"share"`    // of the traffic that meets the change, 0..1
	Failed   float64 `json:"failed"`   // requests that have failed so far, expected
	Seen     float64 `json:"seen"`     // failing requests that the detector sees in one of its intervals; 0 where none compares
	Allows   float64 `json:"allows"`   // of them that are no cause for alarm
	Interval float64 `json:"interval"` // hours
	Detector string  `json:"detector"` // that compares, or rang
	Changes  int     `json:"changes"`  // in the release
	Says     string  `json:"says"`     // the sentence of explain; "" where it has none
}

// told are the stories of a study as moments with their sentences.
func told(st *study.Study) []Story {
	var all []Story
	for i := range st.Stories {
		s := &st.Stories[i]
		story := Story{Title: s.Pick, Arrives: s.Arrives}
		for k := range s.Tales {
			tale := Tale{Title: s.Tales[k].Title}
			for _, e := range s.Tales[k].Events {
				tale.Events = append(tale.Events, moment(s, &e))
			}
			for _, l := range section.StoryLines(s, k) {
				tale.Events[l.Event].Says = l.Text.Plain()
			}
			story.Tales = append(story.Tales, tale)
		}
		all = append(all, story)
	}
	return all
}

func moment(s *study.Story, e *study.StoryEvent) Event {
	m := Event{At: e.At - s.Arrives, What: e.What, Where: e.Stage, Failed: e.Failed, Detector: e.Detector, Changes: e.Changes}
	if e.What == "ring" || e.What == "alarm" {
		m.Share = e.Share
	}
	if g := e.Gauge; g != nil {
		m.Seen, m.Allows, m.Interval = g.Seen, g.Allows, g.Interval
	}
	return m
}
