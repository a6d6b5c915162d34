// Package fused holds a product that a compiler may fuse with a sum: it shows that
// TestPlatformsFuseNothing can fail.
package fused

// Sum is fused where the machine can.
func Sum(a, b, c float64) float64 { return a*b + c }
