package workshop

import (
	"context"
	"crypto/rand"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

//go:embed assets templates
var files embed.FS

// Server is a session in progress. Its methods may be called side by side.
type Server struct {
	lesson *Lesson
	store  *store
	secret secrets
	hosts  []string
	home   string // address under which phones find it
	door   door
	leads  door // wrong facilitator's secrets
	pages  *template.Template

	mu     sync.Mutex // of all below
	s      *session
	number int  // of the next event
	broken bool // a write has failed: nothing more is taken, so that nothing is lost unseen

	playing sync.Mutex // one team's simulation at a time
	results map[string]Result
}

// Setup says where a session is kept and found.
type Setup struct {
	File  string   // of the session; made when absent
	Hosts []string // names under which it may be asked for, with port; see Hosts
	Home  string   // address that is printed and drawn as a QR code, e.g. "http://192.168.1.5:8080"
}

// Open begins a session, or goes on with the one in the file. It fails where the file is none
// of this deck's or in use.
func Open(l *Lesson, setup Setup) (*Server, error) {
	d := l.Deck
	fresh := secrets{Form: storeVersion, Deck: digest(d.Text, l.Study.About.Text), Title: d.Title, Code: newCode(), Lead: rand.Text()}
	st, kept, err := openStore(setup.File, fresh)
	if err != nil {
		return nil, err
	}
	v := &Server{lesson: l, store: st, secret: kept, hosts: setup.Hosts, home: setup.Home, s: newSession(d), results: map[string]Result{}, pages: localised(l.Study.Currency)}
	events, next, err := st.all()
	if err != nil {
		st.close()
		return nil, fmt.Errorf("%s: %w", setup.File, err)
	}
	v.number, v.s.since = next, time.Now()
	for i := range events {
		v.s.apply(&events[i])
	}
	return v, nil
}

// Resume plays what the session had already shown when it was ended.
func (v *Server) Resume(ctx context.Context) error {
	v.mu.Lock()
	at := v.s.step
	v.mu.Unlock()
	return v.playAll(ctx, at)
}

// Close ends the session; its file can be opened again.
func (v *Server) Close() error { return v.store.close() }

// Code is with what people join; Lead is the facilitator's address, with its secret behind #,
// which browsers do not send; People is how many have joined.
func (v *Server) Code() string { return v.secret.Code }

// Lead is the facilitator's address.
func (v *Server) Lead() string { return v.home + "/lead#" + v.secret.Lead }

// Join is the participants' address.
func (v *Server) Join() string { return v.home + "/?code=" + v.secret.Code }

// People is how many have joined.
func (v *Server) People() int {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.s.seated()
}

// Handler is the whole site.
func (v *Server) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", v.front)
	mux.HandleFunc("POST /join", v.join)
	mux.HandleFunc("GET /seat", v.seated(v.seat))
	mux.HandleFunc("GET /seat/state", v.seated(v.seatState))
	mux.HandleFunc("POST /vote", v.seated(v.vote))
	mux.HandleFunc("POST /guess", v.seated(v.guess))
	mux.HandleFunc("POST /design", v.seated(v.design))
	mux.HandleFunc("GET /lead", v.lead)
	mux.HandleFunc("POST /lead/login", v.login)
	mux.HandleFunc("GET /lead/state", v.leading(v.leadState))
	mux.HandleFunc("POST /lead/move", v.leading(v.moved))
	mux.HandleFunc("GET /lead/export.json", v.leading(v.exportJSON))
	mux.HandleFunc("GET /lead/export.csv", v.leading(v.exportCSV))
	mux.HandleFunc("GET /lead/cards.html", v.leading(v.cards))
	mux.Handle("GET /assets/", http.FileServerFS(files))
	return guarded(v.hosts, mux)
}

