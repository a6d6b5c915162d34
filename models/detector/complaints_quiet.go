package detector

import (
	"math"
	"time"

	"github.com/rollrisk/rollrisk/models"
	"github.com/rollrisk/rollrisk/sim/portable"
)

// worthAsking is the expected number of reports above which it pays to ask
// whether they can ring the alarm at all.
const worthAsking = 1000

// passOver goes on to the last stretch of length Within before until when the
// reports of the window ring no alarm for certain, so that many reports far
// below a rule for very many cost nothing. By the lack of memory of a Poisson
// process nothing that is skipped changes what comes after.
func (m *reportMonitor) passOver(l *reportLog, until time.Duration) {
	goal := until - m.d.Within
	if m.d.Within == 0 || l.at >= goal || !m.quiet(l, until) {
		return
	}
	if m.d.Arrival > 0 {
		for l.at < goal {
			sent, end := l.sent(goal)
			l.flow = m.flowAfter(l.flow, sent, hours(end-l.at))
			l.at = end
		}
	}
	l.at, l.left, l.count = goal, 0, 0
}

// quiet: the probability that any report before until is the last of enough
// within the time allowed is below 1e-15. There are about so many reports, and
// before each of them as many as a Poisson variable of at most the highest rate
// times Within, whose upper tail is bounded by Chernoff: P(X >= k) <=
// exp(-(k log(k/mean) - k + mean)).
func (m *reportMonitor) quiet(l *reportLog, until time.Duration) bool {
	all := float64(l.full * l.clock.Between(max(l.at, l.from), until))
	if !(all > worthAsking) {
		return false
	}
	peak := math.Max(l.flow, float64(l.full*peakRate(l.clock, l.at, until)))
	if m.d.Arrival > 0 {
		all += l.flow / m.d.Arrival
	}
	mean, k := float64(peak*hours(m.d.Within)), float64(m.d.Reports-1)
	if k <= mean {
		return false
	}
	exponent := float64(k*portable.Log(k/mean)) - k + mean
	return float64(all*portable.Exp(-exponent)) < 1e-15
}

// peakRate is the highest relative traffic between two times, of a week at most.
func peakRate(c *models.Clock, from, until time.Duration) float64 {
	peak := 0.0
	until = min(until, from+7*24*time.Hour)
	for t := from; t < until; {
		rate, end := c.Rate(t)
		peak = math.Max(peak, rate)
		t = end
	}
	return peak
}
