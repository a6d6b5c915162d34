package workshop

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"net/http"

	"github.com/rollrisk/rollrisk/models/study"
	"github.com/rollrisk/rollrisk/reports/number"
)

// card is one defect of the hidden deck in words.
type card struct {
	Number int
	Front  string
	Side   string   // which kind of pipeline finds it
	Fates  []string // one an alternative
}

// cards are the hidden deck's, in the order of the deal.
func (l *Lesson) cards() []card {
	var all []card
	for i := range l.Cards {
		c := &l.Cards[i]
		x := card{Number: i + 1, Front: face(&c.Story.Defects[0]), Side: "only production shows it"}
		if c.Before {
			x.Side = "a test stage catches it"
		}
		for k := range c.Story.Tales {
			x.Fates = append(x.Fates, fate(&c.Story.Tales[k]))
		}
		all = append(all, x)
	}
	return all
}

// face is what is known of a defect before anything happens.
func face(d *study.StoryDefect) string {
	text := fmt.Sprintf("%s. %s of the users can meet it, and %s of their requests fail.", d.Class,
		number.Text(d.Reach, 0, number.Share), number.Text(d.Strength, 0, number.Share))
	switch {
	case d.Visible && d.Reported:
		text += " Telemetry shows it, and users complain."
	case d.Visible:
		text += " Telemetry shows it; nobody complains."
	case d.Reported:
		text += " Telemetry does not show it; users complain."
	default:
		text += " Telemetry does not show it, and nobody complains."
	}
	if d.Irreversible {
		text += " No rollback heals it."
	}
	return text
}

// fate is what became of the defect in one pipeline: the last thing that stopped it.
func fate(t *study.Tale) string {
	name := cmp.Or(t.Title, t.Name)
	caught, alarm := "", ""
	for _, e := range t.Events {
		switch {
		case e.What == "caught" && caught == "":
			caught = e.Stage
		case e.What == "alarm" && e.Cause == "own" && alarm == "":
			alarm = e.Detector
		}
	}
	hurt := number.Text(float64(t.UsersAffected), 0, number.Count)
	switch {
	case alarm != "":
		return fmt.Sprintf("%s: %s noticed it among users; %s were hurt.", name, alarm, hurt)
	case caught != "":
		return fmt.Sprintf("%s: %s caught it; %s were hurt.", name, caught, hurt)
	}
	return fmt.Sprintf("%s: nobody noticed it; %s were hurt.", name, hurt)
}

// die is how a defect ends in one pipeline by the throw of two ten-sided dice, 1 to 100.
type die struct {
	Title string
	Faces []face100
}

// face100 is a range of throws.
type face100 struct {
	From, To int
	Where    string
}

// dice are the shares of the study in which a defect was stopped at each place, rounded to
// hundredths so that they fill 1 to 100. A place with less than half a hundredth has no throw.
func (l *Lesson) dice() []die {
	var all []die
	for i := range l.Study.Alternatives {
		a := &l.Study.Alternatives[i]
		d := die{Title: cmp.Or(a.Title, a.Name)}
		sum, total := 0.0, 0.0
		for _, s := range a.Stops {
			total += s.PerThousand
		}
		for _, s := range a.Stops {
			from := int(100*sum/total+0.5) + 1
			sum += s.PerThousand
			if to := int(100*sum/total + 0.5); to >= from {
				d.Faces = append(d.Faces, face100{from, to, stopped(s)})
			}
		}
		all = append(all, d)
	}
	return all
}

// stopped says where a defect ended.
func stopped(s study.Stop) string {
	switch s.Kind {
	case "environment":
		return "caught in " + s.Where + ": no user is hurt by it"
	case "ring":
		return "noticed among users, at " + s.Where
	case "never":
		return "noticed by nobody"
	case "harmless":
		return "it never shows"
	}
	return "still on its way: the pipeline cannot keep up"
}

// paper is the printed side of a session.
type paper struct {
	Lesson *Lesson
	Cards  []card
	Dice   []die
}

// WriteCards writes the paper fallback as one HTML file that prints well: the defect cards, a
// handout for a team, the variant with dice, and last, on a sheet of its own, the answer key.
// It needs no network, and the same deck gives the same bytes.
func (l *Lesson) WriteCards(w io.Writer) error {
	var b bytes.Buffer
	if err := localised(l.Study.Currency).ExecuteTemplate(&b, "paper", paper{Lesson: l, Cards: l.cards(), Dice: l.dice()}); err != nil {
		return err
	}
	_, err := w.Write(b.Bytes())
	return err
}

// cards is the same on the facilitator's machine. Its style is inside the page.
func (v *Server) cards(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	if err := v.lesson.WriteCards(w); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
	}
}