// keep makes an event happen and writes it down; it returns when it is on the disk. fill may
// complete the event under the lock.
func (v *Server) keep(e *event, fill func(*event)) error {
	v.mu.Lock()
	if v.broken {
		v.mu.Unlock()
		return errBroken
	}
	if fill != nil {
		fill(e)
	}
	e.At = time.Now().UTC()
	if err := v.s.check(e); err != nil {
		v.mu.Unlock()
		return err
	}
	v.s.apply(e)
	number := v.number
	v.number++
	v.mu.Unlock()
	if err := v.store.add(number, e); err != nil {
		v.mu.Lock()
		v.broken = true
		v.mu.Unlock()
		return errBroken
	}
	return nil
}

var errBroken = errors.New("the session can no longer be kept (is the disk full?); restart it when there is room")

// The cookies: of a seat and of the facilitator. They end with the browser's session.
const (
	seatCookie = "rollrisk_seat"
	leadCookie = "rollrisk_lead"
)

func setCookie(w http.ResponseWriter, name, value string) {
	http.SetCookie(w, &http.Cookie{Name: name, Value: value, Path: "/", HttpOnly: true, SameSite: http.SameSiteStrictMode})
}

// seatOf is who asks; false for nobody.
func (v *Server) seatOf(r *http.Request) (int, bool) {
	c, err := r.Cookie(seatCookie)
	if err != nil {
		return 0, false
	}
	number, token, _ := strings.Cut(c.Value, ".")
	i, err := strconv.Atoi(number)
	v.mu.Lock()
	defer v.mu.Unlock()
	if err != nil || i < 0 || i >= len(v.s.people) || v.s.people[i].token == "" {
		return 0, false
	}
	return i, same(v.s.people[i].token, digest(token))
}

// seated is a handler for those who have joined.
func (v *Server) seated(next func(http.ResponseWriter, *http.Request, int)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		who, ok := v.seatOf(r)
		switch {
		case ok:
			next(w, r, who)
		case r.Method == http.MethodGet && !strings.HasSuffix(r.URL.Path, "/state"):
			http.Redirect(w, r, "/", http.StatusSeeOther)
		default:
			http.Error(w, "join first", http.StatusUnauthorized)
		}
	}
}

// ticket is the facilitator's cookie: it shows that the secret is known, and is not the secret.
func (v *Server) ticket() string { return digest("lead", v.secret.Lead) }

// isLead says that the facilitator asks.
func (v *Server) isLead(r *http.Request) bool {
	c, err := r.Cookie(leadCookie)
	return err == nil && same(c.Value, v.ticket())
}

// leading is a handler for the facilitator.
func (v *Server) leading(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if !v.isLead(r) {
			http.Error(w, "this is the facilitator's", http.StatusUnauthorized)
			return
		}
		next(w, r)
	}
}

// login lets the facilitator in.
func (v *Server) login(w http.ResponseWriter, r *http.Request) {
	from, now := addressOf(r), time.Now()
	if v.leads.shut(from, now) {
		v.answer(w, r, reply{status: http.StatusTooManyRequests, text: "too many wrong secrets; wait a minute", to: "/lead"})
		return
	}
	if !same(strings.TrimSpace(r.PostFormValue("secret")), v.secret.Lead) {
		v.leads.failed(from, now)
		v.answer(w, r, reply{status: http.StatusForbidden, text: "this is not the secret that the terminal shows", to: "/lead"})
		return
	}
	setCookie(w, leadCookie, v.ticket())
	v.answer(w, r, reply{text: "welcome", to: "/lead"})
}

// join seats somebody.
func (v *Server) join(w http.ResponseWriter, r *http.Request) {
	if _, ok := v.seatOf(r); ok { // a phone that has not heard the answer sends again
		v.answer(w, r, reply{text: "you have joined", to: "/seat"})
		return
	}
	from, now := addressOf(r), time.Now()
	if v.door.shut(from, now) {
		v.answer(w, r, reply{status: http.StatusTooManyRequests, text: "too many wrong codes; wait a minute", to: "/"})
		return
	}
	if !same(asCode(r.PostFormValue("code")), v.secret.Code) {
		v.door.failed(from, now)
		v.answer(w, r, reply{status: http.StatusForbidden, text: "this is not the code on the screen", to: "/"})
		return
	}
	token := rand.Text()
	e := &event{Kind: "joined", Name: cleaned(r.PostFormValue("name")), Team: cleaned(r.PostFormValue("team")), Token: digest(token)}
	if err := v.keep(e, func(e *event) { e.Person = len(v.s.people) }); err != nil {
		v.answer(w, r, refused(err, "/"))
		return
	}
	setCookie(w, seatCookie, strconv.Itoa(e.Person)+"."+token)
	v.answer(w, r, reply{text: "you have joined", to: "/seat"})
}

