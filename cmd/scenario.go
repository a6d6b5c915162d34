package cmd

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"text/tabwriter"

	"github.com/rollrisk/rollrisk/scenarios"
	"github.com/spf13/cobra"
)

func newScenarioCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "scenario",
		Short: "list, show, begin and check scenarios",
		Long: `A scenario is a YAML file: a service and its users, the changes made to it, the
defects they carry, and two or more pipelines that bring them to users. What it
does not state has a default, which the report lists with its source.`,
		Example: `  rollrisk scenario list
  rollrisk scenario init mine --from regulated
  rollrisk scenario validate mine.yaml`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(newScenarioList(), newScenarioShow(), newScenarioInit(), newScenarioValidate(), newScenarioImport(), newScenarioSchema())
	return c
}

func newScenarioList() *cobra.Command {
	return &cobra.Command{
		Use:     "list",
		Short:   "list the scenarios of the library",
		Long:    "List prints the name and the title of every scenario that is part of the program.",
		Example: "  rollrisk scenario list",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			w := tabwriter.NewWriter(c.OutOrStdout(), 0, 0, 3, ' ', 0)
			for _, name := range scenarios.Library() {
				s, err := readScenario(c.Context(), nil, name)
				if err != nil {
					return err
				}
				fmt.Fprintf(w, "%s\t%s\n", name, s.Title)
			}
			return w.Flush()
		},
	}
}

func newScenarioShow() *cobra.Command {
	defaults := false
	c := &cobra.Command{
		Use:   "show SCENARIO",
		Short: "print a scenario",
		Long: `Show prints a scenario of the library, or a file, as it was written. With
--defaults it prints everything that the simulation depends on: each default is
written out with where it comes from.`,
		Example: `  rollrisk scenario show checkout
  rollrisk scenario show mine.yaml --defaults`,
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			s, err := readScenario(c.Context(), c.InOrStdin(), args[0])
			if err != nil {
				return err
			}
			text := s.Source()
			if defaults {
				text = s.Explicit()
			}
			_, err = c.OutOrStdout().Write(text)
			return err
		},
		ValidArgsFunction: completeScenario,
	}
	c.Flags().BoolVar(&defaults, "defaults", false, "write every default out, with its source")
	return c
}

// completeScenario offers the names of the library, and files.
func completeScenario(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	return scenarios.Library(), cobra.ShellCompDirectiveDefault
}

// initFlags are the flags of the command scenario init.
type initFlags struct {
	from  string
	force bool
}

func newScenarioInit() *cobra.Command {
	var f initFlags
	c := &cobra.Command{
		Use:   "init [NAME]",
		Short: "begin a scenario of your own",
		Long: `Init writes NAME.yaml, a copy of a library scenario to begin with; without NAME
it is scenario.yaml, and "-" is standard output. A file that exists stays as it
is unless --force is given.`,
		Example: `  rollrisk scenario init mine
  rollrisk scenario init clinic --from regulated`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			name := "scenario"
			if len(args) == 1 {
				name = strings.TrimSuffix(args[0], ".yaml")
			}
			return f.begin(c, name)
		},
	}
	c.Flags().StringVar(&f.from, "from", defaultScenario, "the library scenario, or the file, to copy")
	c.Flags().BoolVar(&f.force, "force", false, "write over a file that exists")
	return c
}

// begin writes the new scenario.
func (f *initFlags) begin(c *cobra.Command, name string) error {
	s, err := readScenario(c.Context(), c.InOrStdin(), f.from)
	if err != nil {
		return err
	}
	if name == "-" {
		_, err := c.OutOrStdout().Write(s.Source())
		return err
	}
	if s, err = renamed(s, name); err != nil {
		return err
	}
	file := name + ".yaml"
	if _, err := os.Lstat(file); !f.force && !errors.Is(err, fs.ErrNotExist) {
		return badQuestionf("%s exists; --force writes over it", file)
	}
	if err := writeWhole(output{file, func(w io.Writer) error { _, err := w.Write(s.Source()); return err }}); err != nil {
		return badQuestionf("%v", withoutOp(err))
	}
	_, err = fmt.Fprintf(c.OutOrStdout(), "%s   next: change it, then rollrisk run %s\n", file, file)
	return err
}

// renamed is the scenario under a name that is taken from its file's.
func renamed(s *scenarios.Scenario, name string) (*scenarios.Scenario, error) {
	base := name[strings.LastIndexAny(name, `/\`)+1:]
	changed, faults := s.Set("name", base)
	if len(faults) > 0 {
		return nil, badQuestionf("%q: %s", base, faults[0].Message+": "+faults[0].Hint)
	}
	return changed, nil
}

func newScenarioValidate() *cobra.Command {
	return &cobra.Command{
		Use:   "validate FILE...",
		Short: "check scenarios and tell all their faults",
		Long: `Validate reads each file, or "-" for standard input, and prints all faults of all
files to standard error, one a line: file:line:column: path: what is wrong (what
to write instead). It exits with 2 when there is a fault.`,
		Example: `  rollrisk scenario validate mine.yaml
  rollrisk scenario validate scenarios/*.yaml`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			var faults []string
			for _, name := range args {
				s, err := readScenario(c.Context(), c.InOrStdin(), name)
				var bad *badQuestion
				switch {
				case errors.As(err, &bad):
					faults = append(faults, bad.text)
				case err != nil:
					return err
				default:
					if err := sayValid(c.OutOrStdout(), name, s); err != nil {
						return err
					}
				}
			}
			if len(faults) > 0 {
				return &badQuestion{strings.Join(faults, "\n")}
			}
			return nil
		},
		ValidArgsFunction: completeScenario,
	}
}

// sayValid says what a sound scenario rests on.
func sayValid(out io.Writer, name string, s *scenarios.Scenario) error {
	plan, _ := s.Plan(scenarios.Options{})
	stated := 0
	for _, in := range plan.Inputs {
		if !in.Default {
			stated++
		}
	}
	_, err := fmt.Fprintf(out, "%s: ok, %d alternatives, %d inputs (%d stated, %d defaults)\n",
		name, len(plan.Case.Pipelines), len(plan.Inputs), stated, len(plan.Inputs)-stated)
	return err
}

func newScenarioSchema() *cobra.Command {
	return &cobra.Command{
		Use:   "schema",
		Short: "print the JSON Schema of scenarios, for editors",
		Long: `Schema prints the JSON Schema (draft 2020-12) of scenario files. Editors with a
YAML language server complete and check a scenario whose first line is
# yaml-language-server: $schema=scenario.schema.json`,
		Example: "  rollrisk scenario schema > scenario.schema.json",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			_, err := c.OutOrStdout().Write(scenarios.Schema())
			return err
		},
	}
}
