package playground

import (
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"regexp"
	"strings"
	"testing"
)

func written(t *testing.T, p Page) string {
	t.Helper()
	var b strings.Builder
	if err := p.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestPage: the same bytes each time; nothing is loaded from anywhere; the scripts are those
// of the policy; a scenario that tries to end its script stays data.
func TestPage(t *testing.T) {
	p := Page{Title: `<b>"bold"</b>`, File: "x.yaml", Scenario: "title: </script><script>alert(1)</script>\n", Seed: "1", Changes: 100, Version: "v",
		Engine: Engine{Wasm: []byte("engine"), Runtime: "class Go {}"}}
	page := written(t, p)
	if page != written(t, p) {
		t.Error("other bytes each time")
	}
	if strings.Contains(page, "<script>alert") || strings.Contains(page, "<b>\"bold") {
		t.Error("a scenario writes into the page")
	}
	policy := regexp.MustCompile(`http-equiv="Content-Security-Policy" content="([^"]*)"`).FindStringSubmatch(page)
	if policy == nil || !strings.Contains(policy[1], "default-src &#39;none&#39;") || strings.Contains(policy[1], "http") || strings.Contains(policy[1], "unsafe-inline") {
		t.Fatalf("%v", policy)
	}
	for _, script := range regexp.MustCompile(`(?s)<script>(.*?)</script>`).FindAllStringSubmatch(page, -1) {
		sum := sha256.Sum256([]byte(script[1]))
		if hash := base64.StdEncoding.EncodeToString(sum[:]); !strings.Contains(strings.ReplaceAll(strings.ReplaceAll(policy[1], "&#43;", "+"), "&#61;", "="), hash) {
			t.Errorf("a script that the policy does not know: %.60s", script[1])
		}
	}
	if regexp.MustCompile(`(?:src|href)="(?:https?:)?//`).MatchString(page) {
		t.Error("the page loads something")
	}
	p.Engine.Runtime = "x = '</SCRIPT>'"
	if err := p.Write(&strings.Builder{}); err == nil {
		t.Error("a runtime that ends its script was taken")
	}
	p.Engine.Runtime = ""
	if err := p.Write(full{}); !errors.Is(err, errFull) {
		t.Error(err)
	}
}

var errFull = errors.New("the disk is full")

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errFull }
