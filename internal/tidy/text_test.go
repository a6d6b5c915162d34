package tidy

import (
	"bytes"
	"fmt"
	"go/format"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
)

func checkFormat(t *tree) []string {
	var faults []string
	for _, s := range t.code {
		if want, err := format.Source(s.text); err != nil || !bytes.Equal(want, s.text) {
			faults = append(faults, s.path+":1: gofmt would change it")
		}
	}
	return faults
}

// machine are words that tell where the project was written or where its parts were
// fetched from: neither is true for the next reader. Registries are put together here
// so that this file does not name one.
var machine = regexp.MustCompile(`(^|[\s"'=(:` + "`" + `])/(home|root|Users|work|tmp|mnt)/\w` +
	`|proxy\.golang\.` + `org|registry\.npmjs\.` + `org|[A-Z]:\\Users`)

func TestMachineNamesRegistries(t *testing.T) {
	for _, host := range []string{"proxy.golang.", "registry.npmjs."} {
		if text := "from " + host + "org/x"; !machine.MatchString(text) {
			t.Errorf("%q is not found", text)
		}
	}
}

func checkMachine(t *tree) []string {
	var faults []string
	for _, name := range t.names {
		if path.Ext(name) == ".sum" || bytes.IndexByte(t.files[name], 0) >= 0 {
			continue
		}
		for i, line := range strings.Split(string(t.files[name]), "\n") {
			if m := machine.FindString(line); m != "" {
				faults = append(faults, fmt.Sprintf("%s:%d: %q belongs to one machine", name, i+1, strings.TrimSpace(m)))
			}
		}
	}
	return faults
}

var (
	link    = regexp.MustCompile(`!?\[[^\]]*\]\(([^)\s]+)\)`)
	heading = regexp.MustCompile(`^#{1,6} +(.*?) *#*$`)
	remote  = regexp.MustCompile(`^(https?|mailto):`)
)

// checkLinks follows every link of every Markdown file that stays in the project:
// the file must be there, and the heading too.
func checkLinks(t *tree) []string {
	var faults []string
	for _, name := range t.names {
		if path.Ext(name) != ".md" || isTestdata(name) {
			continue
		}
		for i, line := range proseLines(t.files[name]) {
			for _, m := range link.FindAllStringSubmatch(line, -1) {
				if problem := t.follow(name, m[1]); problem != "" {
					faults = append(faults, fmt.Sprintf("%s:%d: %s: %s", name, i+1, m[1], problem))
				}
			}
		}
	}
	return faults
}

func (t *tree) follow(from, target string) string {
	if remote.MatchString(target) {
		return ""
	}
	file, anchor, _ := strings.Cut(target, "#")
	to := from
	if file != "" {
		to = path.Join(path.Dir(from), file)
	}
	_, isFile := t.files[to]
	isFolder := slices.ContainsFunc(t.names, func(n string) bool { return strings.HasPrefix(n, to+"/") })
	switch {
	case !isFile && !isFolder:
		return "no such file"
	case anchor != "" && !slices.Contains(anchors(t.files[to]), anchor):
		return "no such heading"
	}
	return ""
}

// proseLines are the lines of a Markdown text, with those of code blocks empty.
func proseLines(text []byte) []string {
	lines := strings.Split(string(text), "\n")
	inCode := false
	for i, line := range lines {
		fence := strings.HasPrefix(strings.TrimSpace(line), "```")
		if fence || inCode {
			lines[i] = ""
		}
		inCode = inCode != fence
	}
	return lines
}

// anchors are the names that headings can be reached by: lower case, spaces as
// hyphens, punctuation left out.
func anchors(text []byte) []string {
	var names []string
	for _, line := range proseLines(text) {
		m := heading.FindStringSubmatch(line)
		if m == nil {
			continue
		}
		names = append(names, strings.Map(func(r rune) rune {
			switch {
			case r == ' ':
				return '-'
			case r == '-' || r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r):
				return unicode.ToLower(r)
			}
			return -1
		}, m[1]))
	}
	return names
}

// checkChangelog wants a place where the next change is told.
func checkChangelog(t *tree) []string {
	const name = "CHANGELOG.md"
	text, ok := t.files[name]
	if !ok {
		return []string{name + ":1: is missing"}
	}
	for _, line := range proseLines(text) {
		if m := heading.FindStringSubmatch(line); m != nil && strings.HasPrefix(line, "## ") {
			if m[1] == "Unreleased" {
				return nil
			}
			break
		}
	}
	return []string{name + ":1: the first section must be Unreleased"}
}
