package analytic

import (
	"math"
	"testing"
)

func TestKnownQueues(t *testing.T) {
	knownFile(t, "queue.json", map[string]func(question) answer{
		"MM1":                 answerMM1,
		"MMc":                 answerMMc,
		"MM1K":                answerMM1K,
		"MG1_prio_nonpreempt": answerPriority,
		"MX_M1":               answerBulk,
		"TRAIN_periodic":      answerTrain,
		"GREEDY_BATCH":        answerGreedy,
		"DORFMAN":             answerPool,
		"TANDEM_MM1x3":        answerTandem,
		"JACKSON_rework":      answerRework,
		"MGinf":               answerInFlight,
		"FORKJOIN_max_exp":    answerSlowest,
	})
}

func (q question) solve(queue Queue) QueueAnswer {
	q.t.Helper()
	a, err := queue.Solve()
	if err != nil {
		q.t.Fatal(err)
	}
	return a
}

func answerMM1(q question) answer {
	lam, mu := q.number("lam"), q.number("mu")
	a := q.solve(Queue{Arrivals: lam, Service: 1 / mu, SCV: 1, Servers: 1})
	sojourn := Tandem{Arrivals: lam, Rates: []float64{mu}}
	w, variance, err := sojourn.Moments()
	q90, err2 := sojourn.Quantile(0.9)
	q99, err3 := sojourn.Quantile(0.99)
	if err != nil || err2 != nil || err3 != nil {
		q.t.Fatal(err, err2, err3)
	}
	return answer{values: map[string]float64{
		"rho": a.Utilisation, "L": lam * w, "Lq": a.QueueMean, "W": a.WaitMean + 1/mu, "Wq": a.WaitMean,
		"P_wait": a.WaitProbability, "W_q90": q90, "W_q99": q99, "varW": variance}}
}

func answerMMc(q question) answer {
	queue := Queue{Arrivals: q.number("lam"), Service: 1 / q.number("mu"), SCV: 1, Servers: q.count("c")}
	a := q.solve(queue)
	q95, err := queue.WaitQuantile(0.95)
	if err != nil {
		q.t.Fatal(err)
	}
	return answer{values: map[string]float64{
		"ErlangB": ErlangB(queue.Servers, queue.Load()), "ErlangC": a.WaitProbability,
		"Wq": a.WaitMean, "W": a.WaitMean + queue.Service, "Lq": a.QueueMean, "Wq_q95": q95}}
}

func answerMM1K(q question) answer {
	f := FiniteQueue{Arrivals: q.number("lam"), Service: 1 / q.number("mu"), Room: q.count("K")}
	return answer{values: map[string]float64{"P_block": f.Blocked(), "L": f.Mean(), "W_accepted": f.Sojourn()}}
}

func answerPriority(q question) answer {
	lam, es, es2 := q.numbers("lam"), q.numbers("ES"), q.numbers("ES2")
	var p PriorityQueue
	for i := range lam {
		p = append(p, Class{Arrivals: lam[i], Service: es[i], Square: es2[i]})
	}
	waits, err := p.Waits()
	inOrder, err2 := p.WaitInOrder()
	if err != nil || err2 != nil {
		q.t.Fatal(err, err2)
	}
	return answer{values: map[string]float64{"R": p.Residual(), "Wq0": waits[0], "Wq1": waits[1], "Wq_fifo": inOrder}}
}

func answerBulk(q question) answer {
	size := q.scan("batch", "fixed %g")[0]
	a, err := BulkQueue{Groups: q.number("lam_batch"), Mean: size, Square: size * size, Service: 1 / q.number("mu")}.Solve()
	if err != nil {
		q.t.Fatal(err)
	}
	return answer{values: map[string]float64{"rho": a.Utilisation, "Wq": a.Wait, "L": a.Mean}}
}

func answerTrain(q question) answer {
	r := Train{Arrivals: q.number("lam_per_h"), Period: q.number("period_h"), Test: q.number("test_h")}
	return answer{values: map[string]float64{
		"mean_wait_h": r.MeanWait(), "mean_lead_h": r.MeanWait() + r.Test, "batch_mean": r.Batch().Mean,
		"batch_var": r.Batch().Variance(), "lead_q90": r.LeadQuantile(0.9), "P_empty_train": r.Batch().None(),
		"batch_size_seen_by_change": r.BatchSeen()}}
}

func answerGreedy(q question) answer {
	s := GreedySlot{Arrivals: q.number("lam"), Service: q.number("D")}
	a := s.Solve()
	return answer{values: map[string]float64{
		"mean_Wq": a.Wait, "mean_lead": a.Wait + s.Service, "mean_batch": a.Batch, "P_change_waits": a.Busy,
		"P_server_busy": a.Busy, "runs_per_change": a.RunsPerChange}}
}

func answerPool(q question) answer {
	p := Pool{Defective: q.number("p_defect")}
	best := p.Best(100)
	return answer{values: map[string]float64{
		"best_B": float64(best), "tests_per_change": p.TestsPerChange(best), "P_fail_best": p.Fails(best)}}
}

func answerTandem(q question) answer {
	tandem := Tandem{Arrivals: q.number("lam"), Rates: q.numbers("mus")}
	mean, variance, err := tandem.Moments()
	if err != nil {
		q.t.Fatal(err)
	}
	values := map[string]float64{"mean": mean, "sd": math.Sqrt(variance), "L_total": tandem.Arrivals * mean}
	for key, p := range map[string]float64{"q50": 0.5, "q90": 0.9, "q99": 0.99} {
		if values[key], err = tandem.Quantile(p); err != nil {
			q.t.Fatal(err)
		}
	}
	return answer{values: values}
}

func answerRework(q question) answer {
	a, err := Rework{Arrivals: q.number("lam"), First: q.number("mu1"), Check: q.number("mu2"), Back: q.number("fail_back")}.Solve()
	if err != nil {
		q.t.Fatal(err)
	}
	return answer{values: map[string]float64{"eff_rate": a.Rate, "L1": a.AtFirst, "L2": a.AtCheck, "W": a.LeadTime}}
}

func answerInFlight(q question) answer {
	c := InFlight(q.number("lam_per_day"), q.number("mean_rollout_days"))
	return answer{values: map[string]float64{"mean": c.Mean, "P_gt_12": c.Above(12), "P0": c.None()}}
}

func answerSlowest(q question) answer {
	slowest, sd := SlowestOf(q.count("n"), q.number("mean"))
	return answer{values: map[string]float64{"E_max": slowest, "sd": sd}}
}
