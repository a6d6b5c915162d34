package scenarios

import (
	"slices"
	"strings"

	"github.com/rollrisk/rollrisk/models"
	"github.com/rollrisk/rollrisk/models/study"
)

// longest is the longest time a scenario may state: ten years, in hours.
const longest = 10 * 365 * 24

// Format is the whole format: the one source from which the decoder, the JSON
// schema, the reference and the table of inputs are made.
func Format() Mapping {
	return Mapping{Keys: []Key{
		{Name: "rollrisk", Required: true, Type: Version{}, Example: "1",
			Doc: "Version of this format. It is 1."},
		{Name: "name", Type: Text{Max: 40, Name: true}, Example: "checkout",
			Doc: "Short name of the scenario; the name of the file when it is not stated."},
		{Name: "title", Required: true, Type: Text{Max: 120}, Example: "An online shop with a million users",
			Doc: "What the scenario is about, in one line."},
		{Name: "question", Type: Text{Max: maxText}, Example: "Does a staging environment protect users better than small audiences do?",
			Doc: "What the study is to answer, in one or two sentences."},
		{Name: "currency", Type: Text{Max: 8}, Default: "$", Example: "EUR", Basis: assumed(""),
			Doc: "What stands before amounts of money: a sign or a short code without a space."},
		{Name: "study", Type: Mapping{Keys: studyKeys()},
			Doc: "How much is simulated."},
		{Name: "service", Required: true, Type: Mapping{Keys: serviceKeys(), Sourced: true},
			Doc: "What the changes are made to, and whom a defect can hurt."},
		{Name: "workweek", Type: Mapping{Keys: workweekKeys(), Sourced: true},
			Doc: "When people work: changes are made, approved and repaired then. A simulation begins on a Monday at 00:00."},
		{Name: "changes", Required: true, Type: Mapping{Keys: changesKeys(), Sourced: true},
			Doc: "Where changes come from and how many defects they carry. All alternatives meet the same ones."},
		{Name: "defects", Type: Mapping{Keys: defectsKeys()},
			Doc: "The kinds of defect: where they can be reproduced, who meets them and who notices."},
		{Name: "environments", Type: Named{Of: Mapping{Keys: environmentKeys(), Sourced: true}, What: "environment", Max: models.MaxStages},
			Doc: "Places without users where releases are tested. Stages refer to them by name, so that alternatives share what is known of them and what is not."},
		{Name: "detectors", Type: detectorsType(),
			Doc: "What watches users' traffic and notices a bad release. Every ring of every alternative is watched by all of them, unless it says otherwise."},
		{Name: "response", Type: Mapping{Keys: responseKeys(), Sourced: true},
			Doc: "What follows an alarm in production. Harm goes on until it is complete. An alternative may change single keys."},
		{Name: "fix", Type: Mapping{Keys: fixKeys(), Sourced: true},
			Doc: "What follows when a change was caught. An alternative may change single keys."},
		watchKey(), routingKey(), freezesKey(),
		{Name: "calibrate", Type: Mapping{Keys: calibrateKeys(), Sourced: true},
			Doc: "The organisation's own figures for its present pipeline. Before anything is compared, the inputs that nobody knows are solved so that the simulation reproduces them: how many changes arrive, how long environments take, how many defects a change carries, how long a response takes. What was solved, and how well, is printed."},
		{Name: "alternatives", Required: true, Type: Named{Of: Mapping{Keys: alternativeKeys()}, What: "alternative", Min: 1, Max: models.MaxPipelines},
			Doc: "The release pipelines under comparison. The first is the baseline."},
		correlatedKey(),
		{Name: "gates", Type: Named{Of: Mapping{Keys: gateKeys()}, What: "gate", Max: maxGates},
			Doc: "What the answer must hold, for `rollrisk check`: each gate passes, fails, or is undecided while the simulation error is too large to tell."},
	}}
}

// Why a value is what it is that is no fact about the world.
const (
	ofStudy       = "a choice of the study"
	ofAlternative = "a choice of this alternative"
)

// chosen are the same keys where a value that is stated is a decision and no
// fact about the world.
func chosen(keys []Key) []Key {
	keys = slices.Clone(keys)
	for i := range keys {
		keys[i].Stated = ofAlternative
	}
	return keys
}

