// Package html writes a Report as one self-contained page: no address is ever
// fetched, the same report gives the same bytes, and everything but the live
// charts works without a script.
//
// It refuses to know the study. It prints what the blocks hold and escapes all
// of it, because names and scenario texts may hold any character.
package html

import (
	"crypto/sha256"
	"encoding/base64"
	"io"
	"slices"
	"strings"

	"github.com/rollrisk/rollrisk/reports"
	"github.com/rollrisk/rollrisk/reports/assets"
)

// Write writes the page of one report or of several, in their order. It fails
// only when w does.
func Write(w io.Writer, all ...reports.Report) error {
	var p page
	p.Raw("<!DOCTYPE html>\n")
	p.Open("html", "lang", "en")
	p.head(about(all))
	p.body(all)
	p.close("html")
	p.Raw("\n")
	_, err := io.WriteString(w, p.String())
	return err
}

// Fragment is what the parts of a report look like inside another page that has Style: charts
// are drawings, and no script is needed.
func Fragment(parts []reports.Part) string {
	p := page{still: true}
	for _, part := range shown(parts) {
		p.part(part)
	}
	return p.String()
}

// Style is the style sheet of every page, with its colours.
func Style() string { return palette() + assets.Style() }

// head describes the document. The preview of a shared link is made from the
// og: properties; none of them is an address.
func (p *page) head(title, summary string) {
	style := Style()
	p.Open("head")
	p.leaf("meta", "charset", "utf-8")
	p.leaf("meta", "http-equiv", "Content-Security-Policy", "content", policy(style, assets.ECharts(), assets.Boot()))
	p.leaf("meta", "name", "viewport", "content", "width=device-width, initial-scale=1")
	p.leaf("meta", "name", "color-scheme", "content", "light dark")
	p.leaf("meta", "name", "referrer", "content", "no-referrer")
	p.element("title", title)
	p.leaf("meta", "name", "description", "content", summary)
	p.leaf("meta", "property", "og:type", "content", "article")
	p.leaf("meta", "property", "og:title", "content", title)
	p.leaf("meta", "property", "og:description", "content", summary)
	p.leaf("link", "rel", "icon", "href", "data:,")
	p.Open("style")
	p.Raw(style)
	p.close("style")
	p.close("head")
}

// policy lets exactly this style sheet and these two scripts run, by hash, and
// nothing be loaded from anywhere.
func policy(style, echarts, boot string) string {
	return "default-src 'none'; img-src data:; base-uri 'none'; form-action 'none'; style-src " + hash(style) +
		"; script-src " + hash(echarts) + " " + hash(boot)
}

func hash(s string) string {
	sum := sha256.Sum256([]byte(s))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

func (p *page) body(all []reports.Report) {
	p.Open("body")
	p.Open("a", "class", "skip", "href", "#main")
	p.Text("Skip to the answer")
	p.close("a")
	if len(all) == 1 {
		p.alone(all[0])
	} else {
		p.several(all)
	}
	p.footer("listed above")
	p.scripts(all)
	p.close("body")
}

// footer says what the numbers are about, and where the inputs are.
func (p *page) footer(inputs string) {
	p.Open("footer")
	p.element("p", "Made by rollrisk from simulated releases. Every number on this page is about a model with the inputs "+inputs+", not a promise about any release.")
	p.close("footer")
}

// alone writes the report that is the whole page.
func (p *page) alone(r reports.Report) {
	parts := shown(r.Parts)
	p.Open("header")
	parts = p.strip(parts)
	p.close("header")
	p.Open("main", "id", "main")
	p.parts(parts)
	p.close("main")
}

// parts writes the answer, then the contents, then the evidence: the first part
// under a title of its own and all that follow. On paper the evidence ends with
// what was left out.
func (p *page) parts(parts []reports.Part) {
	first := slices.IndexFunc(parts, titled)
	if first < 0 {
		first = len(parts)
	}
	for _, part := range parts[:first] {
		p.part(part)
	}
	if first == len(parts) {
		return
	}
	p.contents(parts)
	p.Open("div", "class", "evidence")
	for _, part := range parts[first:] {
		p.part(part)
	}
	p.leftOut(parts)
	p.close("div")
}

// leftOut tells those who read paper what only the screen has.
func (p *page) leftOut(parts []reports.Part) {
	var titles []string
	for _, part := range parts {
		if part.Medium == reports.ScreenOnly && part.Title != "" {
			titles = append(titles, part.Title)
		}
	}
	if len(titles) == 0 {
		return
	}
	p.element("p", "The page on the screen has more: "+strings.Join(titles, "; ")+"; and the numbers behind every picture.", "class", "note onpaper")
}

// shown leaves out what is for terminals.
func shown(parts []reports.Part) []reports.Part {
	var out []reports.Part
	for _, part := range parts {
		if part.Medium != reports.TerminalOnly {
			out = append(out, part)
		}
	}
	return out
}

// strip writes the leading parts that consist of a strip, above the answer, and
// returns the rest.
func (p *page) strip(parts []reports.Part) []reports.Part {
	for len(parts) > 0 {
		for _, b := range parts[0].Blocks {
			if par, ok := b.(reports.Paragraph); !ok || par.Role != reports.Strip {
				return parts
			}
		}
		p.blocks(parts[0].Blocks)
		parts = parts[1:]
	}
	return parts
}

// titled says whether a part is shown under its title. A part with a headline
// is not: the headline is its title.
func titled(part reports.Part) bool {
	return part.Title != "" && !hasHeadline(part)
}

func hasHeadline(part reports.Part) bool {
	for _, b := range part.Blocks {
		if par, ok := b.(reports.Paragraph); ok && par.Role == reports.Headline {
			return true
		}
	}
	return false
}

func (p *page) contents(parts []reports.Part) {
	p.Open("nav", "aria-label", "Contents"+p.of)
	p.Open("ul")
	for _, part := range parts {
		if titled(part) {
			p.Open("li")
			p.Open("a", "href", "#"+p.id(part.Name))
			p.Text(part.Title)
			p.close("a")
			p.close("li")
		}
	}
	p.close("ul")
	p.close("nav")
}

func (p *page) part(part reports.Part) {
	attributes := []string{"id", p.id(part.Name)}
	switch {
	case part.Medium == reports.ScreenOnly:
		attributes = append(attributes, "class", "onscreen")
	case part.NewSheet:
		attributes = append(attributes, "class", "newsheet")
	}
	if name := p.id(part.Name + "-title"); titled(part) {
		p.Open("section", append(attributes, "aria-labelledby", name)...)
		p.heading(title, reports.Words(part.Title), "id", name)
	} else {
		p.Open("section", attributes...)
	}
	p.blocks(part.Blocks)
	p.close("section")
}

// scripts come last, and only when there is a chart to bring to life.
func (p *page) scripts(all []reports.Report) {
	if !slices.ContainsFunc(all, func(r reports.Report) bool { return anyChart(shown(r.Parts)) }) {
		return
	}
	for _, code := range []string{assets.ECharts(), assets.Boot()} {
		p.Open("script")
		p.Raw(code)
		p.close("script")
	}
}

func anyChart(parts []reports.Part) bool {
	for _, part := range parts {
		for _, b := range part.Blocks {
			if _, ok := b.(reports.Chart); ok {
				return true
			}
		}
	}
	return false
}
