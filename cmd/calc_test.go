package cmd

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

// updateCalc writes the golden files of the calculator anew: -update-calc.
var updateCalc = flag.Bool("update-calc", false, "write testdata/calc anew")

// calc asks the program, words separated by spaces.
func calc(question string) (code int, out, errOut string) {
	var o, e bytes.Buffer
	code = Main(append([]string{"calc"}, strings.Fields(question)...), strings.NewReader(""), &o, &e)
	return code, o.String(), e.String()
}

const (
	rings  = "ramp --shares 1%,10%,50%,100% --starts 0h,24h,48h,96h "
	window = "window --threshold 2% "
	gates  = "gates --catch 30%,50%,20%,40% "
)

// TestCalcKeys holds the keys of -o json and their numbers. Those of the oracles are
// named; the others were worked out by hand or by other programs, as it says.
func TestCalcKeys(t *testing.T) {
	survival := []float64{1, math.Exp(-0.12), math.Exp(-1.32), math.Exp(-13.32)} // at the starts, hazard 0.5/h
	for _, c := range []struct {
		question string
		want     map[string]any // float64, []float64, string or nil
	}{
		{rings + "--hazard 0.5/h", map[string]any{ // by hand, from the survival
			"time_to_detect_mean_hours": (survival[0]-survival[1])/0.005 + (survival[1]-survival[2])/0.05 + (survival[2]-survival[3])/0.25 + survival[3]/0.5,
			"time_to_detect_p50_hours":  24 + (math.Ln2-0.12)/0.05,
			"time_to_detect_p90_hours":  48 + (math.Ln10-1.32)/0.25,
			"ring_probabilities": []float64{survival[0] - survival[1], survival[1] - survival[2],
				survival[2] - survival[3], survival[3]},
			"exposure_at_detection_mean_hours": 2.0,
			"exposure_total_mean_hours":        2.0,
			"users_share_mean": 0.01*(survival[0]-survival[1]) + 0.1*(survival[1]-survival[2]) +
				0.5*(survival[2]-survival[3]) + survival[3],
		}},
		{"ramp --shares 100% --starts 0 --hazard 12/d --background 0.25/h --respond 1d12h", map[string]any{
			"time_to_detect_mean_hours": 4.0 / 3, "time_to_detect_p50_hours": math.Ln2 / 0.75, "time_to_detect_p90_hours": math.Ln10 / 0.75,
			"ring_probabilities": []float64{1}, "exposure_at_detection_mean_hours": 4.0 / 3, "exposure_total_mean_hours": 4.0/3 + 36, "users_share_mean": 1.0}},
		// Oracle W1_fixed_n500_theta.02_p0.02.
		{window + "--requests 500 --rate 2% --failures 4", map[string]any{
			"fail_probability": 0.41695599447246484, "checks_mean": 9.593338513002609, "checks_sd": 3.6626080111393535}},
		// Oracle W1_fixed_n500_theta.02_p0.01.
		{window + "--requests 500 --rate 0.01", map[string]any{
			"fail_probability": 0.013243567099779426, "checks_mean": 75.50835756453073, "checks_sd": 75.00669106505428}},
		// Oracle W2_poisson_traffic_lam500_p0.03; the sd from its f.
		{window + "--requests 500 --rate 3% --failures 4 --poisson", map[string]any{
			"fail_probability": 0.9100230124539639, "checks_mean": 4.395493240565004, "checks_sd": math.Sqrt(4*(1-0.9100230124539639)) / 0.9100230124539639}},
		// Oracle W3_sliding_m5_n40_p0.03; the others are nowhere else.
		{"window --threshold 3% --requests 40 --rate 3% --failures 1 --sliding 5", map[string]any{
			"fail_probability": absent, "checks_mean": 8.890438804740377, "checks_sd": absent}},
		{window + "--requests 500 --rate 0%", map[string]any{"fail_probability": 0.0, "checks_mean": nil, "checks_sd": nil}},
		// Oracle COMPLAINT_erlang_r3.
		{"complaints --rate 2/h --reports 3", map[string]any{
			"time_mean_hours": 1.5, "time_sd_hours": 0.8660254037844386, "time_p90_hours": 2.6611601689171054}},
		// Oracle COMPLAINT_r3_lam6_w1, in other units.
		{"complaints --rate 144/d --reports 3 --within 60m", map[string]any{"time_mean_hours": 0.5037542555772986}},
		// Oracle GATES_thinning.
		{gates + "--defects 12", map[string]any{"escapes_mean": 2.016, "escapes_variance": 2.016, "none_probability": 0.1331871496005706,
			"caught_mean": []float64{3.6, 4.2, 0.84, 1.344}}},
		// Oracle E2E_defects_gates_ramp_LEC.
		{gates + "--defects 12 --hazard 0.5/h", map[string]any{"escapes_mean": 2.016, "escapes_variance": 2.016, "none_probability": 0.1331871496005706,
			"caught_mean": []float64{3.6, 4.2, 0.84, 1.344},
			"loss_mean":   4.032, "loss_variance": 16.128, "loss_var99": 17.315909796152823, "loss_tail_mean99": 20.420124336550966}},
		// By hand: e = 1/2 after thinning with 1/2, so variance 3 and none (1+1/2)^-4.
		{"gates --defects 4 --catch 50% --dispersion 2", map[string]any{"escapes_mean": 2.0, "escapes_variance": 3.0,
			"none_probability": math.Pow(1.5, -4), "caught_mean": []float64{2}}},
		// Oracle MMc_c2_lam1.5.
		{"queue --arrivals 1.5/h --service 1h --servers 2", map[string]any{"wait_mean_hours": 1.2857142857142856, "wait_probability": 0.6428571428571428,
			"queue_mean": 1.9285714285714284, "utilisation": 0.75, "method": "M/M/c, exact (Erlang C)"}},
		// By hand: M/D/1 waits half as long as M/M/1.
		{"queue --arrivals 0.8/h --service 60m --scv 0", map[string]any{"wait_mean_hours": 2.0, "wait_probability": 0.8,
			"queue_mean": 1.6, "utilisation": 0.8, "method": "M/G/1, exact (Pollaczek-Khinchine)"}},
		// By hand: Allen-Cunneen is (1 + 1/2) / 2 of the oracle's wait.
		{"queue --arrivals 1.5/h --service 1h --servers 2 --scv 0.5", map[string]any{"wait_mean_hours": 0.75 * 1.2857142857142856,
			"wait_probability": 0.6428571428571428, "queue_mean": 0.75 * 1.9285714285714284, "utilisation": 0.75, "method": "M/G/c, approximation (Allen-Cunneen)"}},
		// Oracle GREEDY_BATCH_lam2.0_D1.0.
		{"queue --arrivals 2/h --service 1h --batch-greedy", map[string]any{"wait_mean_hours": 0.4683105308334812, "wait_probability": 0.9366210616669624,
			"queue_mean": 2 * 0.4683105308334812, "utilisation": 0.9366210616669624, "method": "greedy batches, exact (renewal cycle)",
			"runs_per_change": 0.4683105308334812, "batch_mean": 2.135335283236613}},
	} {
		t.Run(c.question, func(t *testing.T) {
			code, out, errOut := calc(c.question + " -o json")
			if code != 0 || errOut != "" {
				t.Fatalf("exit code %d: %s", code, errOut)
			}
			var got map[string]any
			if err := json.Unmarshal([]byte(out), &got); err != nil {
				t.Fatalf("%v in\n%s", err, out)
			}
			if len(got) != len(c.want) {
				t.Errorf("%d keys, want %d:\n%s", len(got), len(c.want), out)
			}
			for key, want := range c.want {
				x, ok := got[key]
				if !ok || want != absent && !sameAnswer(x, want) {
					t.Errorf("%s is %v, want %v", key, x, want)
				}
			}
		})
	}
}

