package ci

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"io/fs"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	gosarif "github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/model/textparse"
	"github.com/rollrisk/rollrisk/models/study"
	"github.com/rollrisk/rollrisk/reports/section"
	"github.com/rollrisk/rollrisk/sim/stat"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
)

// sample is a study with a gate of each state and kind, under a name.
func sample(name string) *study.Study {
	inf, none := stat.Number(math.Inf(1)), stat.Number(math.NaN())
	gate := func(g study.Gate, state study.GateState, value, margin stat.Number) study.GateResult {
		x := study.GateResult{Gate: g, State: state, Value: value, StandardError: value / 50, Margin: margin, Chance: 0.0001}
		if state == study.GateUndecided {
			x.Chance, x.Enough, x.Doubt = 0.2, 300_000, "the simulation error is too large to tell on which side of the bound the value is"
		}
		return x
	}
	return &study.Study{
		Schema: study.SchemaVersion, Version: "1.2.3", Command: "rollrisk run 'a b.yaml' --seed 1 --changes 40000", Seed: 1, Currency: "$", Level: 0.9,
		About:        study.About{Name: name, Title: "A shop", File: "release/a b, 50%.yaml"},
		Size:         study.Size{Changes: 40_000, Replications: 400, PerPeriod: 100},
		Metrics:      []study.Metric{{Name: "users_affected", Title: "users affected", Unit: "users", Form: "amount"}, {Name: "time_to_detect", Title: "time to detect", Unit: "hours", Form: "amount"}, {Name: "cost", Title: "cost per change", Unit: "money", Form: "amount"}, {Name: "never_detected", Title: "never detected", Unit: "share", Form: "event"}},
		Alternatives: []study.Alternative{{Name: "train", Title: "weekly train"}, {Name: "rings", Title: "rings 1/10 % <b>|x</b>"}},
		Gates: &study.Gates{Confidence: 0.99, Look: 2, Error: 0.0015, Results: []study.GateResult{
			gate(study.Gate{Name: "few", Why: "the desk | has <i>two</i> people", Alternative: 1, Metric: "users_affected", Statistic: study.OfQuantile, P: 0.95, Bound: 50_000, Line: 12, Column: 3}, study.GatePass, 38_000, 21),
			gate(study.Gate{Name: "seen", Alternative: 1, Metric: "never_detected", Statistic: study.OfMean, Bound: 0.05, Line: 17, Column: 3}, study.GateFail, 0.061, -4.8),
			gate(study.Gate{Name: "soon", Alternative: 1, Metric: "time_to_detect", Statistic: study.OfProbability, Above: 4, Bound: 0.1, Line: 22, Column: 3}, study.GateUndecided, 0.0994, 0.1),
			gate(study.Gate{Name: "worth", Alternative: 1, Metric: "cost", Statistic: study.OfDifference, Bound: -25_000, Line: 27, Column: 3}, study.GatePass, -79_000, 6),
			gate(study.Gate{Name: "mean", Metric: "time_to_detect", Statistic: study.OfMean, Bound: 48, Least: true, Line: 31, Column: 3}, study.GatePass, inf, inf),
			gate(study.Gate{Name: "tail", Metric: "users_affected", Statistic: study.OfTail, P: 0.99, Bound: 1e6, Line: 35, Column: 3}, study.GateUndecided, none, none),
		}},
	}
}

// passing is a study all of whose gates pass.
func passing() *study.Study {
	s := sample("good")
	s.Gates.Results = s.Gates.Results[:1]
	return s
}

