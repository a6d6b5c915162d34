package determinism

import (
	"flag"
	"os"
	"testing"
)

// TestMain gives the property tests a fixed seed, unless the command line asks for
// another: a run of the tests is the same tomorrow.
func TestMain(m *testing.M) {
	flag.Parse()
	if seed := flag.Lookup("rapid.seed"); seed.Value.String() == "0" {
		if err := seed.Value.Set("1"); err != nil {
			panic(err)
		}
	}
	os.Exit(m.Run())
}