// absent is a number that is wanted, whatever it is.
const absent = "any number"

func sameAnswer(got, want any) bool {
	switch want := want.(type) {
	case float64:
		x, ok := got.(float64)
		return ok && math.Abs(x-want) <= 1e-9*math.Abs(want)
	case []float64:
		xs, ok := got.([]any)
		for i := range want {
			ok = ok && len(xs) == len(want) && sameAnswer(xs[i], want[i])
		}
		return ok
	}
	return got == want
}

// calcExamples are all commands of the help of calc, so that each is run.
func calcExamples(c *cobra.Command) []string {
	var all []string
	for _, line := range strings.Split(c.Example, "\n") {
		if _, question, ok := strings.Cut(line, "rollrisk calc "); ok {
			all = append(all, question)
		}
	}
	for _, sub := range c.Commands() {
		all = append(all, calcExamples(sub)...)
	}
	return all
}

// TestCalcExamples runs every example of the help, and holds what it prints.
func TestCalcExamples(t *testing.T) {
	var all strings.Builder
	examples := calcExamples(newCalcCommand())
	if len(examples) < 12 {
		t.Errorf("only %d examples", len(examples))
	}
	for _, question := range examples {
		code, out, errOut := calc(question)
		if code != 0 {
			t.Errorf("%s: exit code %d: %s", question, code, errOut)
		}
		fmt.Fprintf(&all, "$ rollrisk calc %s\n%s\n", question, withoutLastDigits(out))
	}
	golden(t, "examples.txt", all.String())
}

