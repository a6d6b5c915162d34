package assets

import (
	"crypto/sha256"
	"fmt"
	"os"
	"strings"
	"testing"
)

// The runtime is the file that the record beside it describes: its hash, its
// size, its version, and the licences that must travel with it.
func TestRuntimeIsRecorded(t *testing.T) {
	record, err := os.ReadFile("echarts.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		fmt.Sprintf("%x", sha256.Sum256([]byte(ECharts()))),
		fmt.Sprintf("%d bytes", len(ECharts())),
		"Apache ECharts | 6.1.0, Apache-2.0",
	} {
		if !strings.Contains(string(record), want) {
			t.Errorf("echarts.md does not say %q", want)
		}
	}
	for _, want := range []string{"The Apache Software Foundation", "Apache License, Version 2.0", "BSD 3-Clause License", "Mike Bostock", `"6.1.0"`} {
		if !strings.Contains(ECharts(), want) {
			t.Errorf("the runtime does not hold %q", want)
		}
	}
	if n := len(ECharts()); n < 600_000 || n > 820_000 {
		t.Errorf("the runtime has %d bytes", n)
	}
}

// Code that stands in a page must not end its own element, whatever is in it.
func TestCodeStaysInItsElement(t *testing.T) {
	for name, code := range map[string]string{"echarts": ECharts(), "boot": Boot(), "style": Style()} {
		lower := strings.ToLower(code)
		for _, end := range []string{"</script", "</style", "<!--", "\r", "\x00"} {
			if strings.Contains(lower, end) {
				t.Errorf("%s holds %q", name, end)
			}
		}
		for _, evil := range []string{"eval(", "new Function"} {
			if strings.Contains(code, evil) {
				t.Errorf("%s holds %q, which the policy of the page forbids", name, evil)
			}
		}
	}
}