func written(t *testing.T, form string, r Result) string {
	t.Helper()
	f, ok := Named(form)
	if !ok {
		t.Fatalf("there is no form %s", form)
	}
	var b bytes.Buffer
	if err := f.Write(&b, r); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// results are what every form has to write.
func results() map[string]Result {
	return map[string]Result{
		"one":     {Studies: []*study.Study{sample("shop")}},
		"two":     {Studies: []*study.Study{sample("shop"), passing()}, Undecided: study.GatePass},
		"failing": {Studies: []*study.Study{sample("shop")}, Undecided: study.GateFail},
		"good":    {Studies: []*study.Study{passing()}},
	}
}

// TestState: one gate that fails is enough; undecided counts as it is told to. Kills:
// undecided taken for a pass.
func TestState(t *testing.T) {
	s := sample("shop")
	without := func(state study.GateState) *study.Study {
		c := *s
		g := *s.Gates
		g.Results = nil
		for _, x := range s.Gates.Results {
			if x.State != state {
				g.Results = append(g.Results, x)
			}
		}
		c.Gates = &g
		return &c
	}
	for _, c := range []struct {
		s       *study.Study
		counts  study.GateState
		want    study.GateState
		verdict string
	}{
		{s, "", study.GateFail, "FAIL: 1 of 6 gates fails, 2 are undecided"},
		{without(study.GateFail), "", study.GateUndecided, "UNDECIDED: 2 of 5 gates are undecided"},
		{without(study.GateFail), study.GatePass, study.GatePass, "UNDECIDED: 2 of 5 gates are undecided"},
		{without(study.GateFail), study.GateFail, study.GateFail, "UNDECIDED: 2 of 5 gates are undecided"},
		{without(study.GateUndecided), "", study.GateFail, "FAIL: 1 of 4 gates fails"},
		{passing(), "", study.GatePass, "PASS: 1 of 1 gates passes"},
	} {
		r := Result{Studies: []*study.Study{passing(), c.s}, Undecided: c.counts}
		if got := r.State(); got != c.want {
			t.Errorf("%q counting undecided as %q is %s, want %s", c.verdict, c.counts, got, c.want)
		}
		if got := section.Verdict(c.s); got != c.verdict {
			t.Errorf("%q, want %q", got, c.verdict)
		}
	}
}

// TestWords: what a gate demands and what came out, in the words of the terminal.
func TestWords(t *testing.T) {
	var got []string
	for _, x := range (Result{Studies: []*study.Study{sample("shop")}}).items() {
		got = append(got, x.message())
	}
	want := []string{
		"few: rings 1/10 % <b>|x</b>: P95 of users affected at most 50 k; it is 38.0 k, 21.0 standard errors inside",
		"seen: rings 1/10 % <b>|x</b>: never detected at most 5 %; it is 6.1 %, 4.8 standard errors outside",
		"soon: rings 1/10 % <b>|x</b>: share of time to detect above 4 h at most 10 %; it is 9.9 %, undecided: 0.1 standard errors inside; the simulation error is too large to tell on which side of the bound the value is; about 300 000 changes would decide it",
		"worth: rings 1/10 % <b>|x</b>: mean of cost per change less that of weekly train, at most -$25k; it is -$79.0k, 6.0 standard errors inside",
		"mean: weekly train: mean of time to detect at least 2 d; it is never, without simulation error",
		"tail: weekly train: worst 1 % of users affected, mean at most 1 M; it is n/a, undecided: the simulation error is too large to tell on which side of the bound the value is; about 300 000 changes would decide it",
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("got  %s\nwant %s", got[i], want[i])
		}
	}
}

// TestJUnit holds the form against the schema that Jenkins uses.
func TestJUnit(t *testing.T) {
	all := written(t, "junit", results()["two"])
	for _, want := range []string{`<testsuites name="rollrisk" tests="7" failures="1" errors="0">`, `skipped="2"`, `<failure type="fail" message="seen: `, "release/a b, 50%.yaml:17: seen: "} {
		if !strings.Contains(all, want) {
			t.Errorf("no %s in\n%s", want, all)
		}
	}
	check := junitSchema(t)
	for name, r := range results() {
		if out, err := check(written(t, "junit", r)); err != nil {
			t.Errorf("%s: %v\n%s", name, err, out)
		}
	}
	if _, err := check(strings.Replace(all, "<testcase name=", "<testcase nam=", 1)); err == nil {
		t.Error("a case without a name passes the schema")
	}
}

