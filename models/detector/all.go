package detector

// All lists the kinds in the order of the reference.
func All() []Kind {
	return []Kind{
		exposureHazard,
		kthError,
		wallClockHazard,
		complaints,
		thresholdWindow,
		argoAnalysis,
		flagger,
		burnRate,
		sprt,
		eProcess,
		twoArm,
		maxSPRT,
		groupSequential,
		zTest,
		cusum,
		bernoulliCusum,
		ewma,
		kayenta,
		syntheticProbes,
		bakeReview,
	}
}

// Named is the kind of that name; false when there is none.
func Named(name string) (Kind, bool) {
	for _, k := range All() {
		if k.Name == name {
			return k, true
		}
	}
	return Kind{}, false
}
