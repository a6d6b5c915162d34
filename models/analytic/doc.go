// Package analytic is the second engine: what one pipeline does to one defect, or
// what one queue does to its changes, by closed forms and small Markov chains
// instead of simulation. It answers `calc`, and it is what the simulator is held
// against.
//
// Plain numbers go in and plain numbers come out. Times are hours, rates are per
// hour, shares and probabilities are from 0 to 1. Exposure is time at full
// audience: 100 hours at 1 % are one hour. A mean that does not exist, because
// the event may never happen, is +Inf.
//
// Numbers that make no sense (negative, NaN, a probability above 1) are a
// programmer's fault and panic; whoever reads them from people checks them first.
// A question without an answer, such as a queue that grows for ever, is an error.
//
// The package refuses to know pipelines with queues between their stages, chance
// (nothing here is drawn), the simulator and its types, and how questions are
// written or answers shown.
package analytic
