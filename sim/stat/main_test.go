package stat

import (
	"flag"
	"os"
	"testing"
)

// TestMain gives the property tests one seed, so that they never fail by chance, and
// more cases when deep. Another -rapid.seed looks further.
func TestMain(m *testing.M) {
	flag.Parse()
	set := func(name, standard, value string) {
		f := flag.Lookup(name)
		if f.Value.String() == standard {
			if err := f.Value.Set(value); err != nil {
				panic(err)
			}
		}
	}
	set("rapid.seed", "0", "1")
	set("rapid.nofailfile", "false", "true")
	if deep() {
		set("rapid.checks", "100", "2000")
	}
	os.Exit(m.Run())
}
