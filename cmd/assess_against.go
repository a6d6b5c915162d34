package cmd

import (
	"github.com/rollrisk/rollrisk/models/assess"
	"github.com/rollrisk/rollrisk/scenarios/importer"
	"github.com/spf13/cobra"
)

func (f *assessFlags) runAgainst(c *cobra.Command, result *importer.Result, ctx *assess.Context) error {
	return badQuestionf("--against: not yet")
}
