package cmd

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

// commandsOf are all commands that do something, hidden ones included, but those that the
// library adds.
func commandsOf(c *cobra.Command) []*cobra.Command {
	all := []*cobra.Command{c}
	for _, sub := range c.Commands() {
		if sub.Name() != "completion" && sub.Name() != "help" {
			all = append(all, commandsOf(sub)...)
		}
	}
	return all
}

// Every command says in its help what it does and how it is called; each flag has a word;
// and a script calls it.
func TestEveryCommandIsExplained(t *testing.T) {
	scripts := ""
	files, err := filepath.Glob("testdata/script/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		scripts += string(text)
	}
	all := commandsOf(newRoot())
	if len(all) < 25 {
		t.Fatalf("only %d commands", len(all))
	}
	for _, c := range all {
		path := c.CommandPath()
		if c.Short == "" || c.Long == "" || strings.HasSuffix(c.Short, ".") {
			t.Errorf("%s is not explained", path)
		}
		if !strings.Contains(c.Example, "  "+path) {
			t.Errorf("%s has no example", path)
		}
		if c.Runnable() && c.HasParent() && !c.HasSubCommands() && !strings.Contains(scripts, path+" ") && !strings.Contains(scripts, path+"\n") && !strings.Contains(path, " calc ") {
			t.Errorf("no script calls %s", path)
		}
	}
}

// Every exit code is the end of a script or of a test.
func TestEveryExitCodeIsMet(t *testing.T) {
	var text strings.Builder
	for _, pattern := range []string{"testdata/script/*.txt", "*_test.go"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			if file == "help_test.go" {
				continue // which names them all
			}
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			text.Write(data)
		}
	}
	for code, want := range map[int]string{exitInternal: "code != exitInternal", exitBadQuestion: "^code 2$", exitGateFailed: "exitcode 3 ",
		exitUndecided: "exitcode 4 ", exitSignal + 2: "^code 130$", exitSignal + 13: "int(syscall.SIGPIPE)", exitSignal + 15: "^code 143$"} {
		if strings.Count(text.String(), want) < 1 {
			t.Errorf("nothing ends with %d", code)
		}
	}
}
