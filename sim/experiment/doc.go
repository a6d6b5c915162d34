// Package experiment holds designs over a black box: which of several systems has the
// smallest mean, and how to draw what is rare. It refuses to know what is simulated.
package experiment
