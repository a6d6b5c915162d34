package cmd

import (
	"fmt"
	"strconv"

	"github.com/rollrisk/rollrisk/scenarios"
	"github.com/spf13/pflag"
)

// countFlag adds a flag for a whole number that may be written as scenarios write
// counts: 20000 or 20k.
func countFlag(fl *pflag.FlagSet, to *int, name, usage string) { fl.Var((*count)(to), name, usage) }

// count is a pflag.Value.
type count int

func (c *count) String() string { return strconv.Itoa(int(*c)) }

func (*count) Type() string { return "count" }

func (c *count) Set(text string) error {
	if n, err := strconv.Atoi(text); err == nil {
		*c = count(n)
		return nil
	}
	x, err := scenarios.Count.Read(text)
	if err != nil {
		return err
	}
	if x != float64(int(x)) {
		return fmt.Errorf("%s is no whole number", text)
	}
	*c = count(x)
	return nil
}
