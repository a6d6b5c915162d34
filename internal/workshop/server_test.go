package workshop

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
)

// site is a session that runs.
type site struct {
	t    testing.TB
	v    *Server
	http *httptest.Server
	file string
}

// begin opens a session on a file and serves it.
func begin(t testing.TB, file string) *site {
	t.Helper()
	l := lesson(t, "web")
	s := httptest.NewUnstartedServer(nil)
	v, err := Open(l, Setup{File: file, Hosts: Hosts(s.Listener.Addr(), nil), Home: "http://" + s.Listener.Addr().String()})
	if err != nil {
		t.Fatal(err)
	}
	s.Config.Handler = v.Handler()
	s.Start()
	x := &site{t, v, s, file}
	t.Cleanup(x.end)
	return x
}

func (x *site) end() {
	x.http.Close()
	x.v.Close()
}

// fresh is a session in a folder of its own.
func fresh(t testing.TB) *site { return begin(t, filepath.Join(t.TempDir(), "s")) }

// browser is somebody with cookies.
type browser struct {
	x      *site
	client *http.Client
}

func (x *site) browser() *browser {
	jar, _ := cookiejar.New(nil)
	return &browser{x, &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// post sends a form as the page does; values are names and values in turn.
func (b *browser) post(path string, values ...string) (int, string) {
	b.x.t.Helper()
	form := url.Values{}
	for i := 0; i < len(values); i += 2 {
		form.Set(values[i], values[i+1])
	}
	r, _ := http.NewRequest("POST", b.x.http.URL+path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Origin", b.x.http.URL)
	r.Header.Set("Accept", "application/json")
	return b.do(r)
}

func (b *browser) get(path string) (int, string) {
	b.x.t.Helper()
	r, _ := http.NewRequest("GET", b.x.http.URL+path, nil)
	return b.do(r)
}

func (b *browser) do(r *http.Request) (int, string) {
	b.x.t.Helper()
	answer, err := b.client.Do(r)
	if err != nil {
		b.x.t.Error(err)
		return 0, ""
	}
	defer answer.Body.Close()
	body, _ := io.ReadAll(answer.Body)
	return answer.StatusCode, string(body)
}

// must wants a 200.
func (b *browser) must(path string, values ...string) string {
	b.x.t.Helper()
	status, body := b.post(path, values...)
	if status != http.StatusOK {
		b.x.t.Errorf("%s %v: %d %s", path, values, status, body)
	}
	return body
}

// seat joins somebody.
func (x *site) seat(name, team string) *browser {
	x.t.Helper()
	b := x.browser()
	b.must("/join", "code", x.v.Code(), "name", name, "team", team)
	return b
}

// leader is the facilitator.
func (x *site) leader() *browser {
	x.t.Helper()
	b := x.browser()
	b.must("/lead/login", "secret", x.v.secret.Lead)
	return b
}

// move presses a key.
func (b *browser) move(do string) {
	b.x.t.Helper()
	step, shown := b.x.v.s.step, b.x.v.s.shown
	b.must("/lead/move", "do", do, "step", fmt.Sprint(step), "shown", fmt.Sprint(shown))
}

// to goes on until a step begins.
func (b *browser) to(kind string) {
	b.x.t.Helper()
	for range 40 {
		b.move("next")
		if b.x.v.s.steps[b.x.v.s.step].Kind == kind {
			return
		}
	}
	b.x.t.Fatalf("there is no step %s", kind)
}

// The whole session: joining, both votes, all predictions, a budget, the leaderboard, the map
// and the scores; each page says what it should.
func TestSession(t *testing.T) {
	x := fresh(t)
	lead := x.leader()
	ann, bob := x.seat("Ann", "Red"), x.seat("Bob", "blue")
	cem := x.seat("Cem", "RED")
	if len(x.v.s.teams) != 2 {
		t.Fatalf("%d teams", len(x.v.s.teams))
	}
	lead.to("vote")
	ann.must("/vote", "round", "0", "choice", "0")
	bob.must("/vote", "round", "0", "choice", "2")
	ann.must("/vote", "round", "0", "choice", "1") // the last counts
	lead.move("reveal")
	if status, _ := cem.post("/vote", "round", "0", "choice", "0"); status != http.StatusConflict {
		t.Errorf("a vote after the reveal: %d", status)
	}
	lead.to("predict")
	ann.must("/guess", "question", "0", "low", "0", "high", "1M")
	bob.must("/guess", "question", "0", "low", "1,000", "high", "2 000")
	for _, bad := range [][2]string{{"5", "4"}, {"-1", "4"}, {"x", "4"}, {"1", "1e12"}, {"NaN", "NaN"}, {"0", "Inf"}} {
		if status, body := bob.post("/guess", "question", "0", "low", bad[0], "high", bad[1]); status != http.StatusConflict {
			t.Errorf("%v: %d %s", bad, status, body)
		}
	}
	lead.move("reveal")
	lead.move("reveal")
	if _, page := ann.get("/seat"); !strings.Contains(page, "You said 0 to 1000000.") || !strings.Contains(page, "outcomes lie in your range") {
		t.Errorf("Ann's page: %s", page)
	}
	if _, page := lead.get("/lead"); strings.Count(page, `class="range"`) != 2 || strings.Count(page, `class="dot"`) != 50 {
		t.Errorf("the distribution has %d ranges and %d dots", strings.Count(page, `class="range"`), strings.Count(page, `class="dot"`))
	}
	lead.to("build")
	ann.must("/design", "knob0", "0", "knob1", "1", "knob2", "1", "knob3", "1", "knob4", "1")
	if status, body := bob.post("/design", "knob0", "2", "knob1", "2", "knob2", "2", "knob3", "2", "knob4", "2"); status != http.StatusConflict || !strings.Contains(body, "budget of 100") {
		t.Errorf("a choice beyond the budget: %d %s", status, body)
	}
	lead.to("board")
	lead.move("reveal")
	if _, page := lead.get("/lead"); !strings.Contains(page, `<td>1</td><th scope="row">Red</th><td>65</td>`) || !strings.Contains(page, `<th scope="row">blue</th><td>0</td>`) {
		t.Errorf("leaderboard: %s", page)
	}
	lead.to("map")
	lead.move("reveal")
	if _, page := lead.get("/lead"); strings.Count(page, `class="team"`) != 2 || strings.Count(page, "<rect") != 25+3 {
		t.Error("the map lacks teams or points")
	}
	lead.to("vote")
	ann.must("/vote", "round", "1", "choice", "2")
	lead.to("scores")
	lead.move("reveal")
	if _, page := lead.get("/lead"); strings.Index(page, ">Ann<") > strings.Index(page, ">Bob<") || !strings.Contains(page, ">Ann<") {
		t.Error("Ann's wide range does not beat Bob's narrow one")
	}
	var e Export
	_, body := lead.get("/lead/export.json")
	if err := json.Unmarshal([]byte(body), &e); err != nil || len(e.People) != 3 || e.People[0].Votes != [2]string{"rings", "both"} || e.Teams[0].Points != 65 {
		t.Errorf("export: %v %s", err, body)
	}
	if strings.Contains(body, x.v.Code()) || strings.Contains(body, x.v.secret.Lead) {
		t.Error("the export holds a secret")
	}
	_, table := lead.get("/lead/export.csv")
	if !strings.HasPrefix(table, "name,team,vote_before,vote_after,low_1,high_1,") || !strings.Contains(table, "Bob,blue,both,,1000,2000,") {
		t.Errorf("CSV: %s", table)
	}
}

// A session that is opened again is where it was: people keep their seats, and everything that
// was acknowledged is there.
func TestReopened(t *testing.T) {
	x := fresh(t)
	lead, ann := x.leader(), x.seat("Ann", "Red")
	lead.to("vote")
	ann.must("/vote", "round", "0", "choice", "1")
	lead.to("board")
	lead.move("reveal")
	before := x.v.exported()
	x.end()
	y := begin(t, x.file)
	if err := y.v.Resume(t.Context()); err != nil {
		t.Fatal(err)
	}
	if a, b := fmt.Sprint(before), fmt.Sprint(y.v.exported()); a != b {
		t.Errorf("before %s, after %s", a, b)
	}
	if y.v.Code() != x.v.Code() || y.v.secret != x.v.secret {
		t.Error("the secrets are others")
	}
	if y.v.s.step != x.v.s.step || y.v.s.shown != 1 || len(y.v.results) != 1 {
		t.Errorf("step %d, %d shown, %d results", y.v.s.step, y.v.s.shown, len(y.v.results))
	}
	if _, err := Open(lesson(t, "web"), Setup{File: x.file}); err == nil || !strings.Contains(err.Error(), "another workshop has it open") {
		t.Errorf("opened twice: %v", err)
	}
	y.end()
	if _, err := Open(lesson(t, "mobile"), Setup{File: x.file}); err == nil || !strings.Contains(err.Error(), "another deck") {
		t.Errorf("of another deck: %v", err)
	}
}

// An event whose write was lost leaves a gap, and what was acknowledged after it stays in its
// place.
func TestGap(t *testing.T) {
	x := fresh(t)
	x.seat("Ann", "Red")
	x.v.mu.Lock()
	x.v.number++ // a joining that never reached the disk
	x.v.s.apply(&event{Kind: "joined", Person: 1, Name: "Lost", Team: "Grey", Token: "x"})
	x.v.mu.Unlock()
	x.seat("Cem", "Blue")
	x.end()
	y := begin(t, x.file)
	if e := y.v.exported(); len(e.People) != 2 || e.People[1].Name != "Cem" || y.v.number != 3 || y.v.s.people[2].Name != "Cem" {
		t.Errorf("%v, next %d", e.People, y.v.number)
	}
}

// Nothing is taken any more once a write has failed.
func TestBroken(t *testing.T) {
	x := fresh(t)
	ann := x.seat("Ann", "Red")
	x.leader().to("vote")
	x.v.store.close()
	for range 2 {
		if status, body := ann.post("/vote", "round", "0", "choice", "1"); status != http.StatusInsufficientStorage {
			t.Errorf("%d %s", status, body)
		}
	}
}

// A key that is pressed twice, or sent again, goes one step.
func TestMoveOnce(t *testing.T) {
	x := fresh(t)
	lead := x.leader()
	for range 3 {
		lead.must("/lead/move", "do", "next", "step", "0", "shown", "0")
	}
	if x.v.s.step != 1 {
		t.Errorf("step %d", x.v.s.step)
	}
	lead.move("back")
	lead.move("back")
	if x.v.s.step != 0 {
		t.Errorf("step %d", x.v.s.step)
	}
}

// A step that has been left, or revealed, stays closed when the facilitator goes back to it.
func TestClosedStaysClosed(t *testing.T) {
	x := fresh(t)
	lead, ann := x.leader(), x.seat("Ann", "Red")
	lead.to("vote")
	lead.move("next")
	lead.move("back")
	if x.v.s.steps[x.v.s.step].Kind != "vote" {
		t.Fatal("not back at the vote")
	}
	if status, _ := ann.post("/vote", "round", "0", "choice", "1"); status != http.StatusConflict {
		t.Errorf("a vote that was left is open: %d", status)
	}
}

// The page of a seat does not change while others answer, so that nobody's typing is lost; the
// big screen counts them.
func TestPolling(t *testing.T) {
	x := fresh(t)
	lead, ann, bob := x.leader(), x.seat("Ann", "Red"), x.seat("Bob", "Blue")
	lead.to("predict")
	key := func(b *browser, path string) string {
		var s struct{ Key, HTML string }
		_, body := b.get(path)
		if err := json.Unmarshal([]byte(body), &s); err != nil {
			t.Fatal(err, body)
		}
		if _, again := b.get(path + "?key=" + s.Key); strings.Contains(again, "html") {
			t.Error("what is known is sent again")
		}
		return s.Key
	}
	a, l := key(ann, "/seat/state"), key(lead, "/lead/state")
	bob.must("/guess", "question", "0", "low", "1", "high", "2")
	if key(ann, "/seat/state") != a {
		t.Error("Ann's page is drawn anew when Bob answers")
	}
	if key(lead, "/lead/state") == l {
		t.Error("the big screen does not count")
	}
	lead.move("reveal")
	if key(ann, "/seat/state") == a {
		t.Error("Ann's page does not follow")
	}
}
