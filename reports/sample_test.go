package reports_test

import (
	"fmt"
	"math"
	"slices"

	"github.com/rollrisk/rollrisk/models/study"
	"github.com/rollrisk/rollrisk/sim/portable"
	"github.com/rollrisk/rollrisk/sim/stat"
)

// pipeline is one made-up alternative: how the harm of a defective change
// spreads, and what becomes of its defects.
type pipeline struct {
	title   string
	harmful float64 // share of the defective changes that hurt anybody
	middle  float64 // users, middle of those that do
	sigma   float64 // of the logarithm
	huge    float64 // users hurt by the worst 1 in 200
	detect  float64 // hours, middle case
	missed  float64 // share of defects never noticed
	delay   float64 // currency, a change
	stops   []study.Stop
	way     []step // to users, as long as nothing is noticed
}

// step is a share of the users who have a change from so many hours on after it is ready.
type step struct{ hours, share float64 }

// sampleChanges is how many defective changes the made-up studies have.
const sampleChanges = 4000

// makeStudy makes a study by hand: outcomes from closed forms on a fixed grid,
// reduced with the statistics that a real study uses. Change i meets the same
// cause in every pipeline, and a luck of its own.
func makeStudy(pipelines ...pipeline) *study.Study {
	s := &study.Study{
		Schema: study.SchemaVersion, Version: "0.1.0", Command: "rollrisk run checkout --seed 1", Seed: 1,
		About: study.About{Name: "checkout", Title: "Checkout: weekly train or rings?", File: "checkout.yaml",
			Text: "name: checkout\nservice:\n  users: 1000000\n"},
		Currency: "$", Level: 0.9,
		Size: study.Size{Changes: 20000, Defective: sampleChanges, Defects: sampleChanges, Replications: 500, PerPeriod: 40},
		Metrics: []study.Metric{
			{Name: "users_affected", Title: "users affected", Unit: "users", Better: "lower", Per: "defective_change", Form: "amount", Doc: "Distinct users who met a failure."},
			{Name: "time_to_detect", Title: "time to detect", Unit: "hours", Better: "lower", Per: "defect", Form: "amount", Doc: "From first exposure to the alarm."},
			{Name: "never_detected", Title: "never detected", Unit: "share", Better: "lower", Per: "defect", Form: "event", Doc: "Share that nobody noticed."},
			{Name: "cost", Title: "cost per change", Unit: "money", Better: "lower", Per: "change", Form: "amount", Doc: "Harm, incidents and delay."},
			{Name: "change_failure_rate", Title: "change failure rate", Unit: "share", Better: "lower", Per: "change", Form: "event", Doc: "Share of changes taken back."},
		},
		Inputs: []study.Input{
			{Path: "service.users", Label: "users", Value: "1 000 000", Doubt: "known", Provenance: study.Measured},
			{Path: "stages.staging.fidelity", Label: "staging fidelity", Value: "35% to 60%", Doubt: "unknown", Provenance: study.Assumption, Source: "nobody has measured it"},
			{Path: "classes.logic.reproducible", Label: "logic defects reproducible", Value: "77%", Doubt: "known", Provenance: study.Cited, Source: "Yuan et al. 2014, Table 8", Default: true},
		},
		Excluded: []string{"Correlated requests: failures of one user are independent given the defect.", "Several services that fail together."},
		Warnings: []stat.Warning{},
	}
	var all []columns
	for _, p := range pipelines {
		c := p.columns(len(all))
		all = append(all, c)
		s.Alternatives = append(s.Alternatives, p.alternative(c, s.Level))
	}
	for i := 1; i < len(all); i++ {
		s.Comparisons = append(s.Comparisons, compare(all[0], all[i], i, len(all)-1))
	}
	return s
}

// columns are the rows of the metrics of one pipeline.
type columns struct{ users, detect, missed, cost, failed stat.Column }

func (c columns) all() []stat.Column {
	return []stat.Column{c.users, c.detect, c.missed, c.cost, c.failed}
}

