package models

import "time"

// Detector describes one way of noticing a bad release. It is fixed and shared;
// what it remembers while watching a release is its Monitor.
type Detector interface {
	// Monitor returns fresh memory for watching one release. It is called when
	// a worker is set up, never in the inner loop; seed is the study's.
	Monitor(seed uint64) Monitor
}

// Monitor is the memory of a Detector about one release. It is handed its
// windows in order of time and never fetches anything.
type Monitor interface {
	// Reset forgets everything: a new release is watched from now on, or the
	// same one anew after a response.
	Reset()
	// Observe looks at one Window and says whether, and when, the alarm rings
	// in it. What follows an alarm can cut a window short: the next one then
	// begins inside it.
	Observe(w *Window) Verdict
}

// Finding is what a monitor says about a window.
type Finding uint8

// The findings.
const (
	Continue     Finding = iota // nothing to say yet
	Pass                        // enough seen: no further watching needed
	Fail                        // the alarm rings
	Inconclusive                // a person must look
)

// Verdict is the answer of a Monitor to one Window.
type Verdict struct {
	Finding Finding
	At      time.Duration // when, for every finding but Continue; inside the window
	Signal  int           // index into Window.Signals of the defect noticed; -1 for a false alarm
	Hold    time.Duration // with Continue: for how long, beyond the window, the release must stay in its ring
}

// Window is a stretch of constant exposure that a monitor observes: one ring
// of one release. Monitors must not keep it.
type Window struct {
	Start, End time.Duration // [Start, End)
	Share      float64       // of requests that meet the release, 0..1
	Requests   float64       // requests of the whole service in an average hour
	Users      float64       // users of the whole service
	Errors     float64       // baseline share of failing requests, 0..1
	Swings     Swings        // how it wanders around that
	Elsewhere  float64       // share of requests that fail by an outage of others, 0..1; the signal of the outage says so of the release, this of all who do not meet it
	Clock      *Clock        // traffic through the week: exposure between two times and its inverse
	Signals    []Signal      // the defects in the release that are not repaired
	Luck       Luck          // where the monitor takes chance from
}

// Signal is what one live defect shows to the monitors.
type Signal struct {
	Entity   uint64        // number of the defect in the replication: the key of its chance
	From     time.Duration // it shows from here on; >= Window.Start, may be >= Window.End: not in this window
	Errors   float64       // share of all requests in the ring that it makes fail, 0..1 (reach x strength)
	Reach    float64       // share of users who can meet it
	Strength float64       // probability that a request of such a user fails
	Visible  bool          // telemetry shows it
	Reported bool          // users who meet it may complain
	Dose     float64       // exposure it has had at Window.Start, hours at full audience since it shows
	Age      float64       // wall-clock hours at Window.Start since it shows
}

// Luck is chance for one release: the replication and the coupling it belongs to.
type Luck struct {
	Replication uint64
	Coupling    uint64 // 0: common luck; 1: independent luck over the same causes
	Release     uint64 // number of the release in the replication, for chance that belongs to no defect
}
