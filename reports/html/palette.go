package html

import (
	"strconv"
	"strings"

	"github.com/rollrisk/rollrisk/reports/chart"
)

// palette writes the colours as variables: light by default and on paper, dark
// where the reader's system asks for it. The classes c0..c4 give each
// alternative its colour in drawings.
func palette() string {
	var b strings.Builder
	b.WriteString(":root{color-scheme:light dark;" + variables(chart.Light()) + "}\n")
	b.WriteString("@media screen and (prefers-color-scheme:dark){:root{" + variables(chart.Dark()) + "}}\n")
	for i := range chart.Light().Marks {
		n := strconv.Itoa(i)
		mark := "var(--mark" + n + ")"
		b.WriteString(".line.c" + n + ",.drop.c" + n + "{stroke:" + mark + "}.stop.c" + n + ",.band.c" + n + ",.mark.c" + n + ",.flow.c" + n + ",.node.c" + n +
			"{fill:" + mark + "}.plot .label.c" + n + "{fill:var(--label" + n + ")}.who.c" + n + "{color:var(--label" + n + ")}.swatch.c" + n + "{background:" + mark + "}\n")
	}
	return b.String()
}

func variables(c chart.Colours) string {
	var b strings.Builder
	for _, v := range [][2]string{{"paper", c.Paper}, {"ink", c.Ink}, {"muted", c.Muted}, {"grid", c.Grid}} {
		b.WriteString("--" + v[0] + ":" + v[1] + ";")
	}
	for i := range c.Marks {
		b.WriteString("--mark" + strconv.Itoa(i) + ":" + c.Marks[i] + ";--label" + strconv.Itoa(i) + ":" + c.Labels[i] + ";")
	}
	return b.String()
}
