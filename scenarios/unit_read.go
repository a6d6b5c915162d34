package scenarios

import "errors"

// Read reads one amount as scenarios write it and returns it in the Base of the
// unit: "30m" is 0.5 as a Duration. A text that is none is an error of one line
// that begins with the text, says what is wrong with it and, where there is one, a
// way out. Whether the amount makes sense where it stands is the caller's to check;
// Money is read without a currency.
func (u Unit) Read(text string) (float64, error) {
	x, p := u.parse(text, "")
	switch {
	case p == nil:
		return x, nil
	case p.hint == "":
		return 0, errors.New(p.message + ", want " + u.Wants)
	}
	return 0, errors.New(p.message + "; " + p.hint)
}