func studyKeys() []Key {
	return []Key{
		{Name: "changes", Label: "changes to simulate", Default: "20k", Basis: assumed("enough for two digits; --changes asks for more"),
			Type: Number{Unit: Count, Min: 1, Max: maxChanges, Whole: true}, Stated: ofStudy,
			Doc: "Changes that are simulated and counted, for each alternative."},
		{Name: "level", Label: "level of intervals", Default: "90%", Basis: assumed("customary"),
			Type: Number{Unit: Share, Min: 0.5, Max: 0.999}, Stated: ofStudy,
			Doc: "Level of every interval that is printed."},
		{Name: "confidence", Label: "confidence of gates", Default: "99%", Basis: assumed("one wrong verdict in a hundred gates that stand exactly at their bound, hardly any elsewhere"),
			Type: Number{Unit: Share, Min: 0.5, Max: 0.9999}, Stated: ofStudy,
			Doc: "How sure the verdict on each gate is, however long is simulated; below it the gate is undecided."},
	}
}

// maxCorrelated bounds the list of correlations.
const maxCorrelated = 100

func correlatedKey() Key {
	return Key{Name: "correlated", Type: List{Of: Mapping{Keys: correlatedKeys(), Sourced: true}, What: "correlation", Min: 1, Max: maxCorrelated},
		Doc: "Which of the inputs that nobody knows hang together: where one is truly high, the other is likely to be high (or, below 0, low). All others are independent."}
}

func correlatedKeys() []Key {
	return []Key{
		{Name: "inputs", Required: true, Type: List{Of: Text{Max: maxText}, What: "address", Min: 2, Max: 20},
			Doc: "Addresses of inputs that are stated as an interval, such as `changes.defects`; each is joined with each. One that is stated exactly is left out."},
		{Name: "by", Label: "correlation", Required: true, Example: "0.6",
			Type: Phrase{Wants: "a correlation", Forms: []Form{{Example: "0.6", Doc: "Above -1 and below 1: the correlation of the normal scores; that of the ranks is 6/pi asin(r/2), nearly the same.",
				Pattern: `(-?0?\.\d{1,6}|-?\d{1,2}(?:\.\d{1,4})?%)`}}},
			Doc: "How much they hang together."},
	}
}

func serviceKeys() []Key {
	return []Key{
		{Name: "users", Required: true, Type: Number{Unit: Count, Above: true, Max: 1e11, Doubts: MayDoubt}, Example: "1M",
			Doc: "People (or devices) that use the service."},
		{Name: "requests_per_user", Label: "requests of a user", Default: "6/h", Basis: assumed("a few pages a day, in a mean hour"),
			Type: Number{Unit: Rate, Max: 1e6, Doubts: MayDoubt},
			Doc:  "Requests of one user in a mean hour, day and night."},
		{Name: "baseline_errors", Default: "0.1%", Basis: assumed("what a service with an objective of 99.9 % may have"),
			Type: Number{Unit: Share, Max: 1, Doubts: MayDoubt},
			Doc:  "Share of requests that fail without any defect."},
		{Name: "slo", Label: "objective", Type: Number{Unit: Share, Max: 0.999999999, Zero: "none"}, Example: "99.9%",
			Doc: "Share of requests that should succeed in 30 days. Without it no error budget is reckoned."},
		{Name: "traffic", Label: "traffic through the week", Default: "flat", Basis: assumed("the simplest"), Type: trafficType(),
			Doc: "How requests move through the week: a word, 24 numbers for the hours of a day, or 168 for the hours of a week from Monday 00:00. Only their proportions count."},
		{Name: "swings", Type: Mapping{Keys: swingKeys(), Sourced: true},
			Doc: "How the baseline errors wander although nothing is wrong, so that the errors of one stretch of time come together."},
		{Name: "outages", Type: Mapping{Keys: outageKeys(), Sourced: true},
			Doc: "Faults of others that look like a bad release: a payment provider, a network. They hurt nobody through a release, but raise alarms."},
		{Name: "costs", Type: Mapping{Keys: costKeys(), Sourced: true}, Doc: "What harm and delay cost. What is not stated costs nothing."},
	}
}

