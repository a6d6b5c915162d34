package tidy

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"math"
	"slices"
)

// portable are the packages whose numbers must have the same bits on every machine:
// all that feeds a study. models/analytic answers `calc` and feeds no study.
var portable = words("sim/... models models/assess models/detector models/metric models/rollout models/study scenarios/...")

// exact are the members of package math that give the same bits everywhere: IEEE 754
// rounds them correctly, or they only move bits.
var exact = words(`Abs Ceil Copysign Dim FMA Float32bits Float32frombits Float64bits Float64frombits
	Floor Frexp Inf IsInf IsNaN Ldexp Max Min Mod Modf NaN Nextafter Remainder Round RoundToEven
	Signbit Sqrt Trunc`)

// checkFunctionsOfMath finds functions of package math whose bits differ between
// machines. Its constants are fine.
func checkFunctionsOfMath(p *typed) []string {
	var faults []string
	p.inspect(func(n ast.Node, _ []ast.Node) {
		id, ok := n.(*ast.Ident)
		if !ok {
			return
		}
		f, ok := p.info.Uses[id].(*types.Func)
		if ok && f.Pkg() != nil && f.Pkg().Path() == "math" && !slices.Contains(exact, f.Name()) {
			faults = append(faults, p.tree.fault(id, "math.%s differs between machines; sim/portable does not", f.Name()))
		}
	})
	return faults
}

// checkProducts finds products of floats that a compiler may fuse with an addition.
// The Go specification allows that across statements and, by inlining, across
// functions; only an explicit conversion forbids it. So every product is wrapped in
// float64(...), unless what uses it can be no addition: a product, a quotient, a
// comparison, a function of package math, a conversion. A product with a power of
// two is exact, and fusing changes nothing.
func checkProducts(p *typed) []string {
	var faults []string
	p.inspect(func(n ast.Node, around []ast.Node) {
		switch n := n.(type) {
		case *ast.BinaryExpr:
			if n.Op == token.MUL && p.isFloat(n) && !p.isScale(n.X) && !p.isScale(n.Y) && !p.isHarmless(n, around) {
				faults = append(faults, p.tree.fault(n, "a product that may be fused with an addition: wrap it in float64(...)"))
			}
		case *ast.AssignStmt:
			if n.Tok == token.MUL_ASSIGN && p.isFloat(n.Lhs[0]) && !p.isScale(n.Rhs[0]) {
				faults = append(faults, p.tree.fault(n, "a product that may be fused with an addition: write x = float64(x * y)"))
			}
		}
	})
	return faults
}

// isScale reports whether e is a constant power of two.
func (p *typed) isScale(e ast.Expr) bool {
	v := p.info.Types[e].Value
	if v == nil || (v.Kind() != constant.Int && v.Kind() != constant.Float) {
		return false
	}
	f, _ := constant.Float64Val(constant.ToFloat(v))
	fraction, _ := math.Frexp(math.Abs(f))
	return fraction == 0.5
}

// isHarmless reports whether nothing can add to the product e before it is rounded.
func (p *typed) isHarmless(e ast.Expr, around []ast.Node) bool {
	for i := len(around) - 1; i >= 0; i-- {
		switch parent := around[i].(type) {
		case *ast.ParenExpr:
			continue
		case *ast.UnaryExpr:
			if parent.Op == token.SUB {
				continue
			}
			return false
		case *ast.BinaryExpr:
			return parent.Op != token.ADD && parent.Op != token.SUB
		case *ast.CallExpr:
			return p.rounds(parent)
		default:
			return false
		}
	}
	return false
}

// rounds reports whether a call is a conversion or an exact function of package math.
func (p *typed) rounds(c *ast.CallExpr) bool {
	if p.info.Types[c.Fun].IsType() {
		return true
	}
	sel, ok := c.Fun.(*ast.SelectorExpr)
	if !ok {
		return false
	}
	f, ok := p.info.Uses[sel.Sel].(*types.Func)
	return ok && f.Pkg() != nil && f.Pkg().Path() == "math" && f.Name() != "FMA"
}