// longNumber are the numbers whose last digits depend on the machine's functions of
// package math; ten digits do not.
var longNumber = regexp.MustCompile(`[0-9]+\.[0-9]{9,}(e-[0-9]+)?`)

func withoutLastDigits(text string) string {
	return longNumber.ReplaceAllStringFunc(text, func(number string) string {
		var x float64
		if _, err := fmt.Sscan(number, &x); err != nil {
			return number
		}
		return fmt.Sprintf("%.9g", x)
	})
}

// TestCalcFaults: everything that is wrong with a question is told at once, and the
// exit code is 2.
func TestCalcFaults(t *testing.T) {
	var all strings.Builder
	for _, question := range []string{
		"ramp",
		"ramp --shares 10%,5% --starts 0h,2h --hazard 0.5",
		"ramp --shares 10%,x,150%,0%,-1% --starts 1h,2,30min,1h30,2m1h --hazard 0.5/fortnight --background NaN --respond Inf -o xml",
		"ramp --shares 1%,10% --starts 0h,24h,48h --hazard 0/h",
		"ramp --shares 1%,10%,10% --starts 0h,24h,24h --hazard .5/h",
		"ramp --shares 1%,10% --starts 1h,24h --hazard 0.5h --background 1e99/h --respond 3months",
		"ramp --shares 0.00000000001%,10% --starts 0h,24h --hazard 1e500/h --respond 1e-20h",
		"window --requests 1.5 --threshold 101% --rate 3 --failures 0 --sliding 2 --poisson",
		"window --requests 0 --threshold 2%% --rate 300 --failures 2.5",
		"window --requests 9M --threshold 2% --rate 1% --failures 101 --sliding 0.5",
		"window --requests 50% --threshold 1e-9999999999999999999 --rate 0x10",
		"window --requests 5000 --threshold 2% --rate 3% --failures 4 --sliding 5",
		"complaints --rate 0/h --reports 0 --within 0h",
		"complaints --rate 6/h --reports 9 --within 1h",
		"complaints --rate 6/hour --reports 1e7",
		"gates --defects 0 --catch 30%,,2 --dispersion 0.5 --respond 1h",
		"gates --defects 1M --catch 120% --dispersion 1000 --hazard 0/h",
		"queue --arrivals 1/month --service 1M --servers 1.5 --scv -1 --batch-greedy",
		"queue --arrivals 4/h --service 1h --servers 3",
		"queue --arrivals 4/h --service 1h --servers 3 --scv 0 --batch-greedy",
		"queue --arrivals 4/h --service 1h --scv 2 --batch-greedy",
		"queue --arrivals \x1b[31m --service " + strings.Repeat("9", 60),
		"window --requests 500 --threshold 2% --rate 3% -o yaml",
		"sprt",
		"sprt --p0 3% --p1 1% --true 101% --alpha 50% --beta 0% --batch 1.5",
		"sprt --p0 1% --p1 1% --true 1%",
		"sprt --p0 0.001% --p1 0.00101% --true 0.001%",
		"eprocess --p0 100% --true 2 --prior 1,2,3 --requests 1M --batch 0",
		"sprt --p0 50% --p1 50.01% --true 50% --batch 10000",
		"maxsprt --expected 1000 --alpha 0% --ratio 0",
		"maxsprt --expected 0.01 --alpha 5%",
		"maxsprt --expected 10 --alpha 99.9%",
		"groupseq --looks 51 --alpha 60% --shape wald --drift x",
		"ztest --requests 0.5 --p0 0% --true 100% --looks 0 --share 100%",
		"burn --slo 100% --burn 0 --window 1 --errors 5",
		"burn --slo 99.9% --burn 14.4 --window 5m --short 1h --errors 1% --baseline 2%",
		"cusum --poisson --normal --limit 3",
		"cusum --poisson --limit 3 --shift 1",
		"cusum --poisson --reference 1.0001 --limit 3 --mean 2",
		"cusum --normal --reference 0.5 --limit 4 --shift 11 --head-start 5 --steady",
		"cusum --normal --reference 0.5 --limit 4 --shift 1 --head-start 3 --two-sided",
		"cusum --poisson --reference 5 --limit 10 --mean 7 --steady --in-control 6",
		"cusum --poisson --reference 5 --limit 1500 --mean 4",
		"ewma --weight 0.01 --limit 3 --shift -9 --one-sided",
		"cusum --bernoulli --p0 2% --p1 1% --limit 5 --true 0% --mean 3",
		"cusum --bernoulli --p0 0.01% --p1 0.02% --limit 5 --true 0.01%",
		"ewma --weight 2 --limit 0 --shift 1%",
		"kayenta --canary 1,x --direction up",
		"power --baseline 0% --rise 100% --power 100% --alpha 50%",
		"power --baseline 60% --rise 50%",
		"power --baseline 99.9% --rise 0.01%",
		"burn --slo 99.99999999999999% --burn 14.4 --window 1h --errors 5%",
		"burn --slo 99.9% --burn 14.4 --window 1h --errors 2% --baseline 1.4% --rps 190000",
		"nothing", "queue extra", "queue --nothing 3", "queue --servers",
	} {
		code, out, errOut := calc(question)
		if code != 2 || out != "" || errOut == "" {
			t.Errorf("%s: exit code %d, output %q", question, code, out)
		}
		fmt.Fprintf(&all, "$ rollrisk calc %q\n%s\n", question, errOut)
	}
	golden(t, "faults.txt", all.String())
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", "calc", name)
	if *updateCalc {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs; read it and run with -update-calc:\n%s", file, firstDifference(string(want), got))
	}
}

