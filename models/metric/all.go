package metric

// All lists the metrics in the order of the tables.
func All() []Metric {
	return []Metric{
		usersAffected,
		usersExposed,
		failedRequests,
		userMinutes,
		errorBudget,
		cost,
		costPeriod,
		timeToDetect,
		neverDetected,
		detectFromMerge,
		timeToRestore,
		caughtBefore,
		escapes,
		falseConfidence,
		falseConfidenceChange,
		leadTime,
		deploymentFrequency,
		changeFailureRate,
		falseAlarms,
		heldUp,
		stagingBusy,
		stagingQueue,
	}
}

// Named is the metric of that name.
func Named(name string) (Metric, bool) {
	for _, m := range All() {
		if m.Name == name {
			return m, true
		}
	}
	return Metric{}, false
}