func (p pipeline) columns(n int) columns {
	clusters := stat.Even(sampleChanges, sampleChanges/500)
	users, detect, missed := make([]float64, sampleChanges), make([]float64, sampleChanges), make([]float64, sampleChanges)
	cost, failed := make([]float64, sampleChanges), make([]float64, sampleChanges)
	for i := range users {
		cause, luck := spread(i, 0), spread(i, n+1)
		users[i] = 0
		if u := 1 - cause; u < p.harmful {
			z := 0.8*portable.NormalQuantile(1-u/p.harmful*0.9999) + 0.6*portable.NormalQuantile(luck)
			users[i] = portable.Exp(portable.Log(p.middle) + p.sigma*z)
		}
		if luck > 0.995 && p.huge > 0 {
			users[i] = p.huge
		}
		detect[i] = -p.detect * portable.Log(1-luck) / math.Ln2
		if spread(i, n+7) < p.missed {
			detect[i], missed[i] = math.Inf(1), 1
		}
		cost[i] = p.delay + 12*users[i]
		if users[i] > 100 {
			failed[i] = 1
		}
	}
	of := func(rows []float64) stat.Column { return stat.Column{Rows: rows, Clusters: clusters} }
	return columns{of(users), of(detect), of(missed), of(cost), of(failed)}
}

// spread is a point of the additive recurrence with the n-th prime's root: even
// over (0, 1), and another order for every n up to 11.
func spread(i, n int) float64 {
	roots := [...]float64{math.Sqrt2, 1.7320508075688772, 2.23606797749979, 2.6457513110645907, 3.3166247903554,
		3.605551275463989, 4.123105625617661, 4.358898943540674, 4.795831523312719, 5.385164807134504, 5.5677643628300215}
	x := float64(float64(i+1) * roots[n%len(roots)])
	return min(max(x-math.Floor(x), 1e-9), 1-1e-9)
}

func (p pipeline) alternative(c columns, level float64) study.Alternative {
	a := study.Alternative{Name: p.title, Title: p.title, Stops: p.stops, Detectors: []string{"alarms"}}
	for _, s := range p.stops {
		if s.Kind == "environment" || s.Kind == "ring" {
			a.Stages = append(a.Stages, study.StageInfo{Name: s.Where, Kind: s.Kind})
		}
	}
	for k, column := range c.all() {
		o := stat.SummaryOptions{Level: level, Quantiles: []float64{.05, .25, .5, .75, .9, .95, .99}, Tails: []float64{.95, .99}}
		if k == 2 || k == 4 {
			o.Quantiles, o.Tails = nil, nil
		}
		a.Summaries = append(a.Summaries, stat.Summarise(sample(column), o))
	}
	a.Exceed = []study.ExceedCurve{{Metric: "users_affected", Curve: stat.Exceedance(sample(c.users), stat.CurveOptions{Level: level, Points: 40})}}
	a.Survival = stat.SurvivalOf(sample(c.detect), stat.CurveOptions{Level: level, Points: 40})
	a.Exposure = p.exposure(c)
	sorted := sample(c.users).Sorted()
	for k := range 50 {
		a.Dots = append(a.Dots, stat.Number(sorted[(2*k+1)*len(sorted)/100]))
	}
	return a
}

// exposure is who is on a change that hurts anybody: on its way until an hour after it
// is detected.
func (p pipeline) exposure(c columns) study.Exposure {
	n := len(c.users.Rows)
	e := study.Exposure{Changes: n}
	for _, t := range []float64{1. / 6, 0.25, 0.5, 1, 1.5, 2, 3, 4, 6, 9, 12, 18, 24, 36, 48, 72, 96, 120, 168, 240, 336, 480, 730} {
		shares, reached, left := make([]float64, n), 0, 0
		for i, users := range c.users.Rows {
			for _, s := range p.way {
				if begun := t >= s.hours && users > 0; begun {
					shares[i] = s.share
				}
			}
			if shares[i] > 0 {
				reached++
			}
			if t >= p.way[0].hours+c.detect.Rows[i]+1 {
				shares[i] = 0
			}
			if shares[i] > 0 {
				left++
			}
		}
		x := study.ExposurePoint{Hours: t}
		for _, s := range shares {
			x.Mean += s / float64(n)
		}
		slices.Sort(shares)
		for at, q := range map[int]*float64{5: &x.P5, 25: &x.P25, 50: &x.P50, 75: &x.P75, 95: &x.P95} {
			*q = shares[at*n/100-1]
		}
		e.Points = append(e.Points, x)
		e.Reached, e.Left = float64(reached)/float64(n), float64(left)/float64(n)
	}
	return e
}

func sample(c stat.Column) stat.Sample { return stat.NewSample(c, new(stat.Scratch)) }

