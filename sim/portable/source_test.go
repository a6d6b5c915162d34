package portable

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// exactMath lists what sim may take from package math: what IEEE 754 defines to the
// last bit, and plain bit work.
var exactMath = strings.Fields(`Abs Ceil Copysign Float64bits Float64frombits Floor Inf IsInf IsNaN Ldexp Max
	MaxFloat64 MaxInt MaxInt32 MaxInt64 MaxUint32 MaxUint64 Min MinInt64 Mod Modf NaN Nextafter Pi Round
	RoundToEven Signbit SmallestNonzeroFloat64 Sqrt Sqrt2 Trunc`)

// parseTree returns the syntax of every file below root that is not a test.
func parseTree(t *testing.T, root string) (*token.FileSet, map[string]*ast.File) {
	t.Helper()
	files, syntax := token.NewFileSet(), map[string]*ast.File{}
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		syntax[path], err = parser.ParseFile(files, path, text, 0)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files, syntax
}

// forbidden returns the places in a file that use of math or its children what could
// differ between machines.
func forbidden(files *token.FileSet, file *ast.File) []string {
	name := "" // under which the file knows package math
	var found []string
	for _, i := range file.Imports {
		switch path := strings.Trim(i.Path.Value, `"`); {
		case path == "math" && i.Name == nil:
			name = "math"
		case path == "math":
			name = i.Name.Name
		case path == "math/rand" || path == "math/rand/v2" || path == "math/cmplx":
			found = append(found, fmt.Sprintf("%v: imports %s", files.Position(i.Pos()), path))
		}
	}
	if name == "." {
		return append(found, "imports math without a name")
	}
	ast.Inspect(file, func(n ast.Node) bool {
		s, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		if p, ok := s.X.(*ast.Ident); ok && p.Name == name && !slices.Contains(exactMath, s.Sel.Name) {
			found = append(found, fmt.Sprintf("%v: math.%s is not the same on every machine; see sim/portable", files.Position(s.Pos()), s.Sel.Name))
		}
		return true
	})
	return found
}

// TestSimUsesOnlyExactMath holds all of sim to package portable for everything that
// package math computes differently on different machines.
func TestSimUsesOnlyExactMath(t *testing.T) {
	files, syntax := parseTree(t, "..")
	for _, file := range syntax {
		for _, place := range forbidden(files, file) {
			t.Error(place)
		}
	}
	if len(syntax) < 10 {
		t.Errorf("only %d files were read", len(syntax))
	}
}

// fusible returns the places of products that a compiler may fuse with an addition:
// all that are not inside a conversion, directly or as a factor, divisor or dividend
// of something that is. Assignments and calls are no protection, as the compiler
// looks through both.
func fusible(files *token.FileSet, file *ast.File) []string {
	var found []string
	var parents []ast.Node
	ast.Inspect(file, func(n ast.Node) bool {
		if n == nil {
			parents = parents[:len(parents)-1]
			return true
		}
		switch x := n.(type) {
		case *ast.BinaryExpr:
			product := x.Op == token.MUL || x.Op == token.QUO && powerOf2(x.Y)
			if product && !literal(x) && !rounded(parents) {
				found = append(found, files.Position(x.OpPos).String())
			}
		case *ast.AssignStmt:
			if x.Tok == token.MUL_ASSIGN {
				found = append(found, files.Position(x.TokPos).String())
			}
		}
		parents = append(parents, n)
		return true
	})
	return found
}

// rounded tells whether an expression below these parents is rounded before it can
// meet an addition.
func rounded(parents []ast.Node) bool {
	for i := len(parents) - 1; i >= 0; i-- {
		switch x := parents[i].(type) {
		case *ast.ParenExpr, *ast.UnaryExpr:
		case *ast.BinaryExpr:
			switch x.Op {
			case token.MUL: // whose own parents decide, and which is checked itself
				return true
			case token.ADD, token.SUB:
				return false
			default: // a division, a comparison
				return true
			}
		case *ast.CallExpr:
			f, ok := x.Fun.(*ast.Ident)
			return ok && slices.Contains([]string{"float64", "int", "int64", "uint64"}, f.Name)
		default:
			return false
		}
	}
	return false
}

// powerOf2 tells whether an expression is a literal power of 2: a division by it is
// compiled as a product.
func powerOf2(e ast.Expr) bool {
	l, ok := e.(*ast.BasicLit)
	if !ok {
		return false
	}
	fraction, _ := math.Frexp(constantValue(l))
	return fraction == 0.5
}

// constantValue returns the value of a number literal, or NaN.
func constantValue(l *ast.BasicLit) float64 {
	v, err := strconv.ParseFloat(strings.ReplaceAll(l.Value, "_", ""), 64)
	if err != nil {
		return math.NaN()
	}
	return v
}

// literal tells whether an expression is made of literals only, hence a constant.
func literal(e ast.Expr) bool {
	constant := true
	ast.Inspect(e, func(n ast.Node) bool {
		if _, ok := n.(*ast.Ident); ok {
			constant = false
		}
		return constant
	})
	return constant
}

// TestNoProductIsFusible holds the packages that compute with fractions of random
// values to the rule of the package comment.
func TestNoProductIsFusible(t *testing.T) {
	for _, root := range []string{".", "../dist"} {
		files, syntax := parseTree(t, root)
		for _, file := range syntax {
			for _, place := range fusible(files, file) {
				t.Errorf("%s: a product without float64(...) around it", place)
			}
		}
	}
}

// TestSourceTestsSee shows that the two tests above can fail.
func TestSourceTestsSee(t *testing.T) {
	for text, want := range map[string][2]int{
		`package p; import "math"; var x = math.Exp(1) + math.Sqrt(2)`:               {1, 0},
		`package p; import m "math"; var f = m.Pow`:                                  {1, 0},
		`package p; import "math/rand/v2"; var x = rand.Int()`:                       {1, 0},
		`package p; func f(a, b float64) float64 { return a*b + 1 }`:                 {0, 1},
		`package p; func f(a, b float64) float64 { return 1 - -(a*b) }`:              {0, 1},
		`package p; func f(a, b float64) float64 { c := a * b; c *= a; return c }`:   {0, 2},
		`package p; func f(a, b float64) float64 { return g(a * b) / 2 }`:            {0, 2},
		`package p; func f(a, b float64) float64 { return float64(a*b) + 1 + 2*3 }`:  {0, 0},
		`package p; func f(a, b float64) float64 { return float64(a * (b*a) / b) }`:  {0, 0},
		`package p; func f(a, b float64) float64 { return (a*b)/(b*b+1) + a }`:       {0, 1},
		`package p; func f(a, b float64) float64 { return a/2 + b/a + b/3 }`:         {0, 1},
		`package p; func f(a, b float64) bool { return a*b > float64(a * (b + a)) }`: {0, 0},
	} {
		files := token.NewFileSet()
		file, err := parser.ParseFile(files, "p.go", text, 0)
		if err != nil {
			t.Fatal(err)
		}
		if got := [2]int{len(forbidden(files, file)), len(fusible(files, file))}; got != want {
			t.Errorf("%s: found %v, want %v", text, got, want)
		}
	}
}
