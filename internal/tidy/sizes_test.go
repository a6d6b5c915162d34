package tidy

import (
	"bytes"
	"fmt"
	"go/ast"
	"slices"
)

// The limits of CONTRIBUTING.md. Tests may be as long as they must, and a table of
// numbers is not read.
const (
	aimedLines   = 40 // of a function; above it, the function stands in the ratchet
	mostLines    = 70
	mostFile     = 400
	mostMethods  = 3 // of an interface
	mostArgument = 4
)

// ratchet are the functions above the aim, with the lines they may have. A line here
// may fall and go away; it never rises.
var ratchet = map[string]int{}

func checkFunctions(t *tree) []string { return functionFaults(t, ratchet) }

func functionFaults(t *tree, allowed map[string]int) []string {
	var faults []string
	met := map[string]bool{}
	for _, s := range t.shipped() {
		s.functions(func(name string, f *ast.FuncDecl) {
			key, n := s.pkg+"."+name, t.lines(f)
			limit := max(allowed[key], aimedLines)
			met[key] = met[key] || n > aimedLines
			switch {
			case n > mostLines:
				faults = append(faults, t.fault(f, "%s has %d lines; the most is %d", name, n, mostLines))
			case n > limit:
				faults = append(faults, t.fault(f, "%s has %d lines; the aim is %d; split it (or, for a good reason, see the ratchet in internal/tidy/sizes_test.go)", name, n, limit))
			case n > aimedLines && n < limit:
				faults = append(faults, t.fault(f, "%s has come down to %d lines: lower the ratchet", name, n))
			}
		})
	}
	for key := range allowed {
		if !met[key] {
			faults = append(faults, fmt.Sprintf("internal/tidy/sizes_test.go:1: %s is short or gone: take it out of the ratchet", key))
		}
	}
	slices.Sort(faults)
	return faults
}

func checkFiles(t *tree) []string {
	var faults []string
	for _, s := range t.shipped() {
		if n := bytes.Count(s.text, []byte("\n")); n > mostFile {
			faults = append(faults, t.fault(s.syntax, "the file has %d lines; the most is %d", n, mostFile))
		}
	}
	return faults
}

func checkInterfaces(t *tree) []string {
	var faults []string
	for _, s := range t.shipped() {
		ast.Inspect(s.syntax, func(n ast.Node) bool {
			if i, ok := n.(*ast.InterfaceType); ok && methods(i) > mostMethods {
				faults = append(faults, t.fault(i, "an interface of %d methods; the most is %d", methods(i), mostMethods))
			}
			return true
		})
	}
	return faults
}

// loose are the functions of the inner loop that take their words one by one, because
// a struct would go through memory.
var loose = words("sim/rng.philox sim/rng.round models.Trace.add")

// checkArguments finds functions that take too much: more than four arguments beside
// a context, or a bare boolean beside others, which nobody can read at the call.
func checkArguments(t *tree) []string {
	var faults []string
	for _, s := range t.shipped() {
		s.functions(func(name string, f *ast.FuncDecl) {
			n := f.Type.Params.NumFields() - contexts(f)
			if n > mostArgument && !slices.Contains(loose, s.pkg+"."+name) {
				faults = append(faults, t.fault(f, "%s takes %d arguments; above %d it needs an options struct", name, n, mostArgument))
			}
			if n > 1 && f.Name.IsExported() && takesBool(f) {
				faults = append(faults, t.fault(f, "%s takes a bare boolean: give it a name or split the function", name))
			}
		})
	}
	return faults
}

// contexts is how many arguments are a context, which goes first and says nothing of
// the task.
func contexts(f *ast.FuncDecl) int {
	n := 0
	for _, p := range f.Type.Params.List {
		if s, ok := p.Type.(*ast.SelectorExpr); ok && s.Sel.Name == "Context" {
			n += len(p.Names)
		}
	}
	return n
}

func takesBool(f *ast.FuncDecl) bool {
	return slices.ContainsFunc(f.Type.Params.List, func(p *ast.Field) bool {
		id, ok := p.Type.(*ast.Ident)
		return ok && id.Name == "bool"
	})
}

// checkComments finds exported names without a comment, packages without one, and
// exported fields that are numbers without a word on unit and range.
func checkComments(t *tree) []string {
	var faults []string
	for dir, files := range t.packages() {
		if !slices.ContainsFunc(files, func(s *source) bool { return s.syntax.Doc != nil }) {
			faults = append(faults, t.fault(files[0].syntax.Name, "package %s has no comment", dir))
		}
	}
	for _, s := range t.shipped() {
		for _, d := range s.syntax.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				if d.Name.IsExported() && d.Doc == nil && isDocumented(d) {
					faults = append(faults, t.fault(d, "%s has no comment", functionName(d)))
				}
			case *ast.GenDecl:
				faults = append(faults, t.bareSpecs(d)...)
			}
		}
	}
	slices.Sort(faults)
	return faults
}

// isDocumented is false for methods that no reader of the documentation sees, and for
// those whose name says all there is to say.
func isDocumented(f *ast.FuncDecl) bool {
	if f.Recv == nil {
		return true
	}
	return ast.IsExported(receiver(f.Recv.List[0].Type)) && f.Name.Name != "Error" && f.Name.Name != "String"
}

func (t *tree) bareSpecs(d *ast.GenDecl) []string {
	var faults []string
	for _, spec := range d.Specs {
		switch spec := spec.(type) {
		case *ast.TypeSpec:
			if spec.Name.IsExported() && d.Doc == nil && spec.Doc == nil {
				faults = append(faults, t.fault(spec, "%s has no comment", spec.Name.Name))
			}
			if s, ok := spec.Type.(*ast.StructType); ok && spec.Name.IsExported() {
				faults = append(faults, t.bareFields(spec.Name.Name, s)...)
			}
		case *ast.ValueSpec:
			if d.Doc != nil || spec.Doc != nil || spec.Comment != nil {
				continue
			}
			for _, name := range spec.Names {
				if name.IsExported() {
					faults = append(faults, t.fault(name, "%s has no comment", name.Name))
				}
			}
		}
	}
	return faults
}

// bareFields finds numbers whose unit and range nobody states. A comment above a
// group of fields speaks for those that follow without a blank line.
func (t *tree) bareFields(of string, s *ast.StructType) []string {
	var faults []string
	if t.lines(s) == 1 {
		return nil // the comment of the type speaks for it
	}
	covered := -2 // line up to which a comment speaks
	for _, f := range s.Fields.List {
		line := t.fset.Position(f.Pos()).Line
		if f.Doc != nil || line == covered+1 {
			covered = line
		}
		id, ok := f.Type.(*ast.Ident)
		if !ok || id.Name != "float64" || f.Comment != nil || covered == line {
			continue
		}
		for _, name := range f.Names {
			if name.IsExported() {
				faults = append(faults, t.fault(f, "%s.%s is a number without unit and range", of, name.Name))
			}
		}
	}
	return faults
}

// methods counts the methods and embedded interfaces of an interface; a pointer that
// a type parameter must be is neither.
func methods(i *ast.InterfaceType) int {
	n := 0
	for _, f := range i.Methods.List {
		if _, pointer := f.Type.(*ast.StarExpr); !pointer {
			n++
		}
	}
	return n
}
