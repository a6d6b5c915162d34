package workshop

import (
	"encoding/json"
	"errors"
	"math"
	"net/http"
	"strconv"
	"strings"
)

// reply is what a form is answered: JSON to the script, a page or the next address to a
// browser without one.
type reply struct {
	status int // 0 for done
	text   string
	to     string // where a browser goes on
}

// refused is the reply to an error: a refusal is told as it is.
func refused(err error, to string) reply {
	var r refusal
	switch {
	case errors.As(err, &r):
		return reply{http.StatusConflict, r.text, to}
	case errors.Is(err, errBroken):
		return reply{http.StatusInsufficientStorage, err.Error(), to}
	}
	return reply{http.StatusInternalServerError, "this could not be computed: " + err.Error(), to}
}

func (v *Server) answer(w http.ResponseWriter, r *http.Request, a reply) {
	if strings.Contains(r.Header.Get("Accept"), "application/json") {
		w.Header().Set("Content-Type", "application/json")
		if a.status != 0 {
			w.WriteHeader(a.status)
		}
		json.NewEncoder(w).Encode(map[string]string{"text": a.text, "to": a.to})
		return
	}
	if a.status == 0 {
		http.Redirect(w, r, a.to, http.StatusSeeOther)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(a.status)
	v.show(w, "refused", refusedPage(a))
}

// refusedPage is a refusal as the template wants it.
func refusedPage(a reply) map[string]any { return map[string]any{"Text": a.text, "To": a.to} }

// form is a whole number of a form; -1 where there is none.
func form(r *http.Request, name string) int {
	n, err := strconv.Atoi(r.PostFormValue(name))
	if err != nil {
		return -1
	}
	return n
}

// amount reads a number as people type it: 1200, 1,200, 1 200, 1.2k, 3M.
func amount(s string) (float64, bool) {
	s = strings.ToLower(strings.NewReplacer(",", "", " ", "", "\u00a0", "", "\u202f", "", "_", "").Replace(s))
	factor := 1.0
	for suffix, f := range map[string]float64{"k": 1e3, "m": 1e6} {
		if rest, ok := strings.CutSuffix(s, suffix); ok {
			s, factor = rest, f
		}
	}
	if len(s) > 24 {
		return 0, false
	}
	x, err := strconv.ParseFloat(s, 64)
	x *= factor
	return x, err == nil && !math.IsNaN(x) && !math.IsInf(x, 0)
}
