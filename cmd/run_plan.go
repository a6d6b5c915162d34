package cmd

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/rollrisk/rollrisk/models/study"
	"github.com/rollrisk/rollrisk/reports/ci"
	"github.com/rollrisk/rollrisk/scenarios"
	"github.com/spf13/cobra"
)

// plan reads the scenario and the flags, and reports the faults of both.
func (f *runFlags) plan(c *cobra.Command, name string) (*study.Plan, error) {
	var faults []string
	seed, err := f.seedValue(c.ErrOrStderr())
	if err != nil {
		faults = append(faults, err.Error())
	}
	precision, err := relative(f.precision)
	if err != nil {
		faults = append(faults, err.Error())
	}
	if f.changes < 0 || f.changes > maxChanges {
		faults = append(faults, fmt.Sprintf("--changes %d: between 1 and %d can be simulated", f.changes, maxChanges))
	}
	if f.workers < 0 || f.workers > maxWorkers {
		faults = append(faults, fmt.Sprintf("--workers %d: between 0 and %d", f.workers, maxWorkers))
	}
	if _, ok := printerOf(f.output); !ok {
		faults = append(faults, fmt.Sprintf("-o %s: text, markdown, csv, json, or of the gates alone: %s", f.output, formats("markdown", "csv", "json")))
	}
	plan, err := planOf(c.Context(), c.InOrStdin(), name, scenarios.Options{Seed: seed, Changes: max(0, f.changes), Version: version()})
	if errors.Is(err, context.Canceled) {
		return nil, err
	}
	if err != nil {
		faults = append(faults, err.Error())
	}
	if len(faults) > 0 {
		return nil, badQuestionf("%s", strings.Join(faults, "\n"))
	}
	if _, gates := ci.Named(f.output); gates && len(plan.Gates) == 0 && !slices.Contains([]string{"markdown", "csv", "json"}, f.output) {
		return nil, badQuestionf("-o %s: %s has no gates to print; it states none under `gates:`", f.output, name)
	}
	plan.Precision = precision
	return plan, nil
}

// Limits of the flags.
const (
	maxChanges = study.MaxChanges // about 5 GB of outcomes for three alternatives
	maxWorkers = 1024
)

// command is the command line that repeats the study: all that the numbers
// depend on, and nothing else, ready to be pasted into a shell. What came from
// standard input has to come from there again, which it says.
//
// A run with --precision is repeated by the number of changes that it took.
func command(name string, st *study.Study) string {
	line := fmt.Sprintf("rollrisk run %s --seed %d --changes %d", shellWord(name), st.Seed, st.Size.Changes)
	if name == "-" {
		line += " < FILE   # FILE: the scenario, which came from standard input"
	}
	return line
}

// plainWord is what every shell takes as it is.
var plainWord = regexp.MustCompile(`^[A-Za-z0-9_@%+=:,./-]+$`)

// shellWord is a name as a word of a POSIX shell (Shell Command Language, section
// 2.2.2), and one that is not taken for a flag.
func shellWord(name string) string {
	if strings.HasPrefix(name, "-") && name != "-" {
		name = "./" + name
	}
	if plainWord.MatchString(name) {
		return name
	}
	return "'" + strings.ReplaceAll(name, "'", `'\''`) + "'"
}

// seedValue is the seed; a random one is drawn and said.
func (f *runFlags) seedValue(errOut io.Writer) (uint64, error) {
	if f.seed == "random" {
		var b [4]byte
		if _, err := rand.Read(b[:]); err != nil {
			return 0, err
		}
		seed := uint64(binary.LittleEndian.Uint32(b[:]))
		fmt.Fprintf(errOut, "seed %d\n", seed)
		return seed, nil
	}
	seed, err := strconv.ParseUint(f.seed, 10, 64)
	if err != nil {
		return 0, fmt.Errorf(`--seed %s: a whole number from 0 to 2^64-1, or "random"`, f.seed)
	}
	return seed, nil
}

// relative reads a relative error, "1%" or "0.01"; "" is none.
func relative(s string) (float64, error) {
	if s == "" {
		return 0, nil
	}
	number, percent := strings.CutSuffix(s, "%")
	v, err := strconv.ParseFloat(number, 64)
	if percent {
		v /= 100
	}
	if err != nil || !(v >= 0.0001 && v <= 0.9) {
		return 0, fmt.Errorf("--precision %s: a relative error from 0.01%% to 90%%", s)
	}
	return v, nil
}
