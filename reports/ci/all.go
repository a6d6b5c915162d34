package ci

// All lists the forms in the order of the help.
func All() []Format {
	return []Format{
		markdown,
		comment,
		csvForm,
		jsonForm,
		junit,
		sarif,
		github,
		openMetrics,
		badge,
	}
}
