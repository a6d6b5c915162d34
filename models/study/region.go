package study

import "github.com/rollrisk/rollrisk/sim/stat"

// RegionsVersion names the form of Regions in JSON. It changes when a reader of the old
// form would misread the new one.
const RegionsVersion = "rollrisk.map/1"

// Regions is a map of two inputs: where which of two alternatives does better. It is a
// plain value. Steps are logarithms of the factor by which an input is multiplied; of a
// share its odds are.
type Regions struct {
	Schema   string        `json:"schema"`
	Version  string        `json:"version"` // of the program
	Command  string        `json:"command"` // that repeats it
	About    About         `json:"about"`
	Seed     uint64        `json:"seed"`
	Currency string        `json:"currency"` // printed before amounts
	Of       string        `json:"of"`       // "users": who hurts fewer in more changes; "cost": what a change costs on average
	Factor   float64       `json:"factor"`   // the ends are a Factor-th of what is stated and Factor times it; of a share its odds
	Best     string        `json:"best"`     // title of the alternative that does best at what is stated
	BestAt   int           `json:"best_at"`  // its index
	Rival    string        `json:"rival"`    // title of the one that it is held against
	RivalAt  int           `json:"rival_at"` // its index
	Changes  int           `json:"changes"`  // simulated at a point, at least
	Points   int           `json:"points"`   // that were simulated
	X        RegionAxis    `json:"x"`
	Y        RegionAxis    `json:"y"`
	Nodes    []RegionNode  `json:"nodes"`  // row by row from the least y to the largest, in each from the least x
	Ahead    RegionShares  `json:"shares"` // of the map
	Bounds   []RegionBound `json:"bounds"` // where, with one input as stated, the other turns the answer round
}

// RegionAxis is one input of a map.
type RegionAxis struct {
	Path   string    `json:"path"`   // address in the scenario
	Label  string    `json:"label"`  // for people
	Stated string    `json:"stated"` // as the scenario says it
	Unit   string    `json:"unit"`   // of Values: "hours", "share", "money", "per hour" or ""
	Steps  []float64 `json:"steps"`  // of the nodes, rising; 0 is what is stated
	Values []float64 `json:"values"` // of the input there, in Unit
	Half   []float64 `json:"half"`   // steps of the ends of the middle half of what is stated as a range; empty where nothing is
	Range  []float64 `json:"range"`  // of its 90 % interval
}

// RegionNode is one point of a map.
type RegionNode struct {
	Saving  stat.Number `json:"saving"`  // of Best against Rival: wins less losses, -1..1, or money for a change; null where it was not simulated or cannot be
	Low     stat.Number `json:"low"`     // of its interval, in the unit of Saving
	High    stat.Number `json:"high"`    // of its interval, in the unit of Saving
	Winner  string      `json:"winner"`  // "best", "rival", "level" (inside the simulation error) or "stuck" (one does not keep up with its changes, or the scenario has faults)
	Guessed bool        `json:"guessed"` // not simulated: as the nodes around it, which agree
}

// RegionShares are the shares of a map, 0..1.
type RegionShares struct {
	Best  float64 `json:"best"`  // 0..1
	Rival float64 `json:"rival"` // 0..1
	Level float64 `json:"level"` // 0..1; inside the simulation error
	Stuck float64 `json:"stuck"` // 0..1
}

// RegionBound is where an input turns the answer round, the other as stated.
type RegionBound struct {
	Axis  string  `json:"axis"`  // "x" or "y"
	At    float64 `json:"at"`    // value of the input, in its unit
	Step  float64 `json:"step"`  // logarithm of the factor
	Times float64 `json:"times"` // the factor, of a share that of its odds
	Above bool    `json:"above"` // the one that is behind at what is stated is ahead above it; else below
}
