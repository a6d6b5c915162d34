package cmd

import (
	"fmt"
	"io"
	"strings"

	"github.com/rollrisk/rollrisk/models/assess"
	"github.com/rollrisk/rollrisk/models/optimize"
	"github.com/rollrisk/rollrisk/scenarios/importer"
	"github.com/spf13/cobra"
)

// source is the manifest whose rings are looked for.
type source struct {
	rollout *assess.Rollout
	file    importer.File
}

// source reads a manifest with one rollout, and writes the scenario of it.
func (f *assessFlags) source(c *cobra.Command, manifest string) (*source, string, error) {
	result, ctx, files, err := f.read(c, []string{manifest})
	if err != nil {
		return nil, "", err
	}
	r, err := theRollout(result)
	if err != nil {
		return nil, "", err
	}
	text, ok := importer.Scenario(r, *ctx)
	if !ok {
		return nil, "", badQuestionf("%s: a good release does not reach everybody by itself; rollrisk assess says why", r.Name)
	}
	m := &source{rollout: r}
	for _, file := range files {
		if file.Name == r.Spots.At("").File {
			m.file = file
		}
	}
	return m, text, nil
}

// follow adds the change of the manifest to an answer, or why there is none, and writes the
// whole manifest where that is wanted.
func (m *source) follow(a *optimize.Answer, write string) error {
	rings := a.Plans[0].Rings
	var steps []importer.Step
	for i := range rings.Shares {
		steps = append(steps, importer.Step{Share: rings.Shares[i], Bake: rings.Bakes[i]})
	}
	text, err := importer.WithSteps(m.file.Data, m.rollout, steps)
	if err != nil {
		a.Unwritten = fmt.Sprintf("%s: %v", m.file.Name, err)
		if write != "" {
			return badQuestionf("--write %s: %s", write, a.Unwritten)
		}
		return nil
	}
	a.Diff = difference(m.file.Name, string(m.file.Data), string(text))
	if write == "" {
		return nil
	}
	return writeWhole(output{write, func(w io.Writer) error { _, err := w.Write(text); return err }})
}

// difference is what changed between two texts, as one piece of a unified difference: from the
// first line that differs to the last.
func difference(name, was, is string) string {
	a, b := strings.Split(strings.TrimSuffix(was, "\n"), "\n"), strings.Split(strings.TrimSuffix(is, "\n"), "\n")
	from := 0
	for from < len(a) && from < len(b) && a[from] == b[from] {
		from++
	}
	if from == len(a) && from == len(b) {
		return ""
	}
	same := 0
	for same < len(a)-from && same < len(b)-from && a[len(a)-1-same] == b[len(b)-1-same] {
		same++
	}
	const around = 3
	start, after := max(0, from-around), min(same, around)
	endA, endB := len(a)-same, len(b)-same
	lines := []string{"--- " + name, "+++ " + name, fmt.Sprintf("@@ -%d,%d +%d,%d @@", start+1, endA+after-start, start+1, endB+after-start)}
	add := func(sign string, all []string) {
		for _, l := range all {
			lines = append(lines, sign+strings.TrimSuffix(l, "\r"))
		}
	}
	add(" ", a[start:from])
	add("-", a[from:endA])
	add("+", b[from:endB])
	add(" ", a[endA:endA+after])
	return strings.Join(lines, "\n")
}
