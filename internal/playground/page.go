// Package playground writes a page that simulates: the engine as WebAssembly, a scenario,
// sliders for its inputs and the report that follows them, in one file that fetches nothing.
//
// It refuses to know how the engine is built and where it is found, and computes nothing:
// package tick does, inside the page.
package playground

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	_ "embed" // the scripts and the style of the page
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/rollrisk/rollrisk/internal/playground/tick"
	"github.com/rollrisk/rollrisk/reports/html"
	"github.com/rollrisk/rollrisk/reports/markup"
)

//go:embed play.js
var play string

//go:embed stage.js
var stage string

//go:embed glue.js
var glue string

//go:embed play.css
var style string

// Page is what a playground is made of.
type Page struct {
	Title    string
	File     string // name of the scenario
	Scenario string // its text
	Seed     string // that it opens with, 0 to 2^64-1
	Changes  int    // that it opens with, 1..tick.MaxChanges
	Version  string // of the program
	Engine   Engine
}

// Engine is the simulator as a browser runs it.
type Engine struct {
	Wasm    []byte // as the compiler writes it
	Runtime string // the script of the same Go release that starts it
}

// Write writes the page. The same page has the same bytes. It fails when w does, or the
// runtime cannot stand inside a page.
func (p *Page) Write(w io.Writer) error {
	if strings.Contains(strings.ToLower(p.Engine.Runtime), "</script") {
		return fmt.Errorf("playground: the runtime would end the script that it stands in")
	}
	packed, err := pack(p.Engine.Wasm)
	if err != nil {
		return err
	}
	question, err := json.Marshal(map[string]any{"file": p.File, "scenario": p.Scenario, "seed": p.Seed, "changes": p.Changes, "version": p.Version, "reach": tick.Reach})
	if err != nil {
		return err
	}
	m := &markup.Writer{}
	m.Raw("<!DOCTYPE html>\n")
	m.Open("html", "lang", "en")
	p.head(m)
	m.Open("body", "class", "play", "data-state", "loading")
	p.top(m)
	body(m)
	data := func(id, kind, text string) {
		m.Open("script", "id", id, "type", kind)
		m.Raw(text)
		m.Close("script")
		m.Raw("\n")
	}
	data("question", "application/json", string(question)) // json.Marshal has escaped < and >
	data("engine", "application/gzip-base64", packed)
	data("runtime", "text/plain", p.Engine.Runtime)
	data("glue", "text/plain", glue)
	for _, script := range []string{stage, play} {
		m.Open("script")
		m.Raw(script)
		m.Close("script")
	}
	m.Close("body")
	m.Close("html")
	m.Raw("\n")
	_, err = io.WriteString(w, m.String())
	return err
}

// pack is the engine as text.
func pack(wasm []byte) (string, error) {
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return "", err
	}
	if _, err := z.Write(wasm); err != nil {
		return "", err
	}
	if err := z.Close(); err != nil {
		return "", err
	}
	return base64.StdEncoding.EncodeToString(b.Bytes()), nil
}

// head lets these scripts and this style run, by hash, the engine compile, and the worker
// start from memory; nothing is loaded from anywhere.
func (p *Page) head(m *markup.Writer) {
	css := html.Style() + style
	hash := func(s string) string {
		sum := sha256.Sum256([]byte(s))
		return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
	}
	m.Open("head")
	m.Leaf("meta", "charset", "utf-8")
	m.Leaf("meta", "http-equiv", "Content-Security-Policy", "content", "default-src 'none'; img-src data:; base-uri 'none'; form-action 'none'; style-src "+hash(css)+
		"; script-src "+hash(stage)+" "+hash(play)+" 'wasm-unsafe-eval'; worker-src blob:")
	m.Leaf("meta", "name", "viewport", "content", "width=device-width, initial-scale=1")
	m.Leaf("meta", "name", "color-scheme", "content", "light dark")
	m.Leaf("meta", "name", "referrer", "content", "no-referrer")
	m.Element("title", p.Title+" · playground")
	m.Leaf("link", "rel", "icon", "href", "data:,")
	m.Open("style")
	m.Raw(css)
	m.Close("style")
	m.Close("head")
}

func (p *Page) top(m *markup.Writer) {
	m.Raw(`<a class="skip" href="#main">Skip to the answer</a><header class="top">`)
	m.Element("h1", p.Title)
	m.Raw(`<div class="field"><label for="seed">Seed</label><input id="seed" inputmode="numeric" maxlength="20" autocomplete="off"></div>` +
		`<button id="again" type="button">Next seed</button>` +
		fmt.Sprintf(`<div class="field"><label for="changes">Changes</label><input id="changes" type="number" min="1" max="%d" step="1000"></div>`, tick.MaxChanges) +
		`<button id="reset" type="button">Reset</button><button id="copy" type="button">Copy scenario as YAML</button>` +
		`<button id="save" type="button">Save study.json</button><button id="present" type="button" aria-pressed="false">Big type</button></header>`)
}

// body is what is the same in every playground.
func body(m *markup.Writer) {
	m.Raw(`<noscript><p>This page simulates in your browser and needs its scripts.</p></noscript>
<div class="two"><section id="levers" aria-label="Inputs"><h2>Inputs</h2><div id="main-levers"></div><details><summary>All other inputs</summary><div id="more-levers"></div></details></section>
<main id="main"><p id="status" role="status">The engine is starting.</p><ul id="faults" hidden></ul><p id="says" class="heard" aria-live="polite" tabindex="-1"></p>
<textarea id="yaml" hidden readonly aria-label="The scenario with what you moved"></textarea><div id="answer"></div>
<section id="stage" hidden aria-label="One change, two alternatives"><h2>One change, two alternatives, one clock</h2>
<div class="controls"><label for="story">Change</label><select id="story"></select><label for="left">left</label><select id="left"></select><label for="right">right</label><select id="right"></select></div>
<div class="controls"><button id="back" type="button">Step back</button><button id="play" type="button">Play</button><button id="forward" type="button">Step</button>
<label for="speed">Speed</label><select id="speed"><option value="0.5">half</option><option value="1" selected>normal</option><option value="2">double</option><option value="4">four times</option></select>
<label for="time">Time</label><input id="time" type="range" min="0" max="1" step="0.01" value="0"></div><p id="clock"></p><div class="lanes">`)
	for k := range 2 {
		m.Raw(fmt.Sprintf(`<article class="lane" id="lane%d"><h3></h3><p class="place"></p><div class="bar traffic"><b><i></i></b><span></span></div><div class="bar evidence"><b><i></i></b><span></span></div><p class="failed"></p><p class="caption" aria-live="polite"></p></article>`, k))
	}
	m.Raw(`</div><details id="table"><summary>The same as a table</summary><div class="scroll" tabindex="0" role="group" aria-label="What happened, step by step"><table id="steps"><thead><tr><th scope="col">after</th><th scope="col">left</th><th scope="col">right</th></tr></thead><tbody></tbody></table></div></details></section></main></div>
<footer><p>Made by rollrisk. Every number on this page is about a model with the inputs that stand in it, not a promise about any release. Nothing leaves this page.</p></footer>
`)
}