func compare(baseline, alternative columns, i, comparisons int) study.Comparison {
	c := study.Comparison{Alternative: i}
	for k, b := range baseline.all() {
		a := alternative.all()[k]
		c.Differences = append(c.Differences, stat.Compare(b, a, stat.CompareOptions{Level: 0.9, Comparisons: comparisons}))
	}
	rule := stat.Rule{Absolute: 1, Relative: 0.01}
	contest := study.Contest{Metric: "users_affected", Coupling: study.Coupling, Overall: stat.Compete(baseline.users, alternative.users, rule, 0.9)}
	for n, class := range []string{"logic", "configuration", "upgrade-data-format"} {
		count := study.ClassCount{Class: class}
		for r, b := range baseline.users.Rows {
			// The worst causes are of the last class.
			if min(int(3*spread(r, 0)), 2) != n {
				continue
			}
			count.Pairs++
			switch rule.Judge(b, alternative.users.Rows[r]) {
			case stat.Win:
				count.Wins++
			case stat.Loss:
				count.Losses++
			default:
				count.Ties++
			}
		}
		contest.ByClass = append(contest.ByClass, count)
	}
	c.Contests = []study.Contest{contest}
	return c
}

func stopsOf(kinds string, counts ...float64) []study.Stop {
	var all []study.Stop
	for i, kind := range kinds {
		s := study.Stop{PerThousand: counts[i]}
		switch kind {
		case 'e':
			s.Where, s.Kind = fmt.Sprintf("environment %d", i+1), "environment"
		case 'r':
			s.Where, s.Kind = fmt.Sprintf("ring %d", i+1), "ring"
		case 'n':
			s.Where, s.Kind = "never", "never"
		case 'h':
			s.Where, s.Kind = "harmless", "harmless"
		}
		all = append(all, s)
	}
	return all
}

// The pipelines of the made-up studies.
func train() pipeline {
	return pipeline{title: "Weekly train through staging", harmful: 0.8, middle: 41000, sigma: 1.4, detect: 6.4, missed: 0.04, delay: 4000,
		stops: stopsOf("eeernh", 212.4, 181.5, 96.1, 402, 48, 60), way: []step{{66, 1}}}
}

func rings() pipeline {
	return pipeline{title: "Rings 1/10/50/100", harmful: 0.85, middle: 1900, sigma: 1.6, detect: 1.1, missed: 0.06, delay: 900,
		stops: stopsOf("errrrnh", 198, 301, 243, 80, 42, 71, 65), way: []step{{3, 0.01}, {4, 0.1}, {6, 0.5}, {12, 1}}}
}

func both() pipeline {
	return pipeline{title: "Staging, then rings", harmful: 0.5, middle: 1500, sigma: 1.5, detect: 1.2, missed: 0.05, delay: 4400,
		stops: stopsOf("eeerrrrnh", 212.4, 181.5, 96.1, 160, 131, 60, 20, 55, 84), way: []step{{66, 0.01}, {67, 0.1}, {69, 0.5}, {75, 1}}}
}

// better is the ordinary study: the alternative hurts fewer users.
func better() *study.Study { return makeStudy(train(), rings()) }

// three compares more than two alternatives. Against the second no input turns the
// answer round; against the first, some do.
func three() *study.Study {
	s := makeStudy(train(), rings(), both())
	users, cost := study.BreakEvenOf{Known: true, Ahead: 2, By: 0.3}, study.BreakEvenOf{Known: true, Ahead: 0, By: 120}
	s.BreakEvens = []study.BreakEvens{turnedRound(2, 0, users, cost), {Best: 2, Rival: 1, Changes: 4000, Factor: 10,
		Users: users, Cost: study.BreakEvenOf{Ahead: 2}, Inputs: []study.BreakEvenInput{{Path: "service.users", Label: "users", Value: "1M", Unit: "count", At: 1e6, Low: 1e6, High: 1e6, From: 1e5, To: 1e7}}}}
	return s
}

