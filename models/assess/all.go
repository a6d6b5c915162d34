package assess

// Rules are all rules, in the order of their ids.
func Rules() []Rule {
	return []Rule{
		refused, unseen, cannotFail, falseAlarms, weak, waits, tooFast, lottery, longWindow, lateStart,
		doubted, atBaseline, coarse, deadlines, unwatchedSwitch, slowBack, passesEmpty, noData, wrongScale, emptyRange,
		blindPromotion, neverAdvances, overshoots, limitIsCount, unchecked, missing, endless, erring, alwaysBad, gated,
	}
}
