package analytic

import (
	"math"
	"strconv"
	"strings"
	"testing"
)

func TestKnownControllers(t *testing.T) {
	knownFile(t, "controllers.json", map[string]func(question) answer{
		"BURN_det_99.9_4tiers":  answerTiers,
		"BURN_det_canary_share": answerDiluted,
		"BURN_erlang_":          answerBurnCount,
		"FLAGGER_E2E_":          answerFlagger,
		"ARGO_E2E_":             answerArgo,
		"BAYES_beta":            answerBayes,
	})
}

// never is how the testdata write that no alarm rings.
func never(x float64) float64 {
	if math.IsInf(x, 1) {
		return -1
	}
	return x
}

// workbook are the tiers of the workbook for an objective of 99.9 %.
func workbook() map[string][]Burn {
	return map[string][]Burn{
		"page":   {{Objective: 0.999, Rate: 14.4, Window: 3600, Short: 300}, {Objective: 0.999, Rate: 6, Window: 21600, Short: 1800}},
		"ticket": {{Objective: 0.999, Rate: 3, Window: 86400, Short: 7200}, {Objective: 0.999, Rate: 1, Window: 259200, Short: 21600}},
	}
}

func answerTiers(q question) answer {
	values := map[string]float64{}
	for _, text := range strings.Fields("1 0.5 0.15 0.1 0.05 0.02 0.0144 0.01 0.006 0.005 0.003 0.002 0.0011") {
		errors, err := strconv.ParseFloat(text, 64)
		if err != nil {
			q.t.Fatal(err)
		}
		for kind, tiers := range workbook() {
			first := FirstBurn(tiers, q.number("baseline_error"), errors)
			values[text+"."+kind+"_s"] = never(first)
			if kind == "page" {
				values[text+".budget_at_page"] = never(tiers[0].Spent(errors, first, q.number("period_s")))
			}
		}
	}
	return answer{values: values}
}

func answerDiluted(q question) answer {
	b := Burn{Objective: q.number("slo"), Rate: q.number("B"), Window: q.number("W")}
	at := func(share float64) float64 {
		return never(b.Time(q.number("b0"), Diluted(q.number("b0"), q.number("d"), share)))
	}
	return answer{values: map[string]float64{"t_s": at(q.number("share")), "t_s_share_1pct": at(0.01)}}
}

func answerBurnCount(q question) answer {
	b := BurnCount{Burn: Burn{Objective: q.number("slo"), Rate: q.number("B"), Window: q.number("W")}, Requests: q.number("rps"), Errors: q.number("e")}
	return answer{values: map[string]float64{"threshold_count": b.Allowed(), "k": float64(b.Needed()), "mean_s": b.Mean(), "sd_s": b.SD(),
		"P_by_W": b.Within(), "q95_s": b.Quantile(0.95)}}
}

func answerFlagger(q question) answer {
	f := Flagger{Canary: Canary{Weights: q.numbers("weights"), Requests: q.number("requests_per_interval"), Rate: q.number("p_true"), Threshold: 0.01},
		Failures: q.count("threshold")}
	end := f.Run()
	values := map[string]float64{"P_rollback": end.Rollback, "P_promote": end.Promote, "E_intervals": end.Intervals,
		"E_canary_requests": end.Requests, "E_failed_requests": end.Failed}
	list(values, "f", f.Canary.Fails())
	return answer{values: values, rounding: 2e-16} // P_promote is 1 less P_rollback there
}

func answerArgo(q question) answer {
	a := Argo{Canary: Canary{Weights: q.numbers("weights_seen_by_each_measurement"), Requests: q.number("requests_per_interval"), Rate: q.number("p_true"),
		Threshold: 0.01}, Limit: q.count("failureLimit"), Delay: q.number("initialDelay_s"), Interval: q.number("interval_s")}
	end := a.Run()
	values := map[string]float64{"P_abort": end.Abort, "E_abort_time_given_abort_s": end.Time, "E_canary_requests_before_promotion_or_abort": end.Requests}
	list(values, "f", a.Canary.Fails())
	return answer{values: values}
}