// junitSchema checks a text against the schema of JUnit XML.
func junitSchema(t *testing.T) func(text string) (string, error) {
	t.Helper()
	if _, err := os.Stat("../../tools/junit/node_modules"); errors.Is(err, fs.ErrNotExist) {
		if os.Getenv("ROLLRISK_BROWSER") == "required" {
			t.Fatal("the schema is not installed: npm ci in tools/junit")
		}
		t.Skip("the schema is not installed (npm ci in tools/junit)")
	}
	return func(text string) (string, error) {
		c := exec.Command("node", "../../tools/junit/validate.js")
		c.Stdin = strings.NewReader(text)
		out, err := c.CombinedOutput()
		return string(out), err
	}
}

// sarifSchema is the schema of OASIS, which a library for the format carries in its source.
func sarifSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	dir, err := exec.Command("go", "list", "-f", "{{.Dir}}", "github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif").Output()
	if err != nil {
		t.Fatal(err)
	}
	source, err := parser.ParseFile(token.NewFileSet(), filepath.Join(strings.TrimSpace(string(dir)), "schema.go"), nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	text := ""
	ast.Inspect(source, func(n ast.Node) bool {
		if l, ok := n.(*ast.BasicLit); ok && len(l.Value) > len(text) {
			text = l.Value
		}
		return true
	})
	v, err := jsonschema.UnmarshalJSON(strings.NewReader(strings.Trim(text, "`")))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("sarif.json", v); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("sarif.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestSARIF holds the form against the schema of OASIS; what a library for the format does
// not know would be a fault too.
func TestSARIF(t *testing.T) {
	schema := sarifSchema(t)
	valid := func(text string) error {
		v, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
		if err != nil {
			return err
		}
		return schema.Validate(v)
	}
	for name, r := range results() {
		text := written(t, "sarif", r)
		d := json.NewDecoder(strings.NewReader(text))
		d.DisallowUnknownFields()
		var log gosarif.Report
		if err := d.Decode(&log); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if err := valid(text); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if name == "good" {
			if n := len(log.Runs[0].Results); n != 0 {
				t.Errorf("%d results of gates that pass", n)
			}
			continue
		}
		x := log.Runs[0].Results[0]
		place := x.Locations[0].PhysicalLocation
		if *x.RuleID != "gate-fails" || x.Level != "error" || *place.ArtifactLocation.URI != "release/a%20b%2C%2050%25.yaml" || *place.Region.StartLine != 17 || x.PartialFingerprints["rollriskGate/v1"] == "" {
			t.Errorf("%s: %s", name, text)
		}
	}
	text := written(t, "sarif", results()["one"])
	for right, wrong := range map[string]string{`"2.1.0"`: `"9"`, `"level": "error"`: `"level": "grave"`, `"startLine": 17`: `"startLine": 0`, `"ruleId"`: `"rule"`} {
		if valid(strings.Replace(text, right, wrong, 1)) == nil {
			t.Errorf("%s passes the schema", wrong)
		}
	}
}

// TestFingerprints know a gate again when it moves, and tell gates and files apart.
func TestFingerprints(t *testing.T) {
	of := func(change func(s *study.Study)) string {
		s := sample("shop")
		change(s)
		return itemsOf(s)[1].fingerprint()
	}
	same := of(func(*study.Study) {})
	if of(func(s *study.Study) { s.Gates.Results[1].Line, s.Gates.Results[1].Value = 99, 7 }) != same {
		t.Error("a gate that moved is another one")
	}
	for name, change := range map[string]func(s *study.Study){
		"name": func(s *study.Study) { s.Gates.Results[1].Name = "noticed" },
		"file": func(s *study.Study) { s.About.File = "other.yaml" },
	} {
		if of(change) == same {
			t.Errorf("a gate of another %s is the same one", name)
		}
	}
}

func TestURIs(t *testing.T) {
	for name, want := range map[string]string{
		"a.yaml": "a.yaml", "./x/../a.yaml": "a.yaml", `sub\a.yaml`: "sub/a.yaml", "/abs/ü.yaml": "file:///abs/%C3%BC.yaml", `C:\a.yaml`: "file:///C%3A/a.yaml", "standard input": "standard%20input",
	} {
		s := sample("shop")
		s.About.File = name
		if got := uriOf(file(s)); got != want {
			t.Errorf("%s is %s, want %s", name, got, want)
		}
	}
}

// TestOpenMetrics reads the form with the parser of Prometheus.
func TestOpenMetrics(t *testing.T) {
	for name, r := range results() {
		text := written(t, "openmetrics", r)
		if !strings.HasSuffix(text, "\n# EOF\n") {
			t.Errorf("%s: it does not end", name)
		}
		series := seriesOf(t, text)
		n := len(r.items())
		if want := 3*n + 3*n + len(r.Studies); len(series) != want {
			t.Errorf("%s: %d series, want %d", name, len(series), want)
		}
		if name == "one" {
			key := `{__name__="rollrisk_gate_value", alternative="rings", gate="few", metric="users_affected", scenario="shop", statistic="quantile"}`
			if series[key] != 38_000 {
				t.Errorf("%v", series)
			}
		}
	}
	s := sample("quoted \"\\\n name")
	if got := seriesOf(t, written(t, "openmetrics", Result{Studies: []*study.Study{s}})); len(got) != 37 {
		t.Errorf("a name with quotes: %d series", len(got))
	}
}

func seriesOf(t *testing.T, text string) map[string]float64 {
	t.Helper()
	all := map[string]float64{}
	p := textparse.NewOpenMetricsParser([]byte(text), labels.NewSymbolTable())
	for {
		entry, err := p.Next()
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		if entry == textparse.EntrySeries {
			_, _, v := p.Series()
			var l labels.Labels
			p.Labels(&l)
			if _, twice := all[l.String()]; twice {
				t.Errorf("%s stands twice", l)
			}
			all[l.String()] = v
		}
	}
}

// TestGitHub reads the commands as the runner does. (The format has no schema and no
// parser apart from the runner's.)
func TestGitHub(t *testing.T) {
	command := regexp.MustCompile(`^::(error|warning|notice)(?: ([^:]*))?::([^\r\n]*)$`)
	text := written(t, "github", results()["one"])
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	if len(lines) != 4 {
		t.Fatalf("%d lines, want one a gate that does not pass, and the verdict\n%s", len(lines), text)
	}
	for _, line := range lines {
		if !command.MatchString(line) {
			t.Errorf("no command: %s", line)
		}
	}
	m := command.FindStringSubmatch(lines[0])
	if m[1] != "error" || m[2] != "file=release/a b%2C 50%25.yaml,line=17,col=3,title=gate seen fails" || !strings.Contains(m[3], "10 %25 <b>") {
		t.Errorf("%q", m)
	}
	if !strings.HasPrefix(lines[1], "::warning ") || lines[3] != "::notice title=rollrisk::FAIL: 1 of 6 gates fails, 2 are undecided" {
		t.Error(text)
	}
	if text := written(t, "github", results()["failing"]); strings.Count(text, "::error ") != 3 {
		t.Errorf("undecided counts as fail:\n%s", text)
	}
}

// TestBadge has the keys that the endpoint knows and no others; anything else is an error
// there. (Shields publishes no schema.)
func TestBadge(t *testing.T) {
	known := map[string]bool{"schemaVersion": true, "label": true, "message": true, "color": true, "labelColor": true, "isError": true, "namedLogo": true, "logoSvg": true, "logoColor": true, "logoSize": true, "style": true}
	for name, want := range map[string][2]string{"one": {"1 of 6 fail", "red"}, "good": {"1 pass", "brightgreen"}, "failing": {"3 of 6 fail", "red"}} {
		var b map[string]any
		if err := json.Unmarshal([]byte(written(t, "badge", results()[name])), &b); err != nil {
			t.Fatal(err)
		}
		for key := range b {
			if !known[key] {
				t.Errorf("shields knows no %s", key)
			}
		}
		if b["schemaVersion"] != 1.0 || b["message"] != want[0] || b["color"] != want[1] {
			t.Errorf("%s: %v", name, b)
		}
	}
}

// TestJSON holds the form against its published schema.
func TestJSON(t *testing.T) {
	schema, err := jsonschema.NewCompiler().Compile("../../docs/reference/check.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	for name, r := range results() {
		v, err := jsonschema.UnmarshalJSON(strings.NewReader(written(t, "json", r)))
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(v); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		v.(map[string]any)["state"] = "nearly"
		if schema.Validate(v) == nil {
			t.Error("a state that there is not passes the schema")
		}
	}
}

func TestCSV(t *testing.T) {
	s := sample("=1+1")
	rows, err := csv.NewReader(strings.NewReader(written(t, "csv", Result{Studies: []*study.Study{s}}))).ReadAll()
	if err != nil || len(rows) != 7 || rows[1][0] != "'=1+1" || rows[2][9] != "fail" || rows[5][10] != "+Inf" || rows[6][10] != "NaN" {
		t.Errorf("%v %v", err, rows)
	}
}

// TestMarkdown renders the form as GitHub does: the first line is the verdict, what a
// scenario is called adds no markup, and the marker is there and not seen.
func TestMarkdown(t *testing.T) {
	for _, form := range []string{"markdown", "comment"} {
		text := written(t, form, results()["two"])
		first, _, _ := strings.Cut(text, "\n")
		if first != "**FAIL: 1 of 7 gates fails, 2 are undecided**" {
			t.Errorf("%s begins with %s", form, first)
		}
		if marked := strings.HasSuffix(text, "\n"+Marker+"\n"); marked != (form == "comment") {
			t.Errorf("%s ends with %s", form, text[len(text)-40:])
		}
		var page bytes.Buffer
		if err := goldmark.New(goldmark.WithExtensions(extension.GFM)).Convert([]byte(text), &page); err != nil {
			t.Fatal(err)
		}
		html := page.String()
		if strings.Count(html, "<table>") != 2 || strings.Contains(html, "<b>") || strings.Contains(html, "<i>") || strings.Count(html, "<tr>") != 1+6+1+1 {
			t.Errorf("%s:\n%s", form, html)
		}
	}
}

// TestMarkdownFits: however many scenarios and gates there are, it fits where it is shown;
// those that fail come first, and what is left out is told.
func TestMarkdownFits(t *testing.T) {
	var all []*study.Study
	for i := range 200 {
		s := passing()
		if i == 199 {
			s = sample("the last")
		}
		s.About.Title = strings.Repeat("a long title ", 9)
		for len(s.Gates.Results) < 50 {
			s.Gates.Results = append(s.Gates.Results, s.Gates.Results[0])
			s.Gates.Results[len(s.Gates.Results)-1].Why = strings.Repeat("why, and why, and why ", 50)
		}
		all = append(all, s)
	}
	for form, most := range map[string]int{"markdown": 1 << 20, "comment": 1 << 16} {
		text := written(t, form, Result{Studies: all})
		if len(text) >= most || len(text) < most/2 {
			t.Errorf("%s has %d bytes of %d", form, len(text), most)
		}
		if !strings.Contains(text, " more scenarios are left out") || !strings.HasPrefix(text[strings.Index(text, "### "):], "### the last") {
			t.Errorf("%s does not say what it leaves out, or does not begin with what fails", form)
		}
		if form == "comment" && !strings.HasSuffix(text, Marker+"\n") {
			t.Error("the marker is cut off")
		}
	}
}

// TestForms: every form has a name and a reader, and the same bytes come again.
func TestForms(t *testing.T) {
	for _, f := range All() {
		if f.Name == "" || f.Doc == "" {
			t.Errorf("%+v", f)
		}
		first, again := written(t, f.Name, results()["two"]), written(t, f.Name, results()["two"])
		if first != again {
			t.Errorf("%s differs from time to time", f.Name)
		}
		if err := f.Write(full{}, results()["one"]); err == nil {
			t.Errorf("%s does not notice that nothing can be written", f.Name)
		}
	}
	if _, ok := Named("xml"); ok {
		t.Error("there is a form xml")
	}
}

// full is a disk without room.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, io.ErrShortWrite }
