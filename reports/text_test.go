package reports

import (
	"testing"
)

func TestSay(t *testing.T) {
	got := Say("{} hurt {} users, {}.", NameOf("rings", 1), Span{Text: "9", Style: Number, Value: 9, From: "x"}, Say("with {}", "{}"))
	if got.Plain() != "rings hurt 9 users, with {}." {
		t.Errorf("it says %q", got.Plain())
	}
	if got[0].Choice != 2 || got[2].From != "x" {
		t.Errorf("the pieces are lost: %+v", got)
	}
	for _, bad := range []func(){
		func() { Say("{}") }, func() { Say("", "a") }, func() { Say("{}", 1) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Error("a sentence with the wrong arguments is said")
				}
			}()
			bad()
		}()
	}
}

func TestJoin(t *testing.T) {
	for want, words := range map[string][]string{"": nil, "a": {"a"}, "a and b": {"a", "b"}, "a, b and c": {"a", "b", "c"}} {
		var all []Text
		for _, w := range words {
			all = append(all, Words(w))
		}
		if got := Join(all, ", ", " and ").Plain(); got != want {
			t.Errorf("%v are joined as %q", words, got)
		}
	}
}

func TestSplit(t *testing.T) {
	got := Split(Say("a · {} · b{}", Name("x · y"), Name("z")), " · ")
	if len(got) != 3 || got[0].Plain() != "a" || got[1].Plain() != "x · y" || got[2].Plain() != "bz" {
		t.Errorf("split as %v", got)
	}
}
