package assess

import (
	"math"
	"slices"
	"time"

	"github.com/rollrisk/rollrisk/models/rollout"
	"github.com/rollrisk/rollrisk/sim/dist"
	"github.com/rollrisk/rollrisk/sim/portable"
	"github.com/rollrisk/rollrisk/sim/rng"
)

// Judge is a canary analysis of Kayenta: points of the release are compared with points
// of as large a part of the old version.
type Judge struct {
	Metrics  []JudgeMetric
	Pass     float64       // score from which on the release passes at the end, 0..100
	Marginal float64       // score below which it fails at any judgement, 0..100
	Step     time.Duration // of a point
	Every    time.Duration // between judgements
	Spots    Spots         // of the thresholds
}

// JudgeMetric is one metric of a Judge.
type JudgeMetric struct {
	Name     string
	Signal   Signal  // Failing, or Unknown, which always passes here
	Success  bool    // it goes down when requests fail
	Both     bool    // it must neither rise nor fall
	Falls    bool    // it must not fall; else it must not rise
	Critical bool    // alone it fails the release
	Weight   float64 // its part of the score, 0..100
	Effect   float64 // least ratio of the means that counts, 1 or more
	Spots    Spots
}

// What the judge of Kayenta has fixed (NetflixACAJudge, mannwhitney: tolerance and
// confidence), at the source that was read.
const (
	judgeTolerance  = 0.25
	judgeConfidence = 0.98
	mostPoints      = 1440
	judgedReleases  = 400
)

// sees says whether a metric notices that more requests fail.
func (m *JudgeMetric) sees() bool {
	return m.Signal == Failing && (m.Both || m.Falls == m.Success)
}

// worst is the score when every metric that sees failing requests fails.
func (j *Judge) worst() float64 {
	score := 0.0
	for i := range j.Metrics {
		m := &j.Metrics[i]
		if m.sees() && m.Critical {
			return 0
		}
		if !m.sees() {
			score += m.Weight
		}
	}
	return score
}

// score of a release of which every metric that sees them finds too many failures.
func (j *Judge) score(high func(m *JudgeMetric) bool) float64 {
	score := 0.0
	for i := range j.Metrics {
		m := &j.Metrics[i]
		switch {
		case !m.sees() || !high(m):
			score += m.Weight
		case m.Critical:
			return 0
		}
	}
	return score
}

// judge draws releases and judges them; the endings, and how many were drawn.
func (c *course) judged(l *ledger) ([]ending, int) {
	key := rng.NewKey(l.ctx.Seed, "assess/judge/"+string(l.d.class))
	until := c.within()
	var endings []ending
	var x, y []float64
	for release := range judgedReleases {
		s := key.Stream(0, uint64(release), 0)
		x, y = x[:0], y[:0]
		for at := c.judge.Step; at <= until; at += c.judge.Step {
			x, y = append(x, c.point(l, &s, at)), append(y, c.control(l, &s, at))
			if len(x) > mostPoints {
				x, y = x[1:], y[1:]
			}
			last := at+c.judge.Step > until
			if at%c.judge.Every != 0 && !last {
				continue
			}
			score := c.judge.score(func(m *JudgeMetric) bool { return high(x, y, m.Effect) })
			if score < c.judge.Marginal || last && score < c.judge.Pass {
				endings = append(endings, ending{at: at, p: 1.0 / judgedReleases})
				break
			}
		}
	}
	return endings, judgedReleases
}

// point is the failing share of the release in the step before a time; 0 without
// requests, as the judge has it where there is no data.
func (c *course) point(l *ledger, s *rng.Stream, at time.Duration) float64 {
	n, bad := l.window(Failing, at-c.judge.Step, at)
	return share(s, n, bad)
}

// control is that of as large a part of the old version.
func (c *course) control(l *ledger, s *rng.Stream, at time.Duration) float64 {
	n, _ := l.window(Failing, at-c.judge.Step, at)
	return share(s, n, l.ctx.Baseline)
}

func share(s *rng.Stream, n, bad float64) float64 {
	u := s.Uniform()
	if n <= 0 {
		return 0
	}
	return float64(dist.BinomialQuantile(u, int64(n), bad)) / n
}

// high says whether points lie above others: the lower limit of the confidence interval
// for the shift (Hollander and Wolfe, Nonparametric Statistical Methods, 1999, section
// 4.3, by the normal approximation) is above the tolerated share of the estimate, and
// the means differ by the least ratio.
func high(points, others []float64, effect float64) bool {
	x, y := slices.Sorted(slices.Values(points)), slices.Sorted(slices.Values(others))
	m, n := float64(len(x)), float64(len(y))
	half := float64(m*n) / 2
	spread := float64(portable.NormalQuantile((1+judgeConfidence)/2) * math.Sqrt(float64(m*n*(m+n+1))/12))
	lower := shift(x, y, math.Max(0, math.Floor(half-spread)))
	estimate := shift(x, y, math.Floor(half))
	if !(lower > float64(judgeTolerance*math.Abs(estimate))) {
		return false
	}
	return mean(x) >= float64(effect*mean(y))
}

func mean(x []float64) float64 {
	sum := 0.0
	for _, v := range x {
		sum += v
	}
	return sum / float64(max(1, len(x)))
}

// shift is the one of all differences x - y, both sorted, that has so many below it; a
// hair above zero is zero.
func shift(x, y []float64, rank float64) float64 {
	low, high := x[0]-y[len(y)-1], x[len(x)-1]-y[0]
	for range 60 {
		middle := low + (high-low)/2
		if below(x, y, middle) > rank {
			high = middle
		} else {
			low = middle
		}
	}
	if math.Abs(high) < 1e-12 {
		return 0
	}
	return high
}

// below counts the differences x - y that are at most d.
func below(x, y []float64, d float64) float64 {
	count, j := 0, 0
	for _, a := range x {
		for j < len(y) && y[j] < a-d {
			j++
		}
		count += len(y) - j
	}
	return float64(count)
}

// lasts is what a course of a judge needs to be one at all.
func (j *Judge) lasts() bool { return j.Step > 0 && j.Every >= j.Step && j.Every < rollout.Forever }
