package tidy

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/build/constraint"
	"go/importer"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"sync"
)

// A typed is a package that has been checked for types.
type typed struct {
	tree  *tree
	path  string // from the root
	files []*source
	pkg   *types.Package
	info  *types.Info
}

// typedPackages checks the packages that match the patterns, without their tests. A
// package that does not compile is a fault.
func (t *tree) typedPackages(patterns []string) (all []*typed, faults []string) {
	exports, err := exportData()
	if err != nil {
		return nil, []string{err.Error()}
	}
	for dir, files := range t.packages() {
		if !matches(patterns, dir) {
			continue
		}
		p := &typed{tree: t, path: dir, files: files, info: &types.Info{
			Types: map[ast.Expr]types.TypeAndValue{}, Uses: map[*ast.Ident]types.Object{}, Defs: map[*ast.Ident]types.Object{}}}
		var syntax []*ast.File
		for _, s := range files {
			if isBuiltHere(s.syntax) {
				syntax = append(syntax, s.syntax)
			}
		}
		config := types.Config{Importer: importer.ForCompiler(token.NewFileSet(), "gc", exports)}
		if p.pkg, err = config.Check(module+"/"+dir, t.fset, syntax, p.info); err != nil {
			faults = append(faults, err.Error())
			continue
		}
		all = append(all, p)
	}
	return all, faults
}

// isBuiltHere reports whether a file is for this machine: its //go:build line, if it
// has one, is about nothing but the operating system.
func isBuiltHere(f *ast.File) bool {
	for _, group := range f.Comments {
		for _, c := range group.List {
			if e, err := constraint.Parse(c.Text); err == nil && c.Pos() < f.Package {
				return e.Eval(func(tag string) bool {
					return tag == runtime.GOOS || tag == "unix" && runtime.GOOS != "windows"
				})
			}
		}
	}
	return true
}

// exportData finds the compiled types of every package that the project needs, as
// the go command has them in its cache.
var exportData = sync.OnceValues(func() (importer.Lookup, error) {
	c := exec.Command("go", "list", "-e", "-export", "-deps", "-json=ImportPath,Export", "./...")
	c.Dir, c.Stderr = "../..", os.Stderr
	out, err := c.Output()
	if err != nil {
		return nil, fmt.Errorf("go list -export: %w", err)
	}
	files := map[string]string{}
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p struct{ ImportPath, Export string }
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, err
		}
		files[p.ImportPath] = p.Export
	}
	return func(path string) (io.ReadCloser, error) { return os.Open(files[path]) }, nil
})

// inspect calls visit for every node with the nodes around it, innermost last.
func (p *typed) inspect(visit func(n ast.Node, around []ast.Node)) {
	for _, s := range p.files {
		var stack []ast.Node
		ast.Inspect(s.syntax, func(n ast.Node) bool {
			if n == nil {
				stack = stack[:len(stack)-1]
				return true
			}
			visit(n, stack)
			stack = append(stack, n)
			return true
		})
	}
}

// isFloat reports whether an expression is a number that is rounded at run time.
func (p *typed) isFloat(e ast.Expr) bool {
	tv, ok := p.info.Types[e]
	if !ok || tv.Value != nil || tv.Type == nil {
		return false
	}
	b, ok := tv.Type.Underlying().(*types.Basic)
	return ok && b.Info()&(types.IsFloat|types.IsComplex) != 0
}

// typedCheck makes a check of trees out of one of packages with types.
func typedCheck(patterns []string, check func(p *typed) []string) func(t *tree) []string {
	return func(t *tree) []string {
		all, faults := t.typedPackages(patterns)
		for _, p := range all {
			faults = append(faults, check(p)...)
		}
		slices.Sort(faults)
		return faults
	}
}

// checkGlobals finds package variables that change: assigned to, counted up, or
// changed in an element or a field. Tables and errors may be package variables;
// state may not.
func checkGlobals(p *typed) []string {
	var faults []string
	p.inspect(func(n ast.Node, _ []ast.Node) {
		var targets []ast.Expr
		switch n := n.(type) {
		case *ast.AssignStmt:
			targets = n.Lhs
		case *ast.IncDecStmt:
			targets = []ast.Expr{n.X}
		}
		for _, e := range targets {
			if v := p.packageVariable(e); v != nil {
				faults = append(faults, p.tree.fault(e, "the package variable %s changes", v.Name()))
			}
		}
	})
	return faults
}

// packageVariable is the package variable that an assignment to e would change, or
// nil.
func (p *typed) packageVariable(e ast.Expr) *types.Var {
	switch e := e.(type) {
	case *ast.ParenExpr:
		return p.packageVariable(e.X)
	case *ast.IndexExpr:
		return p.packageVariable(e.X)
	case *ast.StarExpr:
		return p.packageVariable(e.X)
	case *ast.SelectorExpr:
		if v, ok := p.info.Uses[e.Sel].(*types.Var); ok && !v.IsField() {
			return v // of another package
		}
		return p.packageVariable(e.X)
	case *ast.Ident:
		if v, ok := p.info.Uses[e].(*types.Var); ok && v.Parent() == v.Pkg().Scope() {
			return v
		}
	}
	return nil
}

// checkMaps finds loops over maps, whose order differs from run to run.
func checkMaps(p *typed) []string {
	var faults []string
	p.inspect(func(n ast.Node, _ []ast.Node) {
		r, ok := n.(*ast.RangeStmt)
		if !ok {
			return
		}
		if _, ok := p.info.Types[r.X].Type.Underlying().(*types.Map); ok {
			faults = append(faults, p.tree.fault(r, "the order of a map differs from run to run"))
		}
	})
	return faults
}
