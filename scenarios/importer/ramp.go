package importer

import (
	"fmt"
	"strings"
	"time"

	"github.com/rollrisk/rollrisk/models/assess"
	"github.com/rollrisk/rollrisk/scenarios"
)

// RampFile is the name of the File whose text is a plain ramp, as a flag has it.
const RampFile = "--ramp"

// appStore is the name of the phased release of Apple (App Store Connect Help, Release a
// version update in phases): seven days, which can be paused; who has the update keeps it.
const appStore = "app-store"

const appStoreRamp = "1% 1d, 2% 1d, 5% 1d, 10% 1d, 20% 1d, 50% 1d, 100%"

// ramp reads "1% 1h, 10% 1d, 50% 1d, 100%".
func (in *reader) ramp(f File) {
	r := &assess.Rollout{Kind: "ramp", Name: "ramp", Spots: assess.Spots{"": {Place: assess.Place{File: f.Name, Line: 1, Column: 1}}}, Sticky: true, Ramp: &assess.Ramp{}}
	at := assess.Place{File: f.Name, Line: 1, Column: 1}
	text := string(f.Data)
	if strings.TrimSpace(text) == appStore {
		r.Name, r.Ramp.NoBack, text = appStore, true, appStoreRamp
	}
	parts := strings.Split(text, ",")
	if len(parts) > 50 {
		in.fault(at, "", fmt.Sprintf("%d steps; at most 50 are read", len(parts)), "")
		return
	}
	before := 0.0
	for i, part := range parts {
		words := strings.Fields(part)
		here := at
		here.Column += len(part) - len(strings.TrimLeft(part, " "))
		at.Column += len(part) + 1
		stop, problem := rampStop(words, i == len(parts)-1)
		if problem == "" && stop.Share <= before {
			problem = "the shares do not rise"
		}
		if problem != "" {
			in.fault(here, "", show(strings.TrimSpace(part))+": "+problem, `write it like "1% 1h, 10% 1d, 50% 1d, 100%"`)
			return
		}
		before = stop.Share
		stop.Spots = assess.Spots{"": {Place: here}}
		r.Ramp.Stops = append(r.Ramp.Stops, stop)
	}
	in.out.Rollouts = append(in.out.Rollouts, r)
}

// rampStop reads a share and how long it lasts; the last one lasts.
func rampStop(words []string, last bool) (assess.Stop, string) {
	var s assess.Stop
	if len(words) == 0 {
		return s, "a step is missing"
	}
	share, err := scenarios.Share.Read(words[0])
	if err != nil {
		return s, err.Error()
	}
	s.Share = share
	switch {
	case !(share > 0 && share <= 1):
		return s, "the share is not between 0 and 100 %"
	case last && len(words) == 1:
		return s, ""
	case len(words) != 2:
		return s, "a share and how long it lasts are wanted"
	}
	hours, err := scenarios.Duration.Read(words[1])
	if err != nil {
		return s, err.Error()
	}
	s.Lasts = time.Duration(hours * float64(time.Hour))
	return s, ""
}
