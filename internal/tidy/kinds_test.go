package tidy

import (
	"go/ast"
	"go/types"
	"path"
	"slices"
)

// checkKinds finds kinds that nobody will meet: in a package with an all.go, every
// package variable of a listed type, and every type that a listed interface could
// hold, must be named in all.go. A listed type is the element of a slice that a
// function of all.go returns.
func checkKinds(p *typed) []string {
	i := slices.IndexFunc(p.files, func(s *source) bool { return path.Base(s.path) == "all.go" })
	if i < 0 {
		return nil
	}
	listed, named := p.listedTypes(p.files[i]), p.namedIn(p.files[i])
	if len(listed) == 0 {
		return []string{p.tree.fault(p.files[i].syntax, "all.go returns no list")}
	}
	var faults []string
	for _, s := range p.files {
		for _, id := range declared(s) {
			obj := p.info.Defs[id]
			if obj != nil && !named[obj] && isKind(obj, listed) {
				faults = append(faults, p.tree.fault(id, "%s is not listed in %s/all.go", obj.Name(), p.path))
			}
		}
	}
	return faults
}

// listedTypes are the elements of the slices that the functions of all.go return.
func (p *typed) listedTypes(all *source) []types.Type {
	var listed []types.Type
	all.functions(func(_ string, f *ast.FuncDecl) {
		results := p.info.Defs[f.Name].Type().(*types.Signature).Results()
		for v := range results.Variables() {
			if s, ok := v.Type().Underlying().(*types.Slice); ok {
				listed = append(listed, s.Elem())
			}
		}
	})
	return listed
}

// namedIn are the objects that a file uses.
func (p *typed) namedIn(s *source) map[types.Object]bool {
	named := map[types.Object]bool{}
	ast.Inspect(s.syntax, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && p.info.Uses[id] != nil {
			named[p.info.Uses[id]] = true
		}
		return true
	})
	return named
}

// declared are the package variables and the types of a file.
func declared(s *source) []*ast.Ident {
	var ids []*ast.Ident
	for _, d := range s.syntax.Decls {
		g, ok := d.(*ast.GenDecl)
		if !ok {
			continue
		}
		for _, spec := range g.Specs {
			switch spec := spec.(type) {
			case *ast.ValueSpec:
				ids = append(ids, spec.Names...)
			case *ast.TypeSpec:
				ids = append(ids, spec.Name)
			}
		}
	}
	return ids
}

// isKind reports whether an object is a value of a listed type, or a type of its own
// that satisfies a listed interface.
func isKind(obj types.Object, listed []types.Type) bool {
	for _, l := range listed {
		switch obj := obj.(type) {
		case *types.Var:
			if types.Identical(obj.Type(), l) {
				return true
			}
		case *types.TypeName:
			i, ok := l.Underlying().(*types.Interface)
			if ok && !types.IsInterface(obj.Type()) && (types.Implements(obj.Type(), i) || types.Implements(types.NewPointer(obj.Type()), i)) {
				return true
			}
		}
	}
	return false
}