func answerBayes(q question) answer {
	prior := BetaShare{q.numbers("prior")[0], q.numbers("prior")[1]}
	post := prior.After(q.count("k"), q.count("n"))
	values := map[string]float64{"mean": post.Mean(), "q025": post.Quantile(0.025), "q975": post.Quantile(0.975),
		"pred_P_no_fail_next20": post.Hits(0, 20), "abc_accept_prob_exact_match": prior.Hits(q.count("k"), q.count("n"))}
	list(values, "post", []float64{post.A, post.B})
	return answer{values: values}
}

// TestWorkbook: detection times in minutes by the workbook's formula, (1 - SLO) / error
// x window x burn rate, and the share of the budget that is gone at each tier.
func TestWorkbook(t *testing.T) {
	tiers := workbook()
	fast, slow, ticket := tiers["page"][0], tiers["page"][1], tiers["ticket"][1]
	for _, c := range []struct {
		tier    Burn
		errors  float64
		minutes float64
	}{
		{fast, 1, 0.864}, {fast, 0.1, 8.64}, {fast, 0.05, 17.28}, {fast, 0.02, 43.2}, {fast, 0.0144, math.Inf(1)},
		{slow, 1, 2.16}, {slow, 0.1, 21.6}, {slow, 0.05, 43.2}, {slow, 0.02, 108}, {slow, 0.01, 216},
		{ticket, 1, 4.32}, {ticket, 0.01, 432}, {ticket, 0.005, 864},
	} {
		if got := c.tier.Time(0, c.errors) / 60; !(got == c.minutes || math.Abs(got-c.minutes) < 1e-9) {
			t.Errorf("%v of the requests fail: burn rate %v rings after %v min, want %v", c.errors, c.tier.Rate, got, c.minutes)
		}
	}
	for i, want := range []float64{0.02, 0.05, 0.10, 0.10} { // table 5-8 and the tier of a day
		b := append(tiers["page"], tiers["ticket"]...)[i]
		errors := b.Threshold() * 1.0000001
		if got := b.Spent(errors, b.Time(0, errors), 30*86400); math.Abs(got-want) > 1e-6 {
			t.Errorf("tier %d: %v of the budget spent, want %v", i, got, want)
		}
	}
}

// TestBurnLooks: a rule of 36 times a budget of 0.1 % in an hour that looks once a
// minute: of a full outage from the start of the first minute it sees 1.666 %, 3.333 %
// and 5 %, and rings two minutes after the first look (DevOps Stack Exchange, question
// 8266).
func TestBurnLooks(t *testing.T) {
	b := Burn{Objective: 0.999, Rate: 36, Window: 3600}
	if at := b.Time(0, 1); math.Abs(at-129.6) > 1e-9 {
		t.Errorf("it rings after %v s, want 129.6", at)
	}
	if n := b.Look(0, 1, 60); n != 3 {
		t.Errorf("it rings at look %v, want the third", n)
	}
	for interval, want := range map[float64]float64{129.6: 2, 64.8: 3, 129.7: 1, 129.5: 2} {
		if n := b.Look(0, 1, interval); n != want { // exactly the threshold does not ring
			t.Errorf("with a look every %v s it rings at look %v, want %v", interval, n, want)
		}
	}
	if n := b.Look(0, 0.036, 60); !math.IsInf(n, 1) {
		t.Errorf("what is allowed rings at look %v", n)
	}
	if n := b.Look(0.5, 1, 60); n != 1 {
		t.Errorf("a baseline that is too high rings at look %v", n)
	}
}

// TestBurnExhausted: at 1 % errors, ten times too fast, a budget of 0.1 % and 30 days
// is gone after 3 days, and at 14.4 times after 50 hours (workbook, chapter 5, table
// 5-1).
func TestBurnExhausted(t *testing.T) {
	b := Burn{Objective: 0.999, Rate: 14.4, Window: 3600}
	for errors, hours := range map[float64]float64{0.01: 72, 0.0144: 50, 0.001: 720} {
		if got := b.Exhausted(errors, 30*86400) / 3600; math.Abs(got-hours) > 1e-9 {
			t.Errorf("%v of the requests fail: the budget lasts %v h, want %v", errors, got, hours)
		}
	}
}