// turnedRound are break-evens of each kind: of a share, a time, a price, a rate, a plain
// number and every class together.
func turnedRound(best, rival int, users, cost study.BreakEvenOf) study.BreakEvens {
	users.Flips, cost.Flips = 4, 2
	return study.BreakEvens{Best: best, Rival: rival, Changes: 4000, Factor: 10, Users: users, Cost: cost, Inputs: []study.BreakEvenInput{
		{Path: "changes.defects", Label: "defects in a change", Value: "0.1 to 0.25", Unit: "plain", At: 0.158, Low: 0.1, High: 0.25, From: 0.0158, To: 1.58,
			Users: []study.Flip{{At: 0.113, Low: 0.101, High: 0.125, Step: -0.335}}},
		{Path: "environments.staging.flaky", Label: "staging: flaky passes", Value: "10%", Unit: "share", At: 0.1, Low: 0.1, High: 0.1, From: 0.011, To: 0.526,
			Users: []study.Flip{{At: 0.18, Low: 0.17, High: 0.19, Above: true, Step: 0.68}}},
		{Path: "defects.classes.*.telemetry", Label: "defects that telemetry shows", Value: "different for each class", Unit: "share", At: 0.57, Low: 0.57, High: 0.57, From: 0.12, To: 0.93,
			Users: []study.Flip{{At: 0.31, Low: 0.29, High: 0.33, Step: -1.08}}},
		{Path: "service.costs.per_change_day", Label: "cost of delay", Value: "100", Unit: "money", At: 100, Low: 100, High: 100, From: 10, To: 1000,
			Cost: []study.Flip{{At: 31, Low: 28, High: 34, Step: -1.17}}},
		{Path: "response.act", Label: "deciding to the end of the exposure", Value: "varies 5m to 30m", Unit: "hours", At: 0.204, Low: 0.204, High: 0.204, From: 0.0204, To: 2.04,
			Users: []study.Flip{{At: 1.1, Low: 0.9, High: 1.3, Above: true, Step: 1.68}}},
		{Path: "changes.rate", Label: "changes", Value: "40/w", Unit: "per week", At: 40, Low: 40, High: 40, From: 4, To: 400,
			Cost: []study.Flip{{At: 210, Low: 190, High: 230, Above: true, Step: 1.66}}},
		{Path: "service.users", Label: "users", Value: "1M", Unit: "count", At: 1e6, Low: 1e6, High: 1e6, From: 1e5, To: 1e7},
	}}
}

// worse is a study in which the baseline wins.
func worse() *study.Study { return makeStudy(rings(), train()) }

// levelled compares a pipeline with itself under another luck.
func levelled() *study.Study {
	again := train()
	again.title = "The same train again"
	return makeStudy(train(), again)
}

// never is a study in which more than half of the defects go unnoticed.
func never() *study.Study {
	blind := rings()
	blind.missed, blind.title = 0.7, "Rings without alarms"
	return makeStudy(train(), blind)
}

// catastrophe is a study in which the alternative wins most changes and loses a
// few so badly that its mean is the worse one.
func catastrophe() *study.Study {
	fragile := rings()
	fragile.huge, fragile.title = 3e7, "Rings on one database"
	return makeStudy(train(), fragile)
}

// unharmed is a study in which no change carries a defect.
func unharmed() *study.Study {
	s := better()
	s.Size.Defective, s.Size.Defects = 0, 0
	none := sample(stat.Column{Rows: nil, Clusters: stat.Independent(0)})
	for i := range s.Alternatives {
		a := &s.Alternatives[i]
		for k := range a.Summaries {
			a.Summaries[k] = stat.Summarise(none, stat.SummaryOptions{Level: 0.9, Quantiles: []float64{.5}})
		}
		a.Dots, a.Exceed, a.Survival = nil, nil, stat.SurvivalOf(none, stat.CurveOptions{Level: 0.9})
		a.Exposure = study.Exposure{}
	}
	for i := range s.Comparisons {
		s.Comparisons[i].Contests = nil
		for k := range s.Comparisons[i].Differences {
			s.Comparisons[i].Differences[k] = stat.Comparison{Difference: stat.Number(math.NaN())}
		}
	}
	return s
}

// once is a study of one replication: there is no standard error and no
// interval anywhere.
func once() *study.Study {
	s := better()
	nan := stat.Number(math.NaN())
	for i := range s.Alternatives {
		for k := range s.Alternatives[i].Summaries {
			y := &s.Alternatives[i].Summaries[k]
			y.StandardError, y.Low, y.High = nan, nan, nan
			for q := range y.Quantiles {
				y.Quantiles[q].StandardError, y.Quantiles[q].Low, y.Quantiles[q].High = nan, nan, nan
			}
		}
		for _, c := range []*stat.Curve{&s.Alternatives[i].Exceed[0].Curve, &s.Alternatives[i].Survival.Curve} {
			for p := range c.Points {
				c.Points[p].Low, c.Points[p].High = nan, nan
			}
		}
	}
	c := &s.Comparisons[0]
	c.Contests[0].Overall.Lead.Low, c.Contests[0].Overall.Lead.High = nan, nan
	for k := range c.Differences {
		c.Differences[k].StandardError, c.Differences[k].Visible = nan, false
	}
	s.Size.Replications = 1
	return s
}
