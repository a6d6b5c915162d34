package importer

// All are the importers; the first that claims a resource reads it.
func All() []Importer {
	return []Importer{argoRollouts, argoTemplates, flaggerCanaries, kruiseRollouts, cloudDeploy, codeDeploy, appConfig, kayenta, cloudAutomation}
}

// cloudAutomation is read where a pipeline has canary stages.
var cloudAutomation = Importer{
	Name:   "cloud-deploy-automation",
	Doc:    "Automation of Google Cloud Deploy; it is read with its pipeline.",
	Claims: func(r *resource) bool { return r.kind == "Automation" && r.in("deploy.cloud.google.com") },
	Read:   func(*reader, *resource) {},
}
