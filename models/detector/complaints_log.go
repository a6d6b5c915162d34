package detector

import (
	"math"
	"time"

	"github.com/rollrisk/rollrisk/models"
	"github.com/rollrisk/rollrisk/sim/portable"
	"github.com/rollrisk/rollrisk/sim/rng"
)

// reportLog is the reports of one defect so far. Reports are a Poisson process
// in exposure; the gaps between them are unit exponentials of expected reports
// (Kingman, Poisson Processes, 1993, section 4.5). Reports that are each
// delayed by their own exponential time arrive as a Poisson process again,
// whose rate follows that of the reports sent with the same inertia (ibid.,
// section 5.1, displacement): d flow/dt = Arrival (sent - flow).
type reportLog struct {
	entity  uint64
	luck    rng.Stream
	left    float64         // expected reports left to the next one; 0: not drawn
	flow    float64         // reports per hour that arrive at time at; of delayed reports only
	count   int             // reports since the log began
	arrived []time.Duration // when the last reports came, count%len
	at      time.Duration   // everything before is in the log
	due     time.Duration   // when the alarm rings; never when it does not yet

	from, end time.Duration // the last window, from where the defect shows in it
	full      float64       // reports sent per hour of mean traffic in that window
	clock     *models.Clock
}

// maxReports bounds the reports that are drawn for one defect in one window;
// what comes after is not noticed. A million reports without an alarm take a
// rule that rings almost never, but not provably never (see quietUntil).
const maxReports = 1 << 20

// advance draws the reports of the last window up to until, or to the alarm.
func (m *reportMonitor) advance(l *reportLog, until time.Duration) {
	asked := false
	for drawn := 0; l.at < until && l.due == never; drawn++ {
		if drawn == maxReports {
			l.at = until
			return
		}
		if !asked && drawn > 0 && l.at-l.from > m.d.Within {
			asked = true
			m.passOver(l, until)
		}
		if l.left == 0 {
			l.left = l.luck.Exponential()
		}
		if m.next(l, until) {
			l.left = 0
			m.arrives(l)
		}
	}
}

// arrives notes a report at the time of the log.
func (m *reportMonitor) arrives(l *reportLog) {
	n := m.d.Reports - 1
	if l.count >= n && (n == 0 || m.d.Within == 0 || l.at-l.arrived[l.count%n] <= m.d.Within) {
		l.due = l.at + m.d.Delay
	}
	if n > 0 {
		l.arrived[l.count%n] = l.at
	}
	l.count++
}

// next goes to the next report, or to until when none comes before.
func (m *reportMonitor) next(l *reportLog, until time.Duration) bool {
	if m.d.Arrival > 0 {
		return m.nextDelayed(l, until)
	}
	from := max(l.at, l.from)
	if from >= until {
		l.at = until
		return false
	}
	at := l.clock.After(from, l.left/l.full)
	if at >= until {
		l.left -= float64(l.full * l.clock.Between(from, until))
		l.left = math.Max(l.left, math.SmallestNonzeroFloat64)
		l.at = until
		return false
	}
	l.at = at
	return true
}

// nextDelayed is next for reports under way: through the hours of constant
// traffic, in each of which the flow nears the rate of the reports sent.
func (m *reportMonitor) nextDelayed(l *reportLog, until time.Duration) bool {
	for l.at < until {
		sent, end := l.sent(until)
		h := hours(end - l.at)
		if all := m.arriving(l.flow, sent, h); all < l.left {
			l.left -= all
			l.flow = m.flowAfter(l.flow, sent, h)
			l.at = end
			continue
		}
		h = m.hoursTo(l.left, l.flow, sent, h)
		l.flow = m.flowAfter(l.flow, sent, h)
		l.at = min(l.at+span(h), end-1)
		return true
	}
	return false
}

// sent is the rate of the reports sent from now on, and until when it holds.
func (l *reportLog) sent(until time.Duration) (perHour float64, end time.Duration) {
	if l.at < l.from {
		return 0, min(l.from, until)
	}
	rate, end := l.clock.Rate(l.at)
	return float64(l.full * rate), min(end, until)
}

// arriving is the expected number of reports that arrive in h hours, from a
// flow and a constant rate of sending.
func (m *reportMonitor) arriving(flow, sent, h float64) float64 {
	return float64(sent*h) - float64((flow-sent)*portable.Expm1(-float64(m.d.Arrival*h)))/m.d.Arrival
}

func (m *reportMonitor) flowAfter(flow, sent, h float64) float64 {
	return sent + float64((flow-sent)*portable.Exp(-float64(m.d.Arrival*h)))
}

// hoursTo is when the expected number that arrives reaches left, at most h:
// Newton's steps kept in a shrinking interval, to a nanosecond.
func (m *reportMonitor) hoursTo(left, flow, sent, h float64) float64 {
	lo, hi := 0.0, h
	x := math.Min(hi, left/math.Max(flow, sent))
	for range 100 {
		miss := m.arriving(flow, sent, x) - left
		if miss > 0 {
			hi = x
		} else {
			lo = x
		}
		step := x - miss/m.flowAfter(flow, sent, x)
		if !(step > lo && step < hi) {
			step = lo + (hi-lo)/2
		}
		if math.Abs(step-x) < 1e-13*math.Max(1, x) {
			return step
		}
		x = step
	}
	return x
}