func trafficType() Type {
	return Either{
		Word: Choice{Words: []Word{
			{"flat", "the same at every hour"},
			{"diurnal", "one day like the other: least at 04:00, most at 20:00, six times as much"},
			{"weekly", "like diurnal, with Saturdays at 80 % and Sundays at 70 % of a working day"},
			{"office", "working days only in effect: 08:00 to 18:00 twenty times the rest of the week"},
		}},
		List: List{Of: Number{Unit: Factor, Max: 1e9}, What: "number", Min: 24, Max: 168},
	}
}

func costKeys() []Key {
	money := func(name, label, doc string) Key {
		return Key{Name: name, Label: label, Doc: doc, Default: "0", Basis: assumed("not priced"),
			Type: Number{Unit: Money, Max: 1e12, Doubts: MayDoubt}}
	}
	return []Key{
		money("per_failed_request", "cost of a failed request", "A request that fails because of a defect."),
		money("per_affected_user", "cost of an affected user", "A distinct user who met at least one failure of a change."),
		money("per_user_hour", "cost of a user-hour", "An hour of one user who can meet a defect, while it is live."),
		money("per_incident", "cost of an incident", "An alarm, right or false: the work of those who answer it."),
		money("per_irreversible_user", "extra cost of irreversible harm", "In addition, each user affected by a defect that no rollback heals."),
		money("per_change_day", "cost of delay", "A day of lead time of one change."),
	}
}

func workweekKeys() []Key {
	return []Key{
		{Name: "hours", Label: "working hours", Default: "9-17", Basis: assumed("office hours"),
			Type: Phrase{Wants: "a span of hours", Forms: []Form{{Example: "9-17", Doc: "From 9:00 to 17:00. 0-24 is around the clock.",
				Pattern: `(\d{1,2})(?::(\d\d))? ?- ?(\d{1,2})(?::(\d\d))?`}}},
			Doc: "Working hours of a day."},
		{Name: "days", Label: "working days", Default: "5", Basis: assumed("Monday to Friday"),
			Type: Number{Unit: Count, Min: 1, Max: 7, Whole: true},
			Doc:  "Working days of a week, from Monday on."},
	}
}

func changesKeys() []Key {
	return []Key{
		{Name: "rate", Label: "changes", Type: Number{Unit: Weekly, Above: true, Max: 1e6, Doubts: MayDoubt}, Example: "40/w",
			Doc: "Mean number of changes. They arrive by chance, in working hours. One of `rate`, `every` and `at` is needed."},
		{Name: "every", Label: "time between changes", Type: Number{Unit: Duration, Above: true, Max: longest, Doubts: MayVary}, Example: "6h",
			Doc: "Time between one change and the next, day and night, instead of `rate`."},
		{Name: "at", Label: "changes arrive at", Type: List{Of: Number{Unit: Duration, Max: longest}, What: "time", Min: 1, Max: 1000}, Example: "[9h, 14h, 33h]",
			Doc: "Times of changes since Monday 00:00, rising, instead of `rate`. They are repeated every `cycle`."},
		{Name: "cycle", Label: "cycle of the list of changes", Type: Number{Unit: Duration, Above: true, Max: longest}, Example: "1w",
			Doc: "After this time the list in `at` begins anew."},
		{Name: "defects", Label: "defects in a change", Default: "0.15", Type: Number{Unit: Factor, Max: 10, Doubts: MayDoubt},
			Basis: assumed("near the change failure rate of most teams, 0-15 % (DORA, State of DevOps 2018, p. 14), which counts only what was noticed"),
			Doc:   "Mean number of defects that a change carries when it is merged: 0.15 is 15 in 100 changes."},
		{Name: "dispersion", Label: "dispersion of defects", Default: "1", Basis: assumed("defects are independent"),
			Type: Number{Unit: Factor, Min: 1, Max: 1000},
			Doc:  "Variance over mean of the number of defects in a change: 1 is Poisson, more is negative binomial: some changes are riskier."},
		{Name: "evenly", Label: "defects without chance", Default: "no", Basis: assumed("chance decides"), Type: Flag{}, Stated: ofStudy,
			Doc: "Spread the defects evenly over the changes, without chance: with 0.25 every fourth change carries one."},
		{Name: "period", Label: "period", Default: "100 changes", Basis: assumed("a quarter of a year at eight changes a week"), Type: amountOfChanges(), Stated: ofStudy,
			Doc: "What a period is: so many changes, or what arrives in a time on average. Sums over a period are reported, and what nobody knows is drawn once for each."},
		{Name: "warm_up", Label: "changes to warm up", Default: "20 changes", Basis: assumed("until queues are as usual"), Type: amountOfChanges(), Stated: ofStudy,
			Doc: "Changes at the start of each period that are simulated and not counted, so that a period does not begin with empty queues."},
	}
}

