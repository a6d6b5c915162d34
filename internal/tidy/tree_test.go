package tidy

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"slices"
	"strings"
	"testing"
)

// module is the import path of the project.
const module = "github.com/rollrisk/rollrisk"

// A tree is the project as files, parsed: the real one, or one that is planted
// with faults.
type tree struct {
	files map[string][]byte // by path, slash separated, from the root
	names []string          // sorted
	fset  *token.FileSet
	code  []*source // Go files, tests included, sorted by path
}

// A source is one Go file.
type source struct {
	path   string // from the root
	pkg    string // its directory, "." for the root
	test   bool
	syntax *ast.File
	text   []byte
}

// load reads a tree. What git keeps, what npm fetched and what is planted here is not
// ours. Go files in folders called testdata are text, as they are for the go tool.
func load(fsys fs.FS) (*tree, error) {
	t := &tree{files: map[string][]byte{}, fset: token.NewFileSet()}
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.Name() == ".git" || d.Name() == "node_modules" || name == "internal/tidy/testdata":
			return fs.SkipDir
		case d.IsDir() || !d.Type().IsRegular():
			return nil
		}
		text, err := fs.ReadFile(fsys, name)
		t.files[name] = text
		t.names = append(t.names, name)
		return err
	})
	if err != nil {
		return nil, err
	}
	return t, t.parse()
}

func (t *tree) parse() error {
	for _, name := range t.names {
		if path.Ext(name) != ".go" || isTestdata(name) {
			continue
		}
		syntax, err := parser.ParseFile(t.fset, name, t.files[name], parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		t.code = append(t.code, &source{path: name, pkg: path.Dir(name), test: strings.HasSuffix(name, "_test.go"), syntax: syntax, text: t.files[name]})
	}
	return nil
}

func isTestdata(name string) bool { return strings.Contains("/"+name, "/testdata/") }

// shipped are the Go files that are not tests.
func (t *tree) shipped() []*source {
	return slices.DeleteFunc(slices.Clone(t.code), func(s *source) bool { return s.test })
}

// packages are the shipped files by directory.
func (t *tree) packages() map[string][]*source {
	m := map[string][]*source{}
	for _, s := range t.shipped() {
		m[s.pkg] = append(m[s.pkg], s)
	}
	return m
}

// fault is one thing that is wrong, at a place.
func (t *tree) fault(at ast.Node, format string, args ...any) string {
	p := t.fset.Position(at.Pos())
	return fmt.Sprintf("%s:%d: %s", p.Filename, p.Line, fmt.Sprintf(format, args...))
}

// lines is how many lines of its file a node covers.
func (t *tree) lines(n ast.Node) int {
	return t.fset.Position(n.End()).Line - t.fset.Position(n.Pos()).Line + 1
}

// functions calls visit for every function with a body.
func (s *source) functions(visit func(name string, f *ast.FuncDecl)) {
	for _, d := range s.syntax.Decls {
		if f, ok := d.(*ast.FuncDecl); ok && f.Body != nil {
			visit(functionName(f), f)
		}
	}
}

// functionName is "Name" or "Receiver.Name".
func functionName(f *ast.FuncDecl) string {
	if f.Recv == nil || len(f.Recv.List) == 0 {
		return f.Name.Name
	}
	return receiver(f.Recv.List[0].Type) + "." + f.Name.Name
}

func receiver(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.StarExpr:
		return receiver(e.X)
	case *ast.IndexExpr:
		return receiver(e.X)
	case *ast.IndexListExpr:
		return receiver(e.X)
	case *ast.Ident:
		return e.Name
	}
	return "?"
}

// matches reports whether a package, or a file, is meant by one of the patterns: a
// path, or a path with "/..." for everything below it too.
func matches(patterns []string, name string) bool {
	for _, p := range patterns {
		below, all := strings.CutSuffix(p, "/...")
		if name == p || all && (name == below || strings.HasPrefix(name, below+"/")) {
			return true
		}
	}
	return false
}

func TestMatches(t *testing.T) {
	for _, c := range []struct {
		pattern, name string
		want          bool
	}{
		{"sim", "sim", true}, {"sim", "sim/rng", false}, {"sim/...", "sim/rng", true},
		{"sim/...", "sim", true}, {"sim/...", "simulator", false}, {".", ".", true},
	} {
		if got := matches([]string{c.pattern}, c.name); got != c.want {
			t.Errorf("%s means %s: %v", c.pattern, c.name, got)
		}
	}
}
