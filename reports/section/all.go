package section

// All lists the sections in the order of the page.
func All() []Section {
	return []Section{
		strip,
		headline,
		basis,
		figures,
		summary,
		gates,
		gateLines,
		warnings,
		compared,
		breakEven,
		flips,
		worth,
		spread,
		exceedance,
		detection,
		exposure,
		noticed,
		stops,
		stories,
		measures,
		levers,
		knowing,
		calibration,
		rests,
		inputs,
		excluded,
		trail,
	}
}
