package workshop

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/rollrisk/rollrisk/scenarios/deck"
)

// ExportVersion names the form of an Export.
const ExportVersion = "rollrisk.workshop-export/1"

// Export is all that a session holds, without its secrets.
type Export struct {
	Schema string         `json:"schema"`
	Deck   string         `json:"deck"`
	People []ExportPerson `json:"people"` // in the order of joining
	Teams  []ExportTeam   `json:"teams"`
	Events int            `json:"events"` // kept so far
	Last   time.Time      `json:"last"`   // when the last of them happened; UTC
}

// ExportPerson is somebody in the room.
type ExportPerson struct {
	Name   string    `json:"name"`
	Team   string    `json:"team"`
	Votes  [2]string `json:"votes"`  // alternative before and after; "" for none
	Ranges []*Range  `json:"ranges"` // one a question; null for none
}

// ExportTeam is a team and what it bought.
type ExportTeam struct {
	Name   string   `json:"name"`
	Levels []string `json:"levels"` // label of the level of each knob; the first ones where nobody has chosen
	Points int      `json:"points"`
	Chosen bool     `json:"chosen"`
}

// export reads the session; the lock is held.
func (s *session) export() Export {
	e := Export{Schema: ExportVersion, Deck: s.deck.Name, People: []ExportPerson{}, Teams: []ExportTeam{}, Events: s.events, Last: s.last}
	names := s.deck.Scenario.Alternatives()
	for i := range s.people {
		p := &s.people[i]
		if p.token == "" {
			continue
		}
		x := ExportPerson{Name: p.Name, Team: s.teams[p.Team].Name, Ranges: p.Guesses}
		for r, v := range p.Votes {
			if v >= 0 {
				x.Votes[r] = names[v]
			}
		}
		e.People = append(e.People, x)
	}
	for i := range s.teams {
		e.Teams = append(e.Teams, s.teams[i].export(&s.deck.Budget))
	}
	return e
}

func (t *team) export(b *deck.Budget) ExportTeam {
	x := ExportTeam{Name: t.Name, Chosen: t.Levels != nil}
	levels := t.Levels
	if levels == nil {
		levels = make([]int, len(b.Knobs))
	}
	for k, l := range levels {
		x.Levels = append(x.Levels, b.Knobs[k].Levels[l].Label)
	}
	x.Points, _ = b.Cost(levels)
	return x
}

// CSV is the people of an Export, a line each. A field that a spreadsheet would take for a
// formula begins with an apostrophe.
func (e *Export) CSV() []byte {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	head := []string{"name", "team", "vote_before", "vote_after"}
	if len(e.People) > 0 {
		for q := range e.People[0].Ranges {
			n := strconv.Itoa(q + 1)
			head = append(head, "low_"+n, "high_"+n)
		}
	}
	w.Write(head)
	for _, p := range e.People {
		line := []string{plainField(p.Name), plainField(p.Team), p.Votes[0], p.Votes[1]}
		for _, r := range p.Ranges {
			if r == nil {
				line = append(line, "", "")
				continue
			}
			line = append(line, strconv.FormatFloat(r.Low, 'g', -1, 64), strconv.FormatFloat(r.High, 'g', -1, 64))
		}
		w.Write(line)
	}
	w.Flush() // a bytes.Buffer takes everything
	return b.Bytes()
}

// plainField keeps a name from being a formula (OWASP, CSV injection).
func plainField(s string) string {
	if strings.HasPrefix(s, "=") || strings.HasPrefix(s, "+") || strings.HasPrefix(s, "-") || strings.HasPrefix(s, "@") {
		return "'" + s
	}
	return s
}

// ReadExport reads the file of a session that no server has open, for a deck that is the same.
func ReadExport(file string, d *deck.Deck) (Export, error) {
	st, kept, err := openStore(file, secrets{Form: storeVersion})
	if err != nil {
		return Export{}, err
	}
	defer st.close()
	if kept.Title != d.Title {
		return Export{}, refusef("%s: it is a session of another deck (%s)", file, kept.Title)
	}
	events, _, err := st.all()
	if err != nil {
		return Export{}, err
	}
	s := newSession(d)
	for i := range events {
		s.apply(&events[i])
	}
	return s.export(), nil
}

func (v *Server) exported() Export {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.s.export()
}

func (v *Server) exportJSON(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Disposition", `attachment; filename="workshop.json"`)
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.Encode(v.exported())
}

func (v *Server) exportCSV(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="workshop.csv"`)
	x := v.exported()
	w.Write(x.CSV())
}
