package scenarios

import (
	"errors"
	"regexp"
	"strings"

	"github.com/rollrisk/rollrisk/sim/dist"
)

// quantity is a Number as it was read.
type quantity struct {
	middle float64 // the value, or the median of its distribution
	doubt  string
	dist   dist.Dist
}

// Spread is one way to write what is in doubt: words, and amounts in capitals.
// "#" marks a plain number, "..." one amount or more. Without the word `varies`
// before it, nobody knows the value: it is drawn once for each replication.
type Spread struct {
	Form   string // e.g. "uniform LOW to HIGH"
	Doc    string
	Varies bool // only after `varies`
	Shares bool // also for shares, whose values stay between 0 and 1
	make   func(t Number, x []float64) (dist.Dist, error)
}

// Spreads lists the ways. The first is the usual one.
func Spreads() []Spread {
	return []Spread{
		{Form: "LOW to HIGH", Shares: true, make: interval,
			Doc: "5 % lie below LOW and 5 % above HIGH: logit-normal for a share, log-normal otherwise."},
		{Form: "uniform LOW to HIGH", Shares: true, make: as(func(x []float64) (dist.Uniform, error) { return dist.NewUniform(x[0], x[1]) }),
			Doc: "Anywhere between, all equally likely."},
		{Form: "triangular LOW to HIGH around MODE", Shares: true, make: as(func(x []float64) (dist.Triangular, error) { return dist.NewTriangular(x[0], x[2], x[1]) }),
			Doc: "Between LOW and HIGH, most likely MODE."},
		{Form: "median MEDIAN p90 P90", make: as(func(x []float64) (dist.LogNormal, error) { return dist.NewLogNormalMedian(x[0], x[1]) }),
			Doc: "Log-normal: half lie below MEDIAN, 10 % above P90."},
		{Form: "exponential mean MEAN", Varies: true, make: as(func(x []float64) (dist.Exponential, error) { return dist.NewExponential(x[0]) }),
			Doc: "The wait for what can happen at any time."},
		{Form: "gamma shape #SHAPE mean MEAN", Varies: true, make: as(func(x []float64) (dist.Gamma, error) { return dist.NewGamma(x[0], x[1]/x[0]) }),
			Doc: "The larger SHAPE, the less it varies; 1 is exponential."},
		{Form: "weibull shape #SHAPE scale SCALE", Varies: true, make: as(func(x []float64) (dist.Weibull, error) { return dist.NewWeibull(x[0], x[1]) }),
			Doc: "A wait whose rate falls with time (SHAPE below 1) or rises (above 1); 63 % lie below SCALE."},
		{Form: "observed VALUE...", Varies: true, Shares: true, make: as(dist.NewEmpirical),
			Doc: "One of the values that were observed, separated by spaces, all equally likely."},
	}
}

// as makes a maker of any distribution one of dist.Dist.
func as[D dist.Dist](f func(x []float64) (D, error)) func(Number, []float64) (dist.Dist, error) {
	return func(_ Number, x []float64) (dist.Dist, error) {
		d, err := f(x)
		if err != nil {
			return nil, err
		}
		return d, nil
	}
}

// interval is the distribution with 5 % below low and 5 % above high.
func interval(t Number, x []float64) (dist.Dist, error) {
	if t.isShare() {
		return as(func(x []float64) (dist.LogitNormal, error) { return dist.NewLogitNormalInterval(x[0], x[1]) })(t, x)
	}
	return as(func(x []float64) (dist.LogNormal, error) { return dist.NewLogNormalInterval(x[0], x[1]) })(t, x)
}

func (t Number) isShare() bool { return t.Unit.Name == Share.Name }

// quantity reads an amount or a Spread.
//
//	12%                  known
//	35% to 60%           unknown: drawn once for each replication
//	varies 10m to 2h     different each time: drawn at each use
func (t Number) quantity(text, currency string) (quantity, *problem) {
	words := strings.Fields(text)
	doubt := unknown
	if words[0] == varies {
		doubt, words = varies, words[1:]
	}
	if doubt == unknown && len(words) == 1 {
		x, p := t.amount(words[0], currency)
		return quantity{middle: x, doubt: known}, orInterval(p, words[0], t)
	}
	s, amounts, ok := matching(words)
	switch {
	case !ok:
		return quantity{}, problemf("write "+t.forms(), "%s is not understood", show(text))
	case doubt == unknown && t.Doubts == NoDoubt:
		return quantity{}, problemf("write one value, such as "+t.Unit.Examples[0], "%s: this must be known exactly", show(text))
	case doubt == varies && t.Doubts < MayVary:
		return quantity{}, problemf("write "+t.forms(), "%s: this cannot differ from use to use", show(text))
	case doubt == unknown && s.Varies:
		return quantity{}, problemf("did you mean `varies "+strings.Join(words, " ")+"`?", "%s says how a value varies, not what is known of it", show(text))
	case t.isShare() && !s.Shares:
		return quantity{}, problemf("write "+t.forms(), "%s: a share cannot be above 100%%", show(text))
	}
	d, p := t.dist(s, amounts, currency)
	if p != nil {
		return quantity{}, p.varying(doubt == varies)
	}
	return quantity{middle: d.Quantile(0.5), doubt: doubt, dist: d}, nil
}