func amountOfChanges() Phrase {
	return Phrase{Wants: "a number of changes or a time", Forms: []Form{
		{Example: "100 changes", Doc: "So many changes.", Pattern: `(\d[\d_]*(?:\.\d+)?[kM]?) changes?`},
		{Example: "2w", Doc: "What arrives in that time on average.", Pattern: `(0|(?:\d+(?:\.\d+)?[wdhms])+)`},
	}}
}

func environmentKeys() []Key {
	span := func(u Unit) Type { return Number{Unit: u, Max: longest, Zero: "none", Doubts: MayVary} }
	return []Key{
		{Name: "slots", Default: "1", Basis: assumed("one environment of this name"),
			Type: Number{Unit: Count, Min: 1, Max: 1000, Whole: true, Zero: "unlimited"},
			Doc:  "Releases that can be tested at a time. Others wait; repairs go first."},
		{Name: "setup", Label: "set-up", Default: "none", Basis: assumed("part of the run"), Type: span(Duration),
			Doc: "Time to set a release up, once."},
		{Name: "run", Label: "one pass of the tests", Required: true, Type: span(Duration), Example: "varies 2h to 8h",
			Doc: "Time of one pass of the tests, manual and automatic."},
		{Name: "approval", Default: "none", Basis: assumed("nobody approves"), Type: span(WorkTime),
			Doc: "Working time until somebody approves, after a pass. The slot is held meanwhile."},
		{Name: "fidelity", Default: "1", Basis: assumed("the staging environment of the evidence table"), Type: Number{Unit: Factor, Max: 10, Doubts: MayDoubt},
			Doc: "How like production it is: a factor on the probability that a class of defect can be reproduced at all. 1 is the staging environment of the evidence table, 0 reproduces nothing."},
		{Name: "coverage", Default: "1", Basis: assumed("the test stage of the evidence table"), Type: Number{Unit: Factor, Max: 10, Doubts: MayDoubt},
			Doc: "How much its tests exercise: a factor on the probability that tests hit a defect that can be reproduced. 1 is a test stage of the evidence table."},
		{Name: "reproduces", Type: Named{Of: Number{Unit: Share, Max: 1, Doubts: MayDoubt}, What: "class", Max: models.MaxClasses},
			Doc: "For single classes of defect, the probability that this environment can reproduce them; it replaces `fidelity` and the class's own."},
		{Name: "flaky", Label: "flaky passes", Default: "1.5%", Basis: cited("1.5 % of test runs at Google (Micco, Flaky Tests at Google, 2016)"),
			Type: Number{Unit: Share, Max: 1, Doubts: MayDoubt},
			Doc:  "Probability that a pass fails for no reason and is run again."},
		{Name: "max_reruns", Label: "flaky reruns at most", Default: "3", Basis: assumed("then somebody looks and lets it pass"),
			Type: Number{Unit: Count, Max: 249, Whole: true},
			Doc:  "Flaky reruns after which a release goes on all the same."},
	}
}

