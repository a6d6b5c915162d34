package chart

// Colours is one way to paint the page. All are #rrggbb.
type Colours struct {
	Paper string // background
	Ink   string // text
	Muted string // secondary text
	Grid  string // rules and grid lines, which carry no meaning of their own

	Marks  [5]string // lines and areas, one a choice; 3:1 against Paper
	Labels [5]string // the same hues for text; 4.5:1 against Paper
}

// Light is the page by day. The first two marks are the blue and the vermillion
// of Okabe and Ito (2008), which readers with any colour vision tell apart; the
// others are their bluish green, their reddish purple (darkened until it
// reaches 3:1 on paper) and black.
func Light() Colours {
	return Colours{
		Paper: "#fdfcfa", Ink: "#1c1b19", Muted: "#5c5a55", Grid: "#dcd8d0",
		Marks:  [5]string{"#0072b2", "#d55e00", "#009e73", "#b8628f", "#1c1b19"},
		Labels: [5]string{"#005c91", "#a84300", "#00694d", "#94416e", "#1c1b19"},
	}
}

// Dark is the page by night: the same hues, lifted until they reach the same
// contrast. The blue is the sky blue of the same palette.
func Dark() Colours {
	return Colours{
		Paper: "#16171a", Ink: "#eceae4", Muted: "#aeaba3", Grid: "#3a3b40",
		Marks:  [5]string{"#56b4e9", "#e8702a", "#2dbd93", "#cc79a7", "#eceae4"},
		Labels: [5]string{"#7cc5ef", "#f2965f", "#5fd0ae", "#dc9fc1", "#eceae4"},
	}
}

// look folds any index onto the five looks.
func look(index int) int { return ((index % 5) + 5) % 5 }

// dash is the stroke pattern of a choice, so that lines differ without colour.
func dash(index int) string {
	return [5]string{"", "8 4", "2 3", "10 3 2 3", "16 4"}[look(index)]
}

// symbol is the mark of a choice, so that points differ without colour.
func symbol(index int) string {
	return [5]string{"circle", "diamond", "triangle", "rect", "roundRect"}[look(index)]
}
