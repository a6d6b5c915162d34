package scenarios

import "github.com/rollrisk/rollrisk/models"

func defectsKeys() []Key {
	return []Key{
		{Name: "table", Label: "table of defect classes", Default: "default", Basis: assumed("what is known of production incidents"), Stated: ofStudy,
			Type: Choice{Words: []Word{
				{"default", "the nine classes of the evidence table, and what `classes` changes or adds"},
				{"none", "only what `classes` says"},
			}}, Doc: "Which classes of defect there are."},
		{Name: "shares", Label: "shares of classes are of", Default: "escaped", Basis: assumed("published shares are of production incidents"), Stated: ofStudy,
			Type: Choice{Words: []Word{
				{"escaped", "defects that reached production: the injected mix is share / (1 - r c), normalised, with r and c of the class"},
				{"injected", "all defects that are made: taken as they are"},
			}}, Doc: "What the shares of the classes count."},
		{Name: "classes", Type: Named{Of: Mapping{Keys: classKeys(nil), Sourced: true}, Known: knownClasses(), What: "class", Max: models.MaxClasses},
			Doc: "Changes to the classes of the table by name, and classes of your own. `share: 0` takes a class out."},
	}
}

// classKeys are the keys of a class of defect; defaults holds those of a class
// of the table and is nil for a class of the user's own.
func classKeys(defaults map[string]defaultValue) []Key {
	share := func(name, label, doc string, d Doubts) Key {
		return Key{Name: name, Label: label, Doc: doc, Example: "40%", Type: Number{Unit: Share, Max: 1, Doubts: d}}
	}
	onset := func(name, label, doc string) Key {
		return Key{Name: name, Label: label, Doc: doc, Default: "none", Basis: assumed("it shows at once"),
			Type: Number{Unit: Duration, Max: longest, Zero: "none", Doubts: MayVary}}
	}
	keys := append([]Key{
		share("share", "share of defects", "How many of all defects are of this class; only the proportions of the shares count.", NoDoubt),
		share("reproducible", "can be reproduced (r)", "r: probability that an environment of fidelity 1 can show it at all. One draw for all environments: what one cannot show, the others cannot either, unless they are better.", MayDoubt),
		share("exercised", "is exercised (c)", "c: probability that tests of coverage 1 hit it, given that it can show. One draw for each environment.", MayDoubt),
		share("telemetry", "visible to telemetry (v)", "Probability that telemetry shows it.", MayDoubt),
		share("reported", "complained about", "Probability that users who meet it complain at all.", MayDoubt),
		share("global", "affects everybody", "Probability that every user can meet it.", MayDoubt),
		share("reach", "reach", "Share of users who can meet it, when not everybody can.", MayVary),
		share("strength", "strength", "Probability that a request of a user who can meet it fails.", MayVary),
		onset("onset", "shows after", "Time on the clock from the first exposure of a user until it shows."),
		onset("onset_dose", "shows after exposure of", "Exposure until it shows, counted as time at full audience: 1h is an hour of everybody or ten of a tenth. The later of the two onsets counts."),
		share("load_bound", "needs load", "Probability that it shows only above a share of full traffic.", MayDoubt),
		share("load_share", "load needed", "That share: a ring smaller than it never sees the defect.", MayVary),
		share("irreversible", "not healed by rollback", "Probability that a rollback does not heal it: users stay hurt until the repair.", MayDoubt),
	}, rareKeys()...)
	if defaults == nil {
		defaults = genericClass()
	}
	for i := range keys {
		if v, ok := defaults[keys[i].Name]; ok {
			keys[i].Default, keys[i].Basis = v.text, v.basis
		} else if keys[i].Default == "" {
			keys[i].Required = true
		}
	}
	return keys
}

// rareKeys are what few classes need.
func rareKeys() []Key {
	return []Key{
		{Name: "exercised_together", Label: "environments miss the same defects", Default: "0%", Basis: assumed("each environment has tests of its own"), Example: "50%",
			Type: Number{Unit: Share, Max: 0.99, Doubts: MayDoubt},
			Doc:  "Correlation of whether two environments exercise a defect: how far it is an attribute of the defect to be found by tests. 50 % with `exercised: 40%` is a Beta(0.4, 0.6)."},
		{Name: "absent_from_first_ring", Label: "nobody in the first ring can meet it", Default: "0%", Basis: assumed("rings are drawn from all users"), Example: "100%",
			Type: Number{Unit: Share, Max: 1, Doubts: MayDoubt},
			Doc:  "Probability that all who can meet it are outside of a first ring that is not everyone: a country, a browser, a kind of customer that no employee is."},
		{Name: "calendar", Label: "begins to show only every", Default: "none", Basis: assumed("at any time"), Example: "30d",
			Type: Number{Unit: Duration, Max: longest, Zero: "none", Doubts: MayDoubt},
			Doc:  "Cycle at whose end alone it begins to show, such as a month-end run; cycles begin on the first Monday 00:00."},
	}
}

// genericClass is what silence means for a class of the user's own; its share
// and what catches it must be stated.
func genericClass() map[string]defaultValue {
	return map[string]defaultValue{
		"telemetry":    {"57%", cited("mean of the evidence table; 52 % of Teams incidents had no detection failure (Ghosh et al. SoCC'22)")},
		"reported":     {"70%", assumed("as most classes of the table")},
		"global":       {"24%", cited("Yuan et al. OSDI'14 table 2: 24 % of failures affect all or most users")},
		"reach":        {"varies 0.5% to 30%", assumed("as logic defects")},
		"strength":     {"varies 1% to 50%", assumed("as logic defects")},
		"load_bound":   {"0%", assumed("shows in small rings too")},
		"load_share":   {"0%", assumed("shows in small rings too")},
		"irreversible": {"2%", assumed("rarely more than unavailability")},
	}
}

// knownClasses are the classes of the evidence table as keys.
func knownClasses() []Key {
	var keys []Key
	for _, c := range evidenceTable() {
		keys = append(keys, Key{Name: c.name, Label: c.name, Doc: c.doc(), Type: Mapping{Keys: classKeys(c.values), Sourced: true}})
	}
	return keys
}
