// Package portable is the part of package math whose results could depend on the
// machine, written so that they do not: one set of bits on amd64 at every level,
// arm64, wasm and any other platform of Go, and errors of about one unit in the
// last place.
//
// Two rules give that. Only operations that IEEE 754 rounds correctly are used
// (+, -, *, /, math.Sqrt, rounding to integers and bit patterns), and every product
// is wrapped in an explicit float64(...), which forbids the compiler to fuse it
// with an addition (Go specification, "Floating-point operators"). Package math
// keeps neither: it has assembly for some platforms, and its Go code is fused on
// others.
//
// Where a comment says ulp, it means the spacing of float64 at the exact result;
// the tests hold every bound stated.
//
// The package refuses to know random numbers, distributions as objects, and
// anything of the simulation.
package portable