func responseKeys() []Key {
	people := func(name, label, value, why, doc string) Key {
		return Key{Name: name, Label: label, Doc: doc, Default: value, Basis: assumed(why),
			Type: Number{Unit: Duration, Max: longest, Zero: "none", Doubts: MayVary}}
	}
	return []Key{
		{Name: "action", Label: "action after an alarm", Default: "rollback", Basis: assumed("the usual one"), Type: Choice{Words: []Word{
			{"rollback", "the whole release goes back; its good changes wait for the next one"},
			{"kill-switch", "only the change at fault is switched off"},
			{"roll-forward", "the ramp is halted; a repair passes the environments, with priority, and replaces the defect"},
		}}, Stated: ofAlternative, Doc: "How the exposure of users is ended."},
		{Name: "automatic", Label: "a machine acts on alarms", Default: "no", Basis: assumed("people decide"), Type: Flag{}, Stated: ofAlternative,
			Doc: "A machine acts on the alarm: nobody has to look and decide, and the ramp is held at once."},
		people("acknowledge", "alarm to somebody looking", "varies 5m to 30m", "on-call", "Time from the alarm until somebody looks. Without effect when `automatic`."),
		people("decide", "looking to deciding", "varies 5m to 1h", "finding out which release, and whether", "Time from looking to deciding. Without effect when `automatic`."),
		{Name: "working_hours", Label: "people answer in working hours only", Default: "no", Basis: assumed("on-call day and night"), Type: Flag{},
			Doc: "People look and decide in working hours only."},
		people("act", "deciding to the end of the exposure", "varies 5m to 30m", "a deployment of the old version", "Time from the decision until no user meets the defect any more."),
		{Name: "fails", Label: "taking back fails", Default: "0%", Basis: assumed("it works"), Type: Number{Unit: Share, Max: 1, Doubts: MayDoubt}, Example: "5%",
			Doc: "Probability that a rollback or a switch does not work, once for each alarm with a culprit. It is noticed when it should be over; the exposure then lasts until a repair has passed the environments."},
		{Name: "responders", Label: "alarms answered at a time", Default: "unlimited", Basis: assumed("somebody is always free"),
			Type: Number{Unit: Count, Min: 1, Max: 1000, Whole: true, Zero: "unlimited"}, Example: "2",
			Doc: "Alarms of this pipeline that people can answer at a time; others wait, and their ramps go on. Without effect when `automatic`."},
		{Name: "false_retries", Label: "false alarms believed", Default: "2", Basis: assumed("then somebody looks and dismisses the alarm"),
			Type: Number{Unit: Count, Max: 100, Whole: true},
			Doc:  "How often one change is taken back for nothing before the alarm is dismissed."},
	}
}

func fixKeys() []Key {
	return []Key{
		{Name: "effort", Label: "effort of a repair", Default: "varies 1h to 16h", Basis: assumed("from a line to a redesign"),
			Type: Number{Unit: WorkTime, Max: longest, Zero: "none", Doubts: MayVary},
			Doc:  "Working time to repair a change that was caught."},
		{Name: "late_multiplier", Label: "effort when found in production", Default: "1",
			Basis: cited("no evidence of a delayed issue effect in 171 projects (Menzies, Nichols, Shull, Layman, EMSE 2017); 1:100 is folklore"),
			Type:  Number{Unit: Factor, Max: 1000, Doubts: MayDoubt},
			Doc:   "Factor on the effort of a repair when the defect was found in production."},
		{Name: "hotfix", Label: "repairs go first", Default: "yes", Basis: assumed("customary"), Type: Flag{},
			Doc: "Repaired changes have priority in every queue."},
		{Name: "rerun", Label: "tests run again after a catch", Default: "yes", Basis: assumed("what is left is another release"), Type: Flag{},
			Doc: "After a change was caught, the rest of the release is tested again."},
	}
}

func watchKey() Key {
	return Key{Name: "watch", Label: "last ring is watched for", Default: "2w", Basis: assumed("then nobody looks for this release any more"),
		Type: Number{Unit: Duration, Above: true, Max: longest},
		Doc:  "How long a release is watched after it has reached everyone. A defect that nobody noticed until then is never detected. An alternative may change it."}
}

func routingKey() Key {
	return Key{Name: "routing", Default: "sticky", Basis: assumed("users are assigned to rings"), Type: Choice{Words: []Word{
		{"sticky", "a user stays in or out of a ring: 5 % expose 5 % of users"},
		{"per-request", "each request is a new lottery: 5 % of requests soon expose nearly everyone"},
	}}, Stated: ofAlternative, Doc: "How requests are routed to a ring that is not everyone. An alternative may change it."}
}

