package cmd

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/rollrisk/rollrisk/models/study"
	"github.com/rollrisk/rollrisk/scenarios"
)

// readScenario finds and reads a scenario: a file, "-" for standard input, or a
// name of the library. A file in the way of a library name needs its path
// (./checkout).
func readScenario(ctx context.Context, in io.Reader, name string) (*scenarios.Scenario, error) {
	data, builtin := scenarios.Builtin(name)
	if !builtin {
		if err := unknownName(name); err != nil {
			return nil, err
		}
		var err error
		if data, err = readBounded(ctx, name, in, maxScenarioBytes); err != nil {
			return nil, err
		}
	}
	s, faults := scenarios.Decode(name, data)
	if len(faults) > 0 {
		return nil, &badQuestion{faultLines(faults)}
	}
	return s, nil
}

// unknownName tells a misspelt name of the library from a file that is not
// there.
func unknownName(name string) error {
	if name == "-" || strings.ContainsAny(name, `./\`) {
		return nil
	}
	if _, err := os.Stat(name); err == nil {
		return nil
	}
	hint := "the library has " + strings.Join(scenarios.Library(), ", ")
	if near := scenarios.NearestName(name); near != "" {
		hint = "did you mean " + near + "? " + hint
	}
	return badQuestionf("there is no file and no library scenario %q; %s", name, hint)
}

// planOf turns a scenario into a plan. What came from standard input has no
// name, which the page says.
func planOf(ctx context.Context, in io.Reader, name string, o scenarios.Options) (*study.Plan, error) {
	s, err := readScenario(ctx, in, name)
	if err != nil {
		return nil, err
	}
	plan, faults := s.Plan(o)
	if len(faults) > 0 {
		return nil, &badQuestion{faultLines(faults)}
	}
	if name == "-" {
		plan.About.File = "standard input"
	}
	return &plan, nil
}

// faultLines writes one fault a line, the place first, as compilers do.
func faultLines(faults []scenarios.Fault) string {
	var b strings.Builder
	for _, f := range faults {
		fmt.Fprintln(&b, f.String())
	}
	return strings.TrimRight(b.String(), "\n")
}
