package importer

// All are the importers; the first that claims a resource reads it.
func All() []Importer {
	return []Importer{argoRollouts, argoTemplates, flaggerCanaries}
}
