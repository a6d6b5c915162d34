package importer

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/rollrisk/rollrisk/models/assess"
)

// question is what is known of a metric before anybody says what it measures.
type question struct {
	name       string
	provider   string // key of the provider, e.g. "prometheus"
	query      string // with its arguments filled in
	conditions string // all that is written about values
}

// recognise says what a metric measures, by its query; where that is no query of
// Prometheus, by its name. What is not recognised is custom.
func (q question) recognise() assess.Probe {
	p := assess.Probe{Signal: assess.Unknown, Query: q.query, Window: windowOf(q.query)}
	p.Vector = q.provider == "prometheus" && !strings.HasPrefix(strings.TrimSpace(q.query), "scalar(") ||
		q.provider != "prometheus" && strings.Contains(q.conditions, "result[0]")
	text := strings.ToLower(spaces.ReplaceAllString(q.query, " "))
	switch {
	case quantile.MatchString(text):
		level, err := strconv.ParseFloat(quantile.FindStringSubmatch(text)[1], 64)
		if err == nil && level > 0 && level < 1 {
			p.Signal, p.Quantile = assess.Slow, level
		}
	case q.provider == "prometheus":
		ratio(&p, text)
	default:
		q.byName(&p)
	}
	return p
}

var (
	spaces   = regexp.MustCompile(`\s+`)
	quantile = regexp.MustCompile(`histogram_quantile\( ?(0?\.\d+)`)
	lookback = regexp.MustCompile(`\[((?:\d+(?:ms|[smhdwy]))+)(?::[^\]]*)?\]`)
	amount   = regexp.MustCompile(`(\d+)(ms|[smhdwy])`)

	// What a selector or a name says of the requests that it counts. A denial comes
	// first: !~"5.." are the good ones.
	denied  = regexp.MustCompile(`!~? ?["'][^"']*(?:[45]|err|fail)|!= ?["'](?:[45]|err|fail)`)
	spoiled = regexp.MustCompile(`=~? ?["'][^"']*[45](?:[.x\d\[|]|\*)|=~? ?["'](?:err|fail)|error|fail|5xx`)
	fine    = regexp.MustCompile(`=~? ?["']\(?\^?(?:[123]|\[[1-3]|success|ok)|success|2xx|good`)

	// Requests that the caller got wrong: a broken release need not show there.
	callers = regexp.MustCompile(`=~? ?["']\(?\^?\[?4`)
	fives   = regexp.MustCompile(`=~? ?["'][^"']*5`)

	hundred     = regexp.MustCompile(`\* ?100\b|\b100(?:\.0)? ?\*`)
	oneMinus    = regexp.MustCompile(`^[( ]*1(?:\.0)? ?-`)
	hundredLess = regexp.MustCompile(`^[( ]*100(?:\.0)? ?-`)
)

// ratio recognises a share of requests: one selection over another.
func ratio(p *assess.Probe, text string) {
	body, flipped := text, false
	if loc := oneMinus.FindStringIndex(text); loc != nil {
		body, flipped = text[loc[1]:], true
	} else if loc := hundredLess.FindStringIndex(text); loc != nil {
		body, flipped = text[loc[1]:], true
		p.Scale = 100
	}
	over := division(body)
	if over < 0 {
		return
	}
	above := body[:over]
	switch {
	case denied.MatchString(above):
		p.Success = true
	case callers.MatchString(above) && !fives.MatchString(above):
		return
	case spoiled.MatchString(above):
	case fine.MatchString(above):
		p.Success = true
	default:
		return
	}
	p.Signal = assess.Failing
	p.Success = p.Success != flipped
	if hundred.MatchString(text) {
		p.Scale = 100
	}
}

// division is where one selection is divided by another: outside of quotes and of the
// selectors in braces; -1 where nothing is.
func division(text string) int {
	quote, braces := byte(0), 0
	for i := range len(text) {
		switch c := text[i]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '{':
			braces++
		case c == '}':
			braces--
		case c == '/' && braces == 0:
			return i
		}
	}
	return -1
}

// windowOf is the longest range of a query of Prometheus; 0 where there is none.
func windowOf(query string) time.Duration {
	var longest time.Duration
	for _, m := range lookback.FindAllStringSubmatch(query, -1) {
		longest = max(longest, promSpan(m[1]))
	}
	return longest
}

// promSpan reads a duration of Prometheus, such as 1h30m or 1d; 0 where it is none.
func promSpan(text string) time.Duration {
	units := map[string]time.Duration{"ms": time.Millisecond, "s": time.Second, "m": time.Minute, "h": time.Hour,
		"d": 24 * time.Hour, "w": 7 * 24 * time.Hour, "y": 365 * 24 * time.Hour}
	var d time.Duration
	for _, m := range amount.FindAllStringSubmatch(text, -1) {
		n, err := strconv.Atoi(m[1])
		if err != nil || n > 100_000_000 {
			return 0
		}
		d += time.Duration(n) * units[m[2]]
		if d < 0 {
			return 0
		}
	}
	return d
}

// number finds the numbers of a condition.
var number = regexp.MustCompile(`(?:>=?|<=?)\s*(\d+(?:\.\d+)?)`)

// byName recognises what other providers are asked for by the words people use.
func (q question) byName(p *assess.Probe) {
	words := strings.ToLower(strings.NewReplacer("_", "-", " ", "-").Replace(q.name + " " + q.query))
	switch {
	case contains(words, "success-rate", "success-ratio", "availability"):
		p.Signal, p.Success = assess.Failing, true
	case contains(words, "error-rate", "error-ratio", "failure-rate", "5xx-rate", "error-percent"):
		p.Signal = assess.Failing
	default:
		return
	}
	for _, m := range number.FindAllStringSubmatch(q.conditions, -1) {
		if x, err := strconv.ParseFloat(m[1], 64); err == nil && x > 1 {
			p.Scale = 100
		}
	}
}

// apply lays what the user says over what was recognised.
func (o Override) apply(p *assess.Probe) {
	p.Signal, p.Success, p.Quantile, p.Scale = o.Signal, o.Success, o.Quantile, o.Scale
	if o.Window > 0 {
		p.Window = o.Window
	}
}
