package reports_test

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/rollrisk/rollrisk/reports/number"
)

// What the guide to the page quotes at length stands on the page of `rollrisk run`,
// unless it says that its example is made up.
func TestGuideQuotesThePage(t *testing.T) {
	guide, err := os.ReadFile("../docs/guides/reading-a-report.md")
	if err != nil {
		t.Fatal(err)
	}
	says := strings.Join(strings.Fields(strings.ReplaceAll(content(parse(t, render(t, builtin(t, "checkout")))), number.NoBreak, " ")), " ")
	n := 0
	for _, paragraph := range strings.Split(string(guide), "\n\n") {
		if strings.Contains(strings.ToLower(paragraph), "for example,") {
			continue
		}
		paragraph = strings.Join(strings.Fields(paragraph), " ")
		for _, quote := range regexp.MustCompile(`(^|[ (])\*([^* ][^*]{15,})\*`).FindAllStringSubmatch(paragraph, -1) {
			n++
			if q := strings.TrimSuffix(quote[2], "."); !strings.Contains(says, q) {
				t.Errorf("the page does not say %q", q)
			}
		}
	}
	if n < 4 {
		t.Errorf("only %d quotes found", n)
	}
}
