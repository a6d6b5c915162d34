package mutants

// mutants are the faults. Section numbers are of docs/background/model.md.
var mutants = []mutant{
	// The kernel.
	{"first in, first out broken among equal times", "sim/eventlist.go",
		"i > 0 && l.near[i-1].time <= time; i--", "i > 0 && l.near[i-1].time < time; i--",
		"sim", "^TestEventListOrder$"},
	{"priorities served in the wrong order", "sim/resource.go",
		"	i := 0\n	for r.lines[i].length == 0 {\n		i++\n	}",
		"	i := len(r.lines) - 1\n	for r.lines[i].length == 0 {\n		i--\n	}",
		"sim", "^TestResourceServesByPriorityThenOrder$"},
	{"one server too many", "sim/resource.go",
		"r.busy < r.capacity {", "r.busy <= r.capacity {",
		"sim", "^TestMM1$"},

	// Chance.
	{"nine rounds instead of ten", "sim/rng/philox.go",
		"	c0, c1, c2, c3 = round(c0, c1, c2, c3, k0, k1)\n	return c0", "	return c0",
		"sim/rng", "^TestKnownAnswers$"},
	{"the replication is no part of the stream", "sim/rng/stream.go",
		"w, _, _, _ := philox(0, entity, replication, luck, k.seed, k.name)",
		"w, _, _, _ := philox(0, entity, 0, luck, k.seed, k.name)",
		"sim/rng", "^TestEveryCoordinateCounts$|^TestUniformsAreTheStreamsFirst$"},

	// Response.
	{"response latency ignored", "models/response.go",
		"r.kernel.At(decided+duration(act), (*Run).exposureEnds, id)", "r.kernel.At(decided+0*duration(act), (*Run).exposureEnds, id)",
		"models", "^TestResponseLatency$"},
	{"nobody needs time to look", "models/response.go",
		"		held = now + duration(look)\n", "		held = now\n",
		"models", "^TestResponseLatency$"},
	{"the ramp is held at the alarm although people must look first", "models/response.go",
		"rel.responding, rel.holdFrom = true, held", "rel.responding, rel.holdFrom = true, r.kernel.Now()",
		"models", "^TestResponseLatency$"},
	{"a rollback heals what it cannot", "models/response.go",
		"if r.world.defects[defect].Irreversible && ds.showed >= 0 {", "if false && r.world.defects[defect].Irreversible && ds.showed >= 0 {",
		"models", "^TestIrreversible$"},

	// Rings.
	{"ring index off by one", "models/ramp.go",
		"w.Start, w.End, w.Share = rel.start, rel.end, r.share[ring]", "w.Start, w.End, w.Share = rel.start, rel.end, r.share[min(ring+1, len(r.share)-1)]",
		"models", "^TestExposureClock$"},
	{"users counted per ring instead of cumulatively", "models/ramp.go",
		"r.doses[int(ch.First+k)*r.rings()+j : int(ch.First+k+1)*r.rings()]", "r.doses[int(ch.First+k)*r.rings()+j : int(ch.First+k)*r.rings()+j+1]",
		"models", "^TestUsersAffected$"},
	{"routing by request counted as if it were sticky", "models/ramp.go",
		"	if !r.p.Sticky {\n		return 1 - r.spared(i, -1)\n	}\n", "",
		"models", "^TestUsersAffected$"},
	{"what a defect has done in earlier rings is forgotten", "models/ramp.go",
		"	ds.shown += float64(share * dose)\n", "	ds.shown = float64(share * dose)\n",
		"models", "^TestUsersAffected$|^TestExposureClock$"},
	{"a load-bound defect shows in small rings", "models/ramp.go",
		"if share < def.LoadShare || share == 0 {", "if share == 0 {",
		"models", "^TestOnsetAndLoad$"},

	// Environments.
	{"a catch does not take the change out", "models/events.go",
		"			r.unlink(rel, prev, i)\n			r.sendBack(i, 1)\n", "			r.sendBack(i, 1)\n",
		"models", "^TestCaughtInStaging$"},
	{"environments share their luck", "models/run.go",
		`tests: key("tests/" + s.Name)`, `tests: key("tests")`,
		"models", "^TestOracleGates$"},
	{"hotfixes have no priority", "models/events.go",
		"	if rel.priority {\n		return urgent\n	}\n", "",
		"models", "^TestQueueAndHotfix$"},
	{"approval at any hour", "models/events.go",
		"r.kernel.At(r.c.Work.after(r.c.Work.open(now), work), (*Run).environmentPassed, id)",
		"r.kernel.At(now+duration(work), (*Run).environmentPassed, id)",
		"models", "Workweek|WorkHours|Approval"},
	{"warm-up is counted", "models/run.go",
		"i := int(change) - r.c.Changes.Warmup", "i := int(change)",
		"models", "^TestLaws$|^TestOracle"},
}