// varying keeps the word `varies`, if it was there, in a hint that writes an
// interval anew.
func (p *problem) varying(was bool) *problem {
	if words := strings.Fields(p.hint); was && len(words) == 4 && words[0] == "write" && words[2] == "to" {
		words[0] = "write " + varies
		return &problem{message: p.message, hint: strings.Join(words, " ")}
	}
	return p
}

// matching finds the Spread that words are written in, and its amounts.
func matching(words []string) (Spread, []string, bool) {
	for _, s := range Spreads() {
		if amounts, ok := s.match(words); ok {
			return s, amounts, true
		}
	}
	return Spread{}, nil, false
}

// match takes the amounts out of words; false when they are in another form.
// A plain number keeps its mark.
func (s Spread) match(words []string) (amounts []string, ok bool) {
	form := strings.Fields(s.Form)
	if last := form[len(form)-1]; strings.HasSuffix(last, "...") {
		for len(form) < len(words) {
			form = append(form, last)
		}
	}
	if len(form) != len(words) {
		return nil, false
	}
	for i, f := range form {
		switch {
		case f[0] == '#':
			amounts = append(amounts, "#"+words[i])
		case f == strings.ToUpper(f):
			amounts = append(amounts, words[i])
		case f != words[i]:
			return nil, false
		}
	}
	return amounts, true
}

// dist makes the distribution. Every amount in it must lie in the range of the
// Number itself.
func (t Number) dist(s Spread, amounts []string, currency string) (dist.Dist, *problem) {
	x := make([]float64, len(amounts))
	for i, text := range amounts {
		var p *problem
		if plain, ok := strings.CutPrefix(text, "#"); ok {
			x[i], p = number(plain)
		} else {
			x[i], p = t.amount(text, currency)
		}
		if p != nil {
			return nil, p
		}
	}
	if strings.Contains(s.Form, "LOW to HIGH") {
		if p := t.ends(s, amounts, x); p != nil {
			return nil, p
		}
	}
	d, err := s.make(t, x)
	var e *dist.ParameterError
	switch {
	case errors.As(err, &e):
		return nil, problemf("", "%s: the %s must %s", s.Form, e.Parameter, e.Need)
	case err != nil:
		return nil, problemf("", "%s: %v", s.Form, err)
	}
	return d, nil
}

// ends holds the two ends of an interval against each other and its limits.
func (t Number) ends(s Spread, text []string, x []float64) *problem {
	low, high := text[0], text[1]
	plain := s.Form == Spreads()[0].Form
	switch {
	case x[0] == x[1]:
		return problemf("write "+low+" when it is known", "%s to %s is no interval", low, high)
	case x[0] > x[1]:
		return problemf("write "+high+" to "+low, "%s to %s: the lower end comes first", low, high)
	case plain && x[0] == 0:
		return problemf("write a lower end above 0, or uniform "+low+" to "+high, "%s to %s: 5 %% would have to lie below 0", low, high)
	case plain && t.isShare() && x[1] == 1:
		return problemf("write an upper end below 100%, or uniform "+low+" to "+high, "%s to %s: 5 %% would have to lie above 100%%", low, high)
	}
	return nil
}

// forms are the ways to write the Number, for a hint.
func (t Number) forms() string {
	a, b := t.Unit.Examples[0], t.Unit.Examples[1]
	switch t.Doubts {
	case NoDoubt:
		return "one value, such as " + a
	case MayDoubt:
		return "a value such as " + a + ", or an interval such as `" + a + " to " + b + "`"
	}
	return "a value such as " + a + ", an interval such as `" + a + " to " + b + "`, or `varies " + a + " to " + b + "`"
}

// orInterval adds the right way to write an interval to a problem with a
// single word that looks like one.
func orInterval(p *problem, word string, t Number) *problem {
	if p == nil || t.Doubts == NoDoubt {
		return p
	}
	for _, sep := range []string{"...", "..", "–", "—", "-"} {
		a, b, ok := strings.Cut(word, sep)
		if ok && digits(a) > 0 && digits(b) > 0 {
			return problemf("an interval is written `"+a+" to "+b+"`", "%s is not understood", show(word))
		}
	}
	return p
}

// pattern is the Spread as a regular expression over amounts of a unit.
func (s Spread) pattern(amount string) string {
	words := strings.Fields(s.Form)
	for i, w := range words {
		switch {
		case strings.HasSuffix(w, "..."):
			words[i] = amount + "( +" + amount + ")*"
		case w[0] == '#':
			words[i] = Factor.pattern
		case w == strings.ToUpper(w):
			words[i] = amount
		default:
			words[i] = regexp.QuoteMeta(w)
		}
	}
	return strings.Join(words, " +")
}
