//go:build unix

package cmd

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// session is a workshop in a process of its own.
type session struct {
	t          *testing.T
	base, code string
	lead       string
	kill       func()
}

// startWorkshop starts one on a free port and reads what it prints.
func startWorkshop(t *testing.T, file string) *session {
	t.Helper()
	c := rollrisk("workshop", "web", "--listen", "127.0.0.1:0", "--session", file, "--quiet")
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	var once sync.Once
	s := &session{t: t, kill: func() { once.Do(func() { c.Process.Signal(syscall.SIGKILL); c.Wait() }) }}
	t.Cleanup(s.kill)
	lines := bufio.NewScanner(out)
	for lines.Scan() && !strings.HasPrefix(lines.Text(), "Ctrl-C") {
		f := strings.Fields(lines.Text())
		switch f[0] {
		case "facilitator":
			s.base, s.lead, _ = strings.Cut(f[1], "/lead#")
		case "participants":
			s.code = f[3]
		}
	}
	if s.base == "" || s.code == "" {
		t.Fatal("the workshop has printed no address")
	}
	return s
}

// post sends a form; err says that no answer came.
func (s *session) post(c *http.Client, path string, form url.Values) (int, error) {
	r, _ := http.NewRequest("POST", s.base+path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Accept", "application/json")
	r.Header.Set("Origin", s.base)
	answer, err := c.Do(r)
	if err != nil {
		return 0, err
	}
	defer answer.Body.Close()
	io.Copy(io.Discard, answer.Body)
	return answer.StatusCode, nil
}

func client() *http.Client {
	jar, _ := cookiejar.New(nil)
	return &http.Client{Jar: jar, Timeout: 10 * time.Second}
}

// A workshop that is killed while twenty phones vote has lost nothing that it acknowledged:
// started again, everybody who joined is there, with the last vote that was answered, or one
// that was sent after it.
func TestWorkshopKilled(t *testing.T) {
	if testing.Short() {
		t.Skip("starts processes")
	}
	file := filepath.Join(t.TempDir(), "s")
	s := startWorkshop(t, file)
	lead := client()
	for path, form := range map[string]url.Values{"/lead/login": {"secret": {s.lead}}} {
		if status, err := s.post(lead, path, form); err != nil || status != 200 {
			t.Fatal(status, err)
		}
	}
	if status, err := s.post(lead, "/lead/move", url.Values{"do": {"next"}, "step": {"0"}, "shown": {"0"}}); err != nil || status != 200 {
		t.Fatal(status, err)
	}
	type phone struct {
		joined          bool
		answered, tried int // number of the vote
	}
	all := make([]phone, 20)
	var room sync.WaitGroup
	for i := range all {
		room.Go(func() {
			c, p := client(), &all[i]
			status, err := s.post(c, "/join", url.Values{"code": {s.code}, "name": {fmt.Sprint("p", i)}, "team": {"t"}})
			p.joined = err == nil && status == 200
			for p.joined {
				p.tried++
				status, err := s.post(c, "/vote", url.Values{"round": {"0"}, "choice": {fmt.Sprint(p.tried % 3)}})
				if err != nil || status != 200 {
					return
				}
				p.answered = p.tried
			}
		})
	}
	time.Sleep(700 * time.Millisecond)
	s.kill()
	room.Wait()

	again := startWorkshop(t, file)
	if again.code != s.code || again.lead != s.lead {
		t.Error("the secrets are others")
	}
	again.kill()
	data, err := rollrisk("workshop", "export", "web", "--session", file).Output()
	if err != nil {
		t.Fatal(err)
	}
	var e struct {
		People []struct {
			Name  string
			Votes [2]string
		}
	}
	if err := json.Unmarshal(data, &e); err != nil {
		t.Fatal(err)
	}
	kept := map[string]string{}
	for _, p := range e.People {
		kept[p.Name] = p.Votes[0]
	}
	names, votes := []string{"staging", "rings", "both"}, 0
	for i, p := range all {
		vote, there := kept[fmt.Sprint("p", i)]
		if p.joined && !there {
			t.Errorf("p%d has joined and is lost", i)
		}
		if p.answered > 0 && vote != names[p.answered%3] && vote != names[p.tried%3] {
			t.Errorf("p%d: %q is kept, vote %d was answered and %d was sent", i, vote, p.answered, p.tried)
		}
		votes += p.answered
	}
	if votes < 20 {
		t.Errorf("only %d votes were answered before the end", votes)
	}
}
