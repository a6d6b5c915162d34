// Package stat turns columns of simulated values into what a reader may be told:
// means, quantiles, tail means, shares, comparisons, exceedance and survival
// curves, each with its uncertainty and with the warnings that belong to it.
//
// The values come in rows, and the rows in replications. Rows of one replication
// depend on each other (they shared a queue, a release, an uncertain input), and
// replications do not, so every standard error here is computed from replications
// and never from rows as if they were independent. Totals is the view of a column
// that this needs.
//
// Everything is a function of the rows in their order. Sums are compensated in
// fixed blocks, the special functions come from sim/portable or are written here
// on top of it, and no product is fused with an addition: the same rows give the
// same bits on every platform. Number carries values that JSON cannot.
//
// Doubt is data: a result that should be read with care says so in its Warnings,
// and nothing is printed or logged. Maxima are not computed, since the largest
// value seen says more about the number of rows than about the world.
//
// The package refuses to know what the values measure and in which unit, where
// they come from, random numbers, workers, and how a result looks.
package stat
