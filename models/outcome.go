package models

// Outcome is what happened to one change and its defects in one pipeline. Of a
// change that was still on its way when the simulation of a pipeline that cannot
// keep up was given up, harm and cost are NaN: nobody knows them.
// Shape: one per counted change, in the order of the changes. Harm is the
// expectation given the exposure (no request is drawn), summed over the
// change's defects and episodes; see docs/background/model.md.
type Outcome struct {
	UsersExposed   float64 // distinct users who met the change while it carried a defect; people
	UsersAffected  float64 // distinct users who met at least one failure; people
	FailedRequests float64 // requests that failed because of its defects
	UserMinutes    float64 // minutes that users who can meet a defect were exposed to it while it was live
	Cost           float64 // in the scenario's currency: harm, incidents and delay
	LeadTime       float64 // hours from the change's arrival to full exposure of the release that delivered it for good; +Inf when it never was
	Defects        uint16  // carried at arrival
	Escapes        uint16  // defects that reached a user
	Detected       uint16  // escapes for which an alarm rang
	Withdrawals    uint16  // times the change was taken back from users for a defect of its own
	Innocent       uint16  // times it was taken back for a defect of another change in its release
	FalseAlarms    uint16  // times it was taken back for nothing
}

// Stops of a defect that are not a stage.
const (
	StopNever    int16 = -1 // reached users and nobody noticed until the watch ended
	StopPending  int16 = -3 // still on its way, or exposed, when the simulation of a pipeline that cannot keep up was given up
	StopHarmless int16 = -2 // reached users but never showed (load bound, or onset after the watch)
)

// DefectOutcome is what happened to one defect in one pipeline. Shape: one per
// defect of the counted changes, in the order of the changes.
type DefectOutcome struct {
	Detect    float64 // hours from the first exposure of a user to the alarm; +Inf never; NaN when no user met it
	FromMerge float64 // hours from the change's arrival to the catch or the alarm; +Inf never; NaN when pending
	Restore   float64 // hours from when it first showed to users to the end of that exposure; NaN when it hurt nobody or never ended within the watch
	Class     int16   // index into Case.Classes
	Stop      int16   // index of the stage that stopped it, or a Stop constant
	Escaped   bool    // reached a user
	Channel   int16   // index into Pipeline.Detectors of the alarm; -1 when none rang
}

// Period is what happened in one pipeline during one replication, over its
// counted changes.
type Period struct {
	Hours                float64 // from the first counted arrival to the arrival that follows the last counted one
	Releases             float64 // releases that reached their first user in these hours
	Failed               float64 // releases with a counted change and an alarm for a real defect
	FalseAlarms          float64 // releases with a counted change that a false alarm stopped
	Passed               float64 // releases with a counted change that passed the last environment
	PassedHurting        float64 // of those, the ones that went on to make a request of a user fail
	PassedChanges        float64 // counted changes that passed the last environment
	PassedChangesHurting float64 // of those, the ones that went on to make a request of a user fail
	Busy                 float64 // mean busy slots of the last environment, as a share of its slots; NaN without one, or with unlimited slots
	Queue                float64 // mean number of releases waiting for the last environment; NaN without one
	RampQueue            float64 // mean number of releases waiting for room on the ramp; 0 without a ramp
	Cost                 float64 // of the counted changes, in the scenario's currency; NaN when some are pending
	Grown                float64 // changes on their way at the end of these hours less those on their way in the middle, per change that arrived in between; about 0 where the pipeline keeps up
	Overloaded           float64 // 1 when the pipeline did not keep up and new work had to stop; else 0
	Escapes              float64 // defects of the counted changes that reached a user; NaN when some are pending
}
