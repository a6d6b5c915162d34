package markup

import (
	"encoding/xml"
	"io"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// Whatever the text is, it comes out as that text, less what cannot be written.
func TestTextSurvives(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.String().Draw(t, "s")
		var w Writer
		w.Element("p", s, "title", s)
		d := xml.NewDecoder(strings.NewReader(w.String()))
		var text, title string
		elements := 0
		for {
			token, err := d.Token()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatalf("%q: %v", w.String(), err)
			}
			switch e := token.(type) {
			case xml.StartElement:
				elements++
				title = e.Attr[0].Value
			case xml.CharData:
				text += string(e)
			}
		}
		if want := Clean(s); elements != 1 || text != want || title != want {
			t.Fatalf("%q is written as %q", s, w.String())
		}
	})
}

func TestClean(t *testing.T) {
	for s, want := range map[string]string{
		"a\x00b\x1b[31m": "ab[31m", "bad\xff": "bad\ufffd", "a\tb\nc\rd": "a\tb\ncd", "\u202eשלום": "\u202eשלום", "\ufffe": "",
	} {
		if got := Clean(s); got != want {
			t.Errorf("Clean(%q) = %q, want %q", s, got, want)
		}
	}
}

func TestAttributesComeInPairs(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("an attribute without a value is written")
		}
	}()
	odd := append([]string{}, "class")
	new(Writer).Open("p", odd...)
}
