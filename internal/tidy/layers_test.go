package tidy

import (
	"go/ast"
	"slices"
	"strconv"
	"strings"
)

// A layer says which packages of the project a package may import. Paths are from
// the root; arrows point down only. A package that no layer names is a fault, so
// that every new folder is a decision.
type layer struct {
	packages []string
	mayUse   []string
}

func words(s string) []string { return strings.Fields(s) }

// layers is who may import whom.
var layers = []layer{
	{words("sim/portable"), nil},
	{words("sim/rng sim/dist sim/stat"), words("sim/portable")},
	// What the rollout controllers do stands alone, so that importers and detectors can use it.
	{words("models/rollout"), nil},
	{words("sim/points"), words("sim/rng")},
	{words("sim"), words("sim/rng sim/dist sim/stat sim/portable")},
	{words("sim/experiment"), words("sim sim/points sim/rng sim/dist sim/stat sim/portable")},
	{words("models"), words("sim sim/rng sim/dist sim/stat sim/portable")},
	// The parts of the model are siblings: they never meet.
	{words("models/detector models/metric models/analytic"), words("models sim/...")},
	{words("models/study"), words("models models/detector models/metric models/analytic sim/...")},
	{words("models/optimize"), words("models models/study models/analytic sim/...")},
	// What a rollout would catch: driven on the machines of the controllers.
	{words("models/assess"), words("models/rollout sim/...")},
	// The question and the answer do not know of each other.
	{words("scenarios/..."), words("scenarios/... models/... sim/...")},
	{words("reports/assets reports/markup"), nil},
	{words("reports/number"), words("sim/stat")},
	{words("reports/chart"), words("reports/markup reports/number sim/stat sim/portable")},
	{words("reports"), words("reports/chart reports/number")},
	{words("reports/text"), words("reports reports/chart reports/number")},
	{words("reports/markdown"), words("reports reports/chart")},
	{words("reports/html"), words("reports reports/assets reports/chart reports/markup reports/number")},
	{words("reports/assessment"), words("reports reports/number models/assess")},
	{words("reports/bestplan"), words("reports reports/number models/optimize")},
	{words("reports/section"), words("reports reports/chart reports/number models/study models/metric sim/stat")},
	{words("reports/ci"), words("reports reports/assessment reports/markdown reports/section models/assess models/study sim/stat")},
	// The room: a session on the network, with what reports say and people on top.
	{words("internal/workshop"), words("scenarios scenarios/deck models/study reports reports/number reports/section sim/stat")},
	// The page that simulates: one move, the page around it, and the engine that a browser runs.
	{words("internal/playground/tick"), words("scenarios models/study reports reports/html reports/section sim/portable")},
	{words("internal/playground"), words("internal/playground/tick reports/html reports/markup")},
	{words("internal/playground/engine"), words("internal/playground/tick")},
	{words("cmd"), words("internal/playground internal/playground/tick internal/workshop scenarios/... reports/... models/... sim/...")},
	{words("."), words("cmd")},
	// What only tests use.
	{words("internal/determinism"), words("scenarios models/study")},
	{words("internal/determinism/hash"), words("internal/determinism scenarios models/study")},
}

// A reserve keeps an import, or a family of them, for those who need it.
type reserve struct {
	imports []string
	holders []string // packages or files
	why     string
}

var reserves = []reserve{
	{words("math/rand/..."), nil, "chance comes from sim/rng alone, as an argument"},
	{words("crypto/rand"), words("cmd internal/workshop"), "chance comes from sim/rng alone; the command line may ask for a seed, a workshop for secrets"},
	{words("os/... flag net/... syscall io/ioutil log/..."), words(". cmd internal/workshop internal/playground/engine"), "only the command line knows the machine, and the engine its browser"},
	{words("unsafe plugin"), nil, "nothing here needs it"},
	{words("reflect"), words("scenarios"), "reflection is for reading scenarios"},
	{words("sync/... runtime/..."), words("sim/replicate.go cmd internal/workshop"), "replications and requests are the only things that run side by side"},
	{words("go.yaml.in/... gopkg.in/yaml.v3 github.com/santhosh-tekuri/jsonschema/..."), words("scenarios/..."), "YAML ends at the scenario"},
	{words("github.com/go-echarts/..."), words("reports/chart/echarts.go"), "a chart is data until the last file"},
	{words("github.com/spf13/... github.com/schollz/... golang.org/x/term golang.org/x/sys/..."), words("cmd"), "only the command line talks to people"},
	{words("go.etcd.io/bbolt rsc.io/qr"), words("internal/workshop"), "sessions are kept, and found, in one place"},
	{words("golang.org/x/net/..."), words("cmd"), "only the command line knows the machine"},
	{words("github.com/expr-lang/expr/..."), words("models/rollout"), "conditions of Argo Rollouts are read in one place"},
	{words("gonum.org/v1/gonum/..."), words("models/analytic reports/..."), "gonum's sums and samplers differ between machines"},
}

