package dist

// All returns every family, in the order in which documentation lists them. To add
// one, write its file and its line here.
func All() []Family {
	return []Family{
		constantFamily(),
		uniformFamily(),
		triangularFamily(),
		exponentialFamily(),
		gammaFamily(),
		erlangFamily(),
		weibullFamily(),
		logNormalFamily(),
		logNormalIntervalFamily(),
		logNormalMedianFamily(),
		normalFamily(),
		betaFamily(),
		logitNormalFamily(),
		logitNormalIntervalFamily(),
		empiricalFamily(),
		interpolatedFamily(),
	}
}
