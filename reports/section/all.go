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
		spread,
		exceedance,
		detection,
		exposure,
		noticed,
		stops,
		stories,
		measures,
		calibration,
		rests,
		inputs,
		excluded,
		trail,
	}
}