// clock are the functions of package time that read the wall clock or wait for it.
var clock = words("Now Since Until Sleep After AfterFunc Tick NewTimer NewTicker")

func checkLayers(t *tree) []string {
	var faults []string
	for _, s := range t.shipped() {
		i := slices.IndexFunc(layers, func(l layer) bool { return matches(l.packages, s.pkg) })
		if i < 0 {
			faults = append(faults, t.fault(s.syntax.Name, "package %s stands in no layer; add it to the table in internal/tidy/layers_test.go", s.pkg))
			continue
		}
		for _, spec := range s.syntax.Imports {
			if used, ours := projectImport(spec); ours && !matches(layers[i].mayUse, used) {
				faults = append(faults, t.fault(spec, "%s may not import %s", s.pkg, used))
			}
		}
	}
	return faults
}

// projectImport is the path from the root of an import that is ours.
func projectImport(spec *ast.ImportSpec) (string, bool) {
	p := importPath(spec)
	if p == module {
		return ".", true
	}
	return strings.CutPrefix(p, module+"/")
}

func importPath(spec *ast.ImportSpec) string {
	p, _ := strconv.Unquote(spec.Path.Value) // the parser has checked it
	return p
}

func checkReserves(t *tree) []string {
	var faults []string
	for _, s := range t.shipped() {
		for _, spec := range s.syntax.Imports {
			p := importPath(spec)
			for _, r := range reserves {
				if matches(r.imports, p) && !matches(r.holders, s.pkg) && !matches(r.holders, s.path) {
					faults = append(faults, t.fault(spec, "%s is not for %s: %s", p, s.pkg, r.why))
				}
			}
		}
	}
	return faults
}

func checkClock(t *tree) []string {
	return selections(t, "time", clock, words("cmd internal/workshop"), "the wall clock is not for %s: %s")
}

// selections finds uses of members of a package by those who do not hold it.
func selections(t *tree, pkg string, members, holders []string, message string) []string {
	var faults []string
	for _, s := range t.shipped() {
		if matches(holders, s.pkg) {
			continue
		}
		ast.Inspect(s.syntax, func(n ast.Node) bool {
			sel, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			if x, ok := sel.X.(*ast.Ident); ok && x.Name == pkg && slices.Contains(members, sel.Sel.Name) {
				faults = append(faults, t.fault(sel, message, s.pkg, pkg+"."+sel.Sel.Name))
			}
			return true
		})
	}
	return faults
}

// checkQuietStart finds what happens without being asked for: functions called init
// and imports for their side effect.
func checkQuietStart(t *tree) []string {
	var faults []string
	for _, s := range t.shipped() {
		for _, spec := range s.syntax.Imports {
			if spec.Name != nil && spec.Name.Name == "_" && importPath(spec) != "embed" {
				faults = append(faults, t.fault(spec, "import of %s for its side effect", importPath(spec)))
			}
		}
		s.functions(func(name string, f *ast.FuncDecl) {
			if name == "init" {
				faults = append(faults, t.fault(f, "function init: kinds are listed in all.go, not registered"))
			}
		})
	}
	return faults
}

// checkGoroutines keeps goroutines, channels' select included, where replications
// are run.
func checkGoroutines(t *tree) []string {
	var faults []string
	for _, s := range t.shipped() {
		if s.path == "sim/replicate.go" || s.pkg == "cmd" || s.pkg == "internal/playground/engine" {
			continue
		}
		ast.Inspect(s.syntax, func(n ast.Node) bool {
			switch n.(type) {
			case *ast.GoStmt, *ast.SelectStmt, *ast.ChanType:
				faults = append(faults, t.fault(n, "goroutines and channels are for sim/replicate.go and cmd"))
			}
			return true
		})
	}
	return faults
}
