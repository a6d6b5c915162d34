package cmd

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/rollrisk/rollrisk/internal/workshop"
	"github.com/rollrisk/rollrisk/scenarios/deck"
	"github.com/spf13/cobra"
)

func newWorkshopCards() *cobra.Command {
	out, pdf := "", ""
	c := &cobra.Command{
		Use:   "cards DECK",
		Short: "write the defect cards, a team's sheet, the dice and the answer key of a deck",
		Long: `Cards writes one HTML file for a session on paper: the cards of the hidden deck, a sheet for
each team, a variant with dice, and the answer key on a sheet of its own. All of it comes from
the seeds of the deck: the same deck gives the same file.

With --pdf it is printed as well, through a Chromium of this machine; the environment variable
ROLLRISK_CHROMIUM names another one.`,
		Example: `  rollrisk workshop cards web
  rollrisk workshop cards onpremises --out cards.html --pdf cards.pdf`,
		Args:              cobra.ExactArgs(1),
		ValidArgsFunction: completeDeck,
		RunE:              func(c *cobra.Command, args []string) error { return writeCards(c, args[0], [2]string{out, pdf}) },
	}
	c.Flags().StringVar(&out, "out", "cards.html", "file to write")
	c.Flags().StringVar(&pdf, "pdf", "", "file to print the cards to, through a Chromium of this machine")
	return c
}

// writeCards writes the cards of a deck to files: the page, and its print where one is named.
func writeCards(c *cobra.Command, name string, files [2]string) error {
	f := reportFlags{out: files[0], pdf: files[1]}
	browser, faults := f.prepare(c)
	if err := together(faults); err != nil {
		return err
	}
	l, err := prepared(c, name, 0)
	if err != nil {
		return err
	}
	outputs, said := []output{{f.out, l.WriteCards}}, filepath.Clean(f.out)
	if f.pdf != "" {
		outputs = append(outputs, output{f.pdf, func(w io.Writer) error { return browser.print(c.Context(), w, l.WriteCards) }})
		said += "  " + filepath.Clean(f.pdf)
	}
	if err := writeWhole(outputs...); err != nil {
		return err
	}
	_, err = fmt.Fprintln(c.OutOrStdout(), said)
	return err
}

func newWorkshopExport() *cobra.Command {
	session, form := "", ""
	c := &cobra.Command{
		Use:   "export DECK",
		Short: "print what a session holds: people, teams, votes and ranges",
		Long: `Export prints a session as JSON, or its people as CSV, while no workshop has the file open; a
running one offers the same to its facilitator. Secrets are left out, names are not.`,
		Example: `  rollrisk workshop export web > monday.json
  rollrisk workshop export web --session monday.session -o csv > monday.csv`,
		Args:              cobra.ExactArgs(1),
		ValidArgsFunction: completeDeck,
		RunE: func(c *cobra.Command, args []string) error {
			d, err := readDeck(c, args[0])
			if err != nil {
				return err
			}
			if session == "" {
				session = d.Name + ".session"
			}
			return exportSession(c, d, [2]string{session, form})
		},
	}
	sessionFlag(c, &session)
	c.Flags().StringVarP(&form, "output", "o", "json", "json, or csv (the people alone)")
	return c
}

// exportSession prints a session file in a form.
func exportSession(c *cobra.Command, d *deck.Deck, from [2]string) error {
	if from[1] != "json" && from[1] != "csv" {
		return badQuestionf("-o %s: json or csv", from[1])
	}
	if _, err := os.Stat(from[0]); errors.Is(err, fs.ErrNotExist) {
		return badQuestionf("--session %s: no such file", from[0])
	}
	x, err := workshop.ReadExport(from[0], d)
	if err != nil {
		return badQuestionf("--session %v", err)
	}
	if from[1] == "csv" {
		_, err = c.OutOrStdout().Write(x.CSV())
		return err
	}
	e := json.NewEncoder(c.OutOrStdout())
	e.SetIndent("", "  ")
	return e.Encode(x)
}

func newWorkshopSchema() *cobra.Command {
	return &cobra.Command{
		Use:     "schema",
		Short:   "print the JSON Schema of decks",
		Long:    "Schema prints the form of a deck as a JSON Schema, for editors that check YAML as it is\nwritten.",
		Example: "  rollrisk workshop schema > deck.schema.json",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			_, err := c.OutOrStdout().Write(deck.Schema())
			return err
		},
	}
}