func firstDifference(want, got string) string {
	w, g := strings.Split(want, "\n"), strings.Split(got, "\n")
	for i := range min(len(w), len(g)) {
		if w[i] != g[i] {
			return fmt.Sprintf("line %d\nwant %s\ngot  %s", i+1, w[i], g[i])
		}
	}
	return fmt.Sprintf("want %d lines, got %d", len(w), len(g))
}

// TestCalcHelp: each command says what it is for, its keys and an example.
func TestCalcHelp(t *testing.T) {
	keys := map[string]string{
		"ramp":       "time_to_detect_mean_hours time_to_detect_p50_hours time_to_detect_p90_hours ring_probabilities exposure_at_detection_mean_hours exposure_total_mean_hours users_share_mean",
		"window":     "fail_probability checks_mean checks_sd",
		"complaints": "time_mean_hours",
		"gates":      "escapes_mean escapes_variance none_probability loss_mean loss_variance loss_var99 loss_tail_mean99",
		"queue":      "wait_mean_hours wait_probability queue_mean runs_per_change batch_mean",
	}
	for name, all := range keys {
		code, out, _ := calc(name + " --help")
		for _, want := range append(strings.Fields(all), "Examples:", "rollrisk calc "+name) {
			if code != 0 || !strings.Contains(out, want) {
				t.Errorf("calc %s --help does not say %s", name, want)
			}
		}
	}
	if code, out, _ := calc(""); code != 0 || !strings.Contains(out, "complaints") {
		t.Errorf("calc alone does not print its help: %d", code)
	}
}

// FuzzCalcUnits: no text makes a flag panic, and what is read is a sensible number.
func FuzzCalcUnits(f *testing.F) {
	for _, text := range []string{"1h30m", "0.5/h", "1%", "50k", "1e-3", "", "-1", "NaN", "1_000", "%", "/h", "h", "9e999"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, u := range []calcUnit{calcTime, calcRate, calcShare, calcCount, calcNumber} {
			x, problem := u.parse(text)
			if problem == "" && !(x >= 0 && !math.IsInf(x, 0)) {
				t.Errorf("%q is read as %v", text, x)
			}
		}
	})
}

func TestCalcUnits(t *testing.T) {
	for _, c := range []struct {
		unit calcUnit
		text string
		want float64
	}{
		{calcTime, "30m", 0.5}, {calcTime, "2d", 48}, {calcTime, "1w", 168}, {calcTime, "1h30m", 1.5}, {calcTime, "90s", 0.025}, {calcTime, "0", 0},
		{calcTime, "1.5h", 1.5}, {calcTime, "5m", 5.0 / 60}, {calcRate, "0.5/h", 0.5}, {calcRate, "3/d", 0.125}, {calcRate, "1/m", 60}, {calcRate, "0", 0},
		{calcShare, "1%", 0.01}, {calcShare, "0.07", 0.07}, {calcShare, "7%", 0.07}, {calcShare, "0.5", 0.5}, {calcShare, "100%", 1}, {calcShare, "0%", 0},
		{calcCount, "50k", 50_000}, {calcCount, "1_000", 1000}, {calcCount, "1.5M", 1_500_000}, {calcNumber, "1e-3", 0.001},
	} {
		if x, problem := c.unit.parse(c.text); x != c.want || problem != "" {
			t.Errorf("%q is read as %v, want %v; %s", c.text, x, c.want, problem)
		}
	}
}