func freezesKey() Key {
	const long = `((?:\d+(?:\.\d+)?[wdhms])+)`
	return Key{Name: "freezes", Label: "frozen", Stated: ofAlternative, Example: "[Fri 15:00 for 2d18h, week 51 for 2w every 52w]",
		Type: List{What: "freeze", Min: 1, Max: 16, Of: Phrase{Wants: "a time of freeze", Forms: []Form{
			{Example: "Fri 15:00 for 2d18h", Doc: "Every week, from that hour on.",
				Pattern: `(Mon|Tue|Wed|Thu|Fri|Sat|Sun) (\d{1,2}):(\d\d) for ` + long},
			{Example: "week 51 for 2w every 52w", Doc: "From the Monday of that week of each cycle; the first week of a replication is week 1.",
				Pattern: `week (\d{1,4}) for ` + long + ` every ` + long},
		}}},
		Doc: "Times in which nothing new goes out: no release meets its first user or its next ring. Hotfixes do, where repairs are hotfixes. An alternative may have others."}
}

func outageKeys() []Key {
	return []Key{
		{Name: "rate", Label: "outages of others", Default: "0/w", Basis: assumed("none"), Example: "1/d", Type: Number{Unit: Weekly, Max: 1000, Doubts: MayDoubt},
			Doc: "Mean number of them, day and night."},
		{Name: "lasts", Label: "an outage lasts", Default: "varies 5m to 1h", Basis: assumed("short ones"), Type: Number{Unit: Duration, Max: longest, Doubts: MayVary},
			Doc: "How long one lasts."},
		{Name: "errors", Label: "requests that an outage makes fail", Default: "varies 1% to 20%", Basis: assumed("a part of what the service does"),
			Type: Number{Unit: Share, Max: 1, Doubts: MayVary},
			Doc:  "Share of all requests that fail meanwhile, of every version."},
	}
}

func calibrateKeys() []Key {
	return []Key{
		{Name: "alternative", Type: Text{Max: 40, Name: true}, Example: "staging", Doc: "The alternative that is the present pipeline. Needed where a figure is stated."},
		{Name: "deployment_frequency", Label: "releases, today", Default: "0/w", Basis: assumed("not stated"), Example: "1/w", Type: Number{Unit: Weekly, Max: 100_000}, Stated: ofStudy,
			Doc: "Releases that reach users; solved by the number of changes. 0 is not stated, here and below."},
		{Name: "lead_time", Label: "lead time, today", Default: "0h", Basis: assumed("not stated"), Example: "7d", Type: Number{Unit: Duration, Max: longest}, Stated: ofStudy,
			Doc: "From a change to all users, for half of the changes; solved by the times of the environments."},
		{Name: "change_failure_rate", Label: "change failure rate, today", Default: "0%", Basis: assumed("not stated"), Example: "12%", Type: Number{Unit: Share, Max: 1}, Stated: ofStudy,
			Doc: "Changes that were taken back or repaired in production; solved by the defects that a change carries."},
		{Name: "time_to_restore", Label: "time to restore, today", Default: "0h", Basis: assumed("not stated"), Example: "5h", Type: Number{Unit: Duration, Max: longest}, Stated: ofStudy,
			Doc: "From when a defect shows to its end, for half of those that were noticed; solved by the times of the response."},
	}
}

func swingKeys() []Key {
	return []Key{
		{Name: "correlation", Label: "correlation of errors", Default: "0%", Basis: assumed("requests fail independently"), Example: "0.1%", Type: Number{Unit: Share, Max: 0.5},
			Doc: "Of two requests of one stretch: the rho of a beta-binomial law. 0 is none."},
		{Name: "every", Label: "errors are drawn anew every", Default: "5m", Basis: assumed("as long as a check looks back"), Type: Number{Unit: Duration, Min: 1.0 / 60, Max: longest},
			Doc: "Length of a stretch in which the failing share is the same."},
	}
}