// vote keeps a vote; the last before the reveal counts.
func (v *Server) vote(w http.ResponseWriter, r *http.Request, who int) {
	e := &event{Kind: "voted", Person: who, Round: form(r, "round"), Choice: form(r, "choice")}
	v.kept(w, r, e)
}

// guess keeps a range; the last before the reveal counts.
func (v *Server) guess(w http.ResponseWriter, r *http.Request, who int) {
	low, okLow := amount(r.PostFormValue("low"))
	high, okHigh := amount(r.PostFormValue("high"))
	if !okLow || !okHigh {
		low, high = 1, 0 // no range: check says what to write
	}
	v.kept(w, r, &event{Kind: "guessed", Person: who, Question: form(r, "question"), Low: low, High: high})
}

// design keeps a team's choice; the last of the team counts.
func (v *Server) design(w http.ResponseWriter, r *http.Request, who int) {
	e := &event{Kind: "designed", Person: who}
	for i := range v.lesson.Deck.Budget.Knobs {
		e.Levels = append(e.Levels, form(r, "knob"+strconv.Itoa(i)))
	}
	v.kept(w, r, e)
}

func (v *Server) kept(w http.ResponseWriter, r *http.Request, e *event) {
	if err := v.keep(e, nil); err != nil {
		v.answer(w, r, refused(err, "/seat"))
		return
	}
	v.answer(w, r, reply{text: "Kept.", to: "/seat"})
}

// moved goes a step. A key that was sent twice, or meant another step, does nothing.
func (v *Server) moved(w http.ResponseWriter, r *http.Request) {
	v.mu.Lock()
	stale := form(r, "step") != v.s.step || form(r, "shown") != v.s.shown
	at, shown := v.s.move(r.PostFormValue("do"))
	same := at == v.s.step && shown == v.s.shown
	v.mu.Unlock()
	if stale || same {
		v.answer(w, r, reply{text: "the session is there already", to: "/lead"})
		return
	}
	if err := v.keep(&event{Kind: "moved", Step: at, Shown: shown}, nil); err != nil {
		v.answer(w, r, refused(err, "/lead"))
		return
	}
	if err := v.playAll(r.Context(), at); err != nil {
		v.answer(w, r, refused(err, "/lead"))
		return
	}
	v.answer(w, r, reply{text: "done", to: "/lead"})
}

// playAll lets every team's choice meet the hidden deck, once the budgets are closed.
func (v *Server) playAll(ctx context.Context, at int) error {
	if v.s.steps[at].Kind != "board" && !after(v.s.steps, at, "board") {
		return nil
	}
	v.mu.Lock()
	var all [][]int
	for i := range v.s.teams {
		all = append(all, v.choice(i))
	}
	v.mu.Unlock()
	v.playing.Lock()
	defer v.playing.Unlock()
	for _, levels := range all {
		name := fmt.Sprint(levels)
		v.mu.Lock()
		_, known := v.results[name]
		v.mu.Unlock()
		if known {
			continue
		}
		res, err := v.lesson.Play(context.WithoutCancel(ctx), levels)
		if err != nil {
			return err
		}
		v.mu.Lock()
		v.results[name] = res
		v.mu.Unlock()
	}
	return nil
}

// choice is what a team plays: what it has chosen, or what costs nothing. The lock is held.
func (v *Server) choice(team int) []int {
	if l := v.s.teams[team].Levels; l != nil {
		return l
	}
	return make([]int, len(v.lesson.Deck.Budget.Knobs))
}

// after says that a step stands behind the one of a kind.
func after(all []step, at int, kind string) bool {
	for i := range at {
		if all[i].Kind == kind {
			return true
		}
	}
	return false
}
