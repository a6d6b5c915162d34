package workshop

import (
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// What people write is shown as text, wherever it is shown.
func TestScriptsAreText(t *testing.T) {
	x := fresh(t)
	evil := `<script>alert(1)</script>`
	lead, ann := x.leader(), x.seat(evil[:25], `"><img src=x>`)
	_ = x.seat("=HYPERLINK(1)", "@cmd")
	lead.to("build")
	var pages []string
	for range len(x.v.s.steps) {
		for range 6 {
			_, a := lead.get("/lead")
			_, b := ann.get("/seat")
			_, c := lead.get("/lead/state")
			pages = append(pages, a, b, c)
			lead.must("/lead/move", "do", "reveal", "step", fmt.Sprint(x.v.s.step), "shown", fmt.Sprint(x.v.s.shown))
		}
		lead.must("/lead/move", "do", "next", "step", fmt.Sprint(x.v.s.step), "shown", fmt.Sprint(x.v.s.shown))
	}
	_, front := x.browser().get("/?code=" + x.v.Code())
	seen := 0
	for _, p := range append(pages, front) {
		if strings.Contains(p, "<script>alert") || strings.Contains(p, "<img") {
			t.Fatalf("a name is markup: %s", p)
		}
		seen += strings.Count(p, "&lt;script&gt;alert")
	}
	if seen == 0 {
		t.Error("the name is shown nowhere")
	}
	if _, table := lead.get("/lead/export.csv"); strings.Contains(table, "\n=HYPER") || !strings.Contains(table, "'=HYPERLINK(1),'@cmd") {
		t.Errorf("a name is a formula: %s", table)
	}
}

// Names are bounded and hold nothing that a page could be confused with.
func TestNames(t *testing.T) {
	for in, want := range map[string]string{
		"  Ann \n Lee ": "Ann Lee", strings.Repeat("x", maxName): strings.Repeat("x", maxName), strings.Repeat("x", maxName+1): "",
		"A\u202eB": "AB", "\x00": "", "a\x7f": "a", "\xff": "", "Zoë 김": "Zoë 김", "": "",
	} {
		if got := cleaned(in); got != want {
			t.Errorf("%q becomes %q, want %q", in, got, want)
		}
	}
	x := fresh(t)
	if status, _ := x.browser().post("/join", "code", x.v.Code(), "name", strings.Repeat("x", 60), "team", "a"); status != http.StatusConflict {
		t.Errorf("a long name: %d", status)
	}
}

// A request that is not from a page of this server is refused before anything is looked at.
func TestForeignRequests(t *testing.T) {
	x := fresh(t)
	good := func() *http.Request {
		r, _ := http.NewRequest("POST", x.http.URL+"/join", strings.NewReader("code="+x.v.Code()+"&name=a&team=b"))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Origin", x.http.URL)
		return r
	}
	for name, c := range map[string]struct {
		change func(r *http.Request)
		want   int
	}{
		"good":           {func(*http.Request) {}, http.StatusSeeOther},
		"other host":     {func(r *http.Request) { r.Host = "evil.example" }, http.StatusMisdirectedRequest},
		"rebound":        {func(r *http.Request) { r.Host = "evil.example"; r.Header.Set("Origin", "http://evil.example") }, http.StatusMisdirectedRequest},
		"other port":     {func(r *http.Request) { r.Host = "127.0.0.1:1" }, http.StatusMisdirectedRequest},
		"other origin":   {func(r *http.Request) { r.Header.Set("Origin", "http://evil.example") }, http.StatusForbidden},
		"no origin":      {func(r *http.Request) { r.Header.Del("Origin") }, http.StatusForbidden},
		"null origin":    {func(r *http.Request) { r.Header.Set("Origin", "null") }, http.StatusForbidden},
		"origin by TLS":  {func(r *http.Request) { r.Header.Set("Origin", strings.Replace(x.http.URL, "http", "https", 1)) }, http.StatusForbidden},
		"other method":   {func(r *http.Request) { r.Method = "DELETE" }, http.StatusMethodNotAllowed},
		"origin as path": {func(r *http.Request) { r.Header.Set("Origin", x.http.URL+"/x") }, http.StatusForbidden},
	} {
		r := good()
		c.change(r)
		if status, body := x.browser().do(r); status != c.want {
			t.Errorf("%s: %d %s, want %d", name, status, body, c.want)
		}
	}
	if n := x.v.People(); n != 1 {
		t.Errorf("%d people have joined", n)
	}
}

// A body without end is cut off.
func TestOversizedBody(t *testing.T) {
	x := fresh(t)
	if status, _ := x.browser().post("/join", "code", x.v.Code(), "name", strings.Repeat("x", 1<<20), "team", "a"); status == http.StatusOK {
		t.Error("a megabyte is taken")
	}
	if x.v.People() != 0 {
		t.Error("somebody has joined with it")
	}
}

// Every page forbids what it does not need, and no page names another server.
func TestPolicy(t *testing.T) {
	x := fresh(t)
	ann, lead := x.seat("a", "b"), x.leader()
	for _, b := range []*browser{ann, lead} {
		for _, path := range []string{"/", "/seat", "/lead", "/lead/cards.html", "/assets/room.js", "/assets/style.css"} {
			r, _ := http.NewRequest("GET", x.http.URL+path, nil)
			answer, err := b.client.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			answer.Body.Close()
			p := answer.Header.Get("Content-Security-Policy")
			if !strings.HasPrefix(p, "default-src 'none'") || !strings.Contains(p, "frame-ancestors 'none'") || strings.Contains(p, "unsafe-eval") || strings.Contains(p, "http") {
				t.Errorf("%s: policy %q", path, p)
			}
			if answer.Header.Get("X-Content-Type-Options") != "nosniff" || answer.Header.Get("Cache-Control") != "no-store" {
				t.Errorf("%s: headers %v", path, answer.Header)
			}
			_, body := b.get(path)
			body = strings.ReplaceAll(body, "http://www.w3.org/2000/svg", "")
			if strings.Contains(body, "http://") || strings.Contains(body, "https://") || strings.Contains(body, "//cdn") {
				t.Errorf("%s names another server", path)
			}
		}
	}
}

// The facilitator's pages need the facilitator's secret; a seat's cookie is nobody else's.
func TestForged(t *testing.T) {
	x := fresh(t)
	ann := x.seat("Ann", "Red")
	x.seat("Bob", "Blue")
	for _, path := range []string{"/lead/state", "/lead/export.json", "/lead/export.csv", "/lead/cards.html"} {
		for _, b := range []*browser{ann, x.browser()} {
			if status, _ := b.get(path); status != http.StatusUnauthorized {
				t.Errorf("%s: %d", path, status)
			}
		}
	}
	if status, _ := ann.post("/lead/move", "do", "next", "step", "0", "shown", "0"); status != http.StatusUnauthorized || x.v.s.step != 0 {
		t.Errorf("a seat moves the session: %d", status)
	}
	if status, _ := x.browser().post("/lead/login", "secret", x.v.Code()); status != http.StatusForbidden {
		t.Errorf("the code opens the facilitator's page: %d", status)
	}
	token := ""
	u, _ := http.NewRequest("GET", x.http.URL, nil)
	for _, c := range ann.client.Jar.Cookies(u.URL) {
		_, token, _ = strings.Cut(c.Value, ".")
	}
	for _, forged := range []string{"1." + token, "0.", "0." + strings.ToLower(token), "-1." + token, "99." + token, "x", "", "0." + digest(token), "0." + x.v.s.people[0].token} {
		b := x.browser()
		r, _ := http.NewRequest("GET", x.http.URL+"/seat/state", nil)
		r.AddCookie(&http.Cookie{Name: seatCookie, Value: forged})
		if status, _ := b.do(r); status != http.StatusUnauthorized {
			t.Errorf("cookie %q: %d", forged, status)
		}
	}
	for _, forged := range []string{"", "1", digest(x.v.secret.Lead), digest("lead", x.v.Code())} {
		r, _ := http.NewRequest("GET", x.http.URL+"/lead/state", nil)
		r.AddCookie(&http.Cookie{Name: leadCookie, Value: forged})
		if status, _ := x.browser().do(r); status != http.StatusUnauthorized {
			t.Errorf("the facilitator's cookie %q: %d", forged, status)
		}
	}
}

// A code of another session opens nothing, and a join that is sent again by the same phone
// seats nobody twice.
func TestReplayed(t *testing.T) {
	x, other := fresh(t), fresh(t)
	if status, _ := x.browser().post("/join", "code", other.v.Code(), "name", "a", "team", "b"); status != http.StatusForbidden {
		t.Errorf("a code of yesterday: %d", status)
	}
	ann := x.seat("Ann", "Red")
	ann.must("/join", "code", x.v.Code(), "name", "Ann", "team", "Red")
	if x.v.People() != 1 {
		t.Errorf("%d people", x.v.People())
	}
}

// Ten thousand codes by one address: a handful are looked at, the others are refused unread;
// and nobody else is kept out.
func TestManyCodes(t *testing.T) {
	x := fresh(t)
	b := x.browser()
	read, refused := 0, 0
	for i := range 10_000 {
		status, _ := b.post("/join", "code", fmt.Sprintf("%08d", i), "name", "a", "team", "b")
		switch status {
		case http.StatusForbidden:
			read++
		case http.StatusTooManyRequests:
			refused++
		default:
			t.Fatalf("attempt %d: %d", i, status)
		}
	}
	if read > 30 || refused < 9_900 {
		t.Errorf("%d codes were looked at, %d refused", read, refused)
	}
	if status, _ := b.post("/join", "code", x.v.Code(), "name", "a", "team", "b"); status != http.StatusTooManyRequests {
		t.Errorf("the right code is let in while the address is shut: %d", status)
	}
	if x.v.door.shut("10.0.0.9", time.Now()) {
		t.Error("another address is kept out")
	}
}

// Many addresses together get no more than all may, and what is remembered of them is bounded;
// what is forgiven is forgiven in time.
func TestDoor(t *testing.T) {
	var d door
	now := time.Unix(1e9, 0)
	read := 0
	for i := range 20_000 {
		a := fmt.Sprint("10.0.", i%500)
		if !d.shut(a, now) {
			read++
			d.failed(a, now)
		}
	}
	if read > 500+failuresAll {
		t.Errorf("%d codes were looked at", read)
	}
	for i := range 3 * maxAddresses {
		d.failed(fmt.Sprint("11.", i), now)
	}
	if len(d.each) > maxAddresses {
		t.Errorf("%d addresses are remembered", len(d.each))
	}
	d = door{}
	for range failuresEach {
		d.failed("a", now)
	}
	if !d.shut("a", now) || d.shut("b", now) {
		t.Error("the wrong door is shut")
	}
	if d.shut("a", now.Add(2*forgiveEach)) {
		t.Error("nothing is forgiven")
	}
}

// A room is bounded: people, teams, and what nobody sends is no session either.
func TestFull(t *testing.T) {
	s := newSession(lesson(t, "web").Deck)
	join := func(team string) error {
		e := &event{Kind: "joined", Person: len(s.people), Name: "n", Team: team, Token: "t"}
		err := s.check(e)
		if err == nil {
			s.apply(e)
		}
		return err
	}
	for i := range maxTeams {
		if err := join(fmt.Sprint("t", i)); err != nil {
			t.Fatal(err)
		}
	}
	if err := join("one more"); err == nil {
		t.Error("one team too many")
	}
	for len(s.people) < maxPeople {
		if err := join("T1"); err != nil {
			t.Fatal(err)
		}
	}
	if err := join("t1"); err == nil {
		t.Error("one person too many")
	}
	s.events = maxEvents
	s.step = 1
	if err := s.check(&event{Kind: "voted", Person: 1}); err == nil {
		t.Error("an event too many")
	}
}

// The names under which a listener may be asked for.
func TestHosts(t *testing.T) {
	lan := []net.Addr{&net.IPNet{IP: net.IPv4(192, 168, 1, 9)}, &net.IPNet{IP: net.IPv4(127, 0, 0, 1)}}
	at := func(ip net.IP) string { return fmt.Sprint(Hosts(&net.TCPAddr{IP: ip, Port: 80}, lan)) }
	if got := at(net.IPv4(192, 168, 1, 9)); got != "[192.168.1.9:80]" {
		t.Error(got)
	}
	if got := at(net.IPv4(127, 0, 0, 1)); strings.Contains(got, "192") || !strings.Contains(got, "localhost:80") {
		t.Error(got)
	}
	if got := at(net.IPv4zero); !strings.Contains(got, "192.168.1.9:80") {
		t.Error(got)
	}
}