func alternativeKeys() []Key {
	names := List{Of: Text{Max: 40, Name: true}, What: "name", Max: models.MaxDetectors}
	watchedBy := func(doc string) Key {
		return Key{Name: "watched_by", Label: "watched by", Type: names, Doc: doc, Example: "[alarms]"}
	}
	one := func(k Key) Key { return overriding([]Key{k})[0] }
	return chosen([]Key{
		{Name: "title", Required: true, Type: Text{Max: 80}, Example: "weekly train through staging", Doc: "What people call it."},
		{Name: "about", Type: Text{Max: maxText}, Doc: "One sentence about it."},
		{Name: "batching", Default: "when free", Basis: assumed("the quickest that never waits for room"), Type: batchingType(),
			Doc: "How waiting changes become a release."},
		{Name: "stages", Required: true, Type: stagesType(watchedBy("Which detectors watch this ring, by name; all that watch the alternative when not stated.")),
			Doc: "The stops of a release: environments first, then rings of users; the last ring is everyone."},
		{Name: "detectors", Type: detectorsType(), Doc: "Detectors of this alternative only; one of a known name replaces it."},
		watchedBy("Which detectors watch this alternative, by name; all of them when not stated."),
		{Name: "response", Type: Mapping{Keys: chosen(overriding(responseKeys())), Sourced: true}, Doc: "What is different after an alarm."},
		{Name: "fix", Type: Mapping{Keys: chosen(overriding(fixKeys())), Sourced: true}, Doc: "What is different about repairs."},
		{Name: "ramp_slots", Label: "releases on the ramp", Default: "1", Basis: assumed("one release is ramped up at a time"),
			Type: Number{Unit: Count, Min: 1, Max: 1000, Whole: true, Zero: "unlimited"},
			Doc:  "Releases that may be between the first and the last ring at a time. Others wait."},
		{Name: "skips_ramp", Label: "rollout skips the ramp", Default: "0%", Basis: assumed("the rollout itself works"), Example: "0.5%",
			Type: Number{Unit: Share, Max: 1, Doubts: MayDoubt},
			Doc:  "Probability that the rollout itself fails in such a way that a release meets everyone at once."},
		one(watchKey()), one(routingKey()), one(freezesKey()),
	})
}

func batchingType() Phrase {
	const departs = `(?: (?:on (Mon|Tue|Wed|Thu|Fri|Sat|Sun) )?(?:at )?(\d{1,2}):(\d\d))?`
	return Phrase{Wants: "a way of batching", Forms: []Form{
		{Example: "every change", Doc: "A release for every change.", Pattern: `every change`},
		{Example: "every 5 changes", Doc: "A release for every so many changes.", Pattern: `every (\d{1,6}) changes`},
		{Example: "train every 1w on Tue 10:00", Doc: "A train that takes all that waits. It departs first at the time stated, otherwise on Monday when work begins.",
			Pattern: `train every ((?:\d+(?:\.\d+)?[wdhms])+)` + departs},
		{Example: "when free", Doc: "All that waits, when the first stage has room.", Pattern: `when free`},
	}}
}

func stagesType(watchedBy Key) Type {
	environment := append([]Key{{Name: "environment", Required: true, Type: Text{Max: 40, Name: true}, Example: "staging",
		Doc: "The name of an environment. The keys that follow change it for this alternative."}}, overriding(environmentKeys())...)
	ring := []Key{
		{Name: "ring", Label: "audience", Required: true, Type: Number{Unit: Share, Above: true, Max: 1, Doubts: MayDoubt}, Example: "10%",
			Doc: "Share of users (sticky) or requests (per-request) that have met the release by this ring, those of earlier rings included."},
		{Name: "name", Type: Text{Max: 40}, Example: "early adopters", Doc: "What people call the ring; its share when not stated."},
		{Name: "bake", Label: "bake time", Type: Number{Unit: Duration, Max: longest, Zero: "none", Doubts: MayVary}, Example: "1d",
			Doc: "How long the ring is watched before the next. Needed on every ring but the last, which is watched for `watch`."},
		{Name: "approval", Default: "none", Basis: assumed("nobody approves"), Type: Number{Unit: WorkTime, Max: longest, Zero: "none", Doubts: MayVary},
			Doc: "Working time until somebody approves the next ring, after the bake. The ring is watched meanwhile."},
		watchedBy,
	}
	return List{What: "stage", Min: 1, Max: models.MaxStages, Of: Variants{Of: []Variant{
		{Name: "environment", Doc: "A place without users.", Keys: chosen(environment)},
		{Name: "ring", Doc: "An audience of real users.", Keys: chosen(ring)},
	}}}
}

// sourceOf reads the source of a default as other packages write it: a
// citation, or the word assumption.
func sourceOf(source string) Basis {
	if source == "" || strings.HasPrefix(source, string(study.Assumption)) {
		return assumed(strings.TrimLeft(strings.TrimPrefix(source, string(study.Assumption)), ":, "))
	}
	return cited(source)
}
