package workshop

import (
	"fmt"
	"html/template"
	"math"
	"net/http"
	"strings"

	"github.com/rollrisk/rollrisk/reports/number"
	"github.com/rollrisk/rollrisk/sim/stat"
	"rsc.io/qr"
)

// parsed are the templates; they are part of the program, so a fault in them is a
// programmer's.
var parsed = template.Must(template.New("").Funcs(template.FuncMap{
	"add":   func(a, b int) int { return a + b },
	"users": func(x float64) string { return number.Text(x, 0, number.Count) },
	"hours": func(x float64) string { return number.Text(x, 0, number.Hours) },
	"plain": func(x float64) string { return fmt.Sprintf("%.2f", x) },
	"typed": func(x float64) string { return fmt.Sprintf("%.0f", x) },
	"half":  half,
	"money": func(x, err float64) string { return number.Text(x, err, number.Plain) }, // replaced by templates
	"mean":  func(e stat.Estimate) float64 { return float64(e.Mean) },
	"share": func(a, b int) int { return 100 * a / max(1, b) },
	"at": func(all []int, i int) int {
		if i < len(all) {
			return all[i]
		}
		return 0
	},
}).ParseFS(files, "templates/*.html"))

// localised are the parsed ones, with money in the currency of a scenario.
func localised(currency string) *template.Template {
	t := template.Must(parsed.Clone())
	return t.Funcs(template.FuncMap{"money": func(x, err float64) string {
		return number.Text(x, err, number.Money(currency))
	}})
}

// front is where people join.
func (v *Server) front(w http.ResponseWriter, r *http.Request) {
	if _, ok := v.seatOf(r); ok {
		http.Redirect(w, r, "/seat", http.StatusSeeOther)
		return
	}
	code := asCode(r.URL.Query().Get("code"))
	if len(code) > codeLength {
		code = ""
	}
	v.mu.Lock()
	var teams []string // only who knows the code learns who is there
	if same(code, v.secret.Code) {
		for i := range v.s.teams {
			teams = append(teams, v.s.teams[i].Name)
		}
	}
	v.mu.Unlock()
	v.show(w, "front", map[string]any{"Title": v.lesson.Deck.Title, "Code": code, "Max": maxName, "Teams": teams})
}

func (v *Server) locked(who int) view {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.view(who)
}

func (v *Server) seat(w http.ResponseWriter, _ *http.Request, who int) {
	v.show(w, "seat", v.locked(who))
}

func (v *Server) seatState(w http.ResponseWriter, r *http.Request, who int) {
	v.state(w, r, "seat-main", v.locked(who))
}

// lead is the big screen, or where the facilitator's secret is asked for.
func (v *Server) lead(w http.ResponseWriter, r *http.Request) {
	if !v.isLead(r) {
		v.show(w, "login", nil)
		return
	}
	v.show(w, "lead", v.locked(-1))
}

func (v *Server) leadState(w http.ResponseWriter, r *http.Request) {
	v.state(w, r, "lead-main", v.locked(-1))
}

// code is a QR code as a drawing, with the four light squares around it that readers want.
func code(text string) (template.HTML, error) {
	c, err := qr.Encode(text, qr.M)
	if err != nil {
		return "", err
	}
	n := c.Size + 8
	var b strings.Builder
	fmt.Fprintf(&b, `<svg class="qr" viewBox="0 0 %d %d" role="img" aria-label="QR code of the address to join" xmlns="http://www.w3.org/2000/svg"><rect width="%d" height="%d" class="light"/><path class="dark" d="`, n, n, n, n)
	for y := range c.Size {
		for x := range c.Size {
			if c.Black(x, y) {
				fmt.Fprintf(&b, "M%d %dh1v1h-1z", x+4, y+4)
			}
		}
	}
	b.WriteString(`"/></svg>`)
	return template.HTML(b.String()), nil // numbers alone
}

// TerminalCode is a QR code for a terminal, two rows of squares on a line. Light squares are
// drawn, so that it can be read on a dark screen.
func TerminalCode(text string) (string, error) {
	c, err := qr.Encode(text, qr.L)
	if err != nil {
		return "", err
	}
	light := func(x, y int) bool { return y < c.Size+2 && !c.Black(x, y) }
	var b strings.Builder
	for y := -2; y < c.Size+2; y += 2 {
		for x := -2; x < c.Size+2; x++ {
			switch {
			case light(x, y) && light(x, y+1):
				b.WriteRune('█')
			case light(x, y):
				b.WriteRune('▀')
			case light(x, y+1):
				b.WriteRune('▄')
			default:
				b.WriteRune(' ')
			}
		}
		b.WriteByte('\n')
	}
	return b.String(), nil
}

// half is half of an interval: how far the simulation may be off.
func half(e stat.Estimate) float64 {
	if h := float64(e.High-e.Low) / 2; !math.IsNaN(h) {
		return h
	}
	return 0
}
