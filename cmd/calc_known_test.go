package cmd

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/rollrisk/rollrisk/sim/portable"
)

// calcKnown are questions with answers that were computed by other means: ramps by
// quadrature over the survival function, M/D/3 by iterating the chain of the number
// in the system, the others by sums and recursions.
var calcKnown = []struct {
	question string
	want     map[string]float64
}{
	{rings + "--hazard 0.5/h --background 0.02/h --respond 6h", map[string]float64{
		"time_to_detect_mean_hours": 24.805327799842715, "time_to_detect_p50_hours": 25.330674007999217, "time_to_detect_p90_hours": 48.08364849257053,
		"exposure_at_detection_mean_hours": 1.0077868880062915, "exposure_total_mean_hours": 1.6926048566034124, "users_share_mean": 0.12965619375897436}},
	{"ramp --shares 0.01,0.1,0.5,1 --starts 0,24h,2d,96h --hazard 12/d --respond 6h", map[string]float64{
		"exposure_at_detection_mean_hours": 2, "exposure_total_mean_hours": 3.293882008874475, "users_share_mean": 0.2364954607224979}},
	{window + "--requests 500 --rate 5% --failures 5", map[string]float64{
		"fail_probability": 0.999539992845733, "checks_mean": 5.002301094291171, "checks_sd": 0.04798075966633727}},
	{window + "--requests 500 --rate 1% --failures 4 --poisson", map[string]float64{
		"fail_probability": 0.021054682650581504, "checks_mean": 189.98149088176947}},
	{window + "--requests 100 --rate 4% --sliding 2", map[string]float64{"checks_mean": 1.7624710965109434}},
	{window + "--requests 100 --rate 3% --sliding 3", map[string]float64{"checks_mean": 3.005372002501787}},
	// The oracles of the sequential tests, the charts and the alerts.
	{"sprt --p0 1% --p1 3% --alpha 5% --beta 5% --true 2%", map[string]float64{
		"reject_probability": 0.6029115080171299, "samples_mean": 419.97848025419836, "samples_sd": 342.81232071896926, "samples_p50": 309}},
	{"sprt --p0 0.1% --p1 0.2% --alpha 1% --beta 5% --true 0.15% --batch 100", map[string]float64{
		"reject_probability": 0.4928168661260556, "samples_mean": 21265.573424193743}},
	{"eprocess --p0 1% --alpha 5% --prior 1,99 --true 3% --batch 100", map[string]float64{"reject_probability": 0.9999999999999993, "samples_mean": 492.2820138130069}},
	{"eprocess --p0 1% --alpha 5% --true 2%", map[string]float64{"samples_mean": 1233.6475908320667}},
	{"maxsprt --expected 5 --alpha 5% --ratio 3", map[string]float64{"critical_value": 3.297182797288157, "power": 0.8757496681468822}},
	{"sprt --p0 0.1% --p1 0.2% --alpha 1% --beta 5% --true 0.1% --batch 100", map[string]float64{
		"reject_probability": 0.007586746390402196, "accept_probability": 0.992413253609486, "samples_mean": 9674.117828643644,
		"samples_sd": 6613.876454372136, "samples_p50": 7900}},
	{"sprt --p0 10% --p1 30% --alpha 2% --beta 3% --true 30%", map[string]float64{
		"reject_probability": 0.9725763962349365, "accept_probability": 0.027423603764962577, "samples_mean": 26.6022068742719}},
	{"eprocess --p0 1% --alpha 5% --prior 1,99 --true 1% --batch 100 --requests 20000", map[string]float64{
		"reject_probability": 0.008316028708235265, "samples_mean": 19866.914217132296}},
	{"maxsprt --expected 10 --alpha 5% --ratio 2", map[string]float64{"critical_value": 3.4679515803336627, "power": 0.6850633543020801}},
	{"maxsprt --expected 2 --alpha 5% --ratio 1.5", map[string]float64{"critical_value": 3.0469774628287305, "power": 0.12953944914717508}},
	{"maxsprt --expected 50 --alpha 5% --ratio 1", map[string]float64{"critical_value": 3.8199026939221805, "power": 0.05}},
	{"groupseq --looks 10 --alpha 5% --shape obf --drift 0", map[string]float64{"power": 0.05}},
	{"burn --slo 99.9% --burn 14.4 --window 1h --errors 5% --rps 1", map[string]float64{"time_mean_seconds": 1040, "time_sd_seconds": 144.22205101855957}},
	{"burn --slo 99.9% --burn 14.4 --window 1h --errors 10% --rps 0.1", map[string]float64{
		"time_mean_seconds": 600, "time_sd_seconds": 244.94897427831773, "rings_within_window": 0.9999999998649273}},
	{"burn --slo 99.9% --burn 14.4 --window 1h --short 5m --errors 5%", map[string]float64{
		"time_mean_seconds": 1036.8, "time_sd_seconds": 0, "budget_spent": 0.02, "rings_within_window": 1}},
	{"burn --slo 99.9% --burn 6 --window 6h --short 30m --errors 1%", map[string]float64{"time_mean_seconds": 12960, "budget_spent": 0.05}},
	{"burn --slo 99.9% --burn 14.4 --window 1h --errors 5% --baseline 0.05% --rps 1", map[string]float64{ // Wald's identity
		"time_mean_seconds": (52 - 1.8 - 0.0005/0.0495) / 0.0495}},
	{"power --baseline 1% --rise 0.5% --rps 10 --share 5%", map[string]float64{ // every number of requests up to 5200, tails to sixty digits
		"requests_needed": 4525, "errors_needed": 58, "power": 0.9001750886723093, "bake_hours": 4525 / 1800.0}},
	{"burn --slo 99.9% --burn 14.4 --window 1h --errors 50% --share 5%", map[string]float64{"time_mean_seconds": 2073.6, "time_sd_seconds": 0}},
	{"cusum --poisson --reference 1.5 --limit 5 --mean 2 --head-start 2.5", map[string]float64{"run_length_mean": 6.2170127158367094, "run_length_sd": 5.764674792454829}},
	{"cusum --poisson --reference 5 --limit 10 --mean 7 --in-control 4 --steady", map[string]float64{"run_length_mean": 5.171006748217635}},
	{"cusum --bernoulli --p0 1% --p1 2.5% --limit 5 --true 5%", map[string]float64{"run_length_mean": 150.3533576352826}},
	{"cusum --bernoulli --p0 1% --p1 2.5% --limit 3 --true 1%", map[string]float64{"run_length_mean": 3071.7420860682078}},
	{"complaints --rate 2/h --reports 1", map[string]float64{"time_mean_hours": 0.5, "time_p90_hours": 1.151292546497023}},
	{"complaints --rate 2/h --reports 3 --within 1h", map[string]float64{"time_mean_hours": 1.9711897285788886}},
	{gates + "--defects 12 --hazard 0.5/h --respond 1h", map[string]float64{"loss_mean": 2.016 * 3, "loss_variance": 2.016 * (4 + 9)}},
	{"queue --arrivals 0.8/h --service 1h", map[string]float64{"wait_mean_hours": 4, "wait_probability": 0.8, "queue_mean": 3.2}},
	{"queue --arrivals 4/h --service 60m --servers 5", map[string]float64{
		"wait_mean_hours": 0.5541125541125541, "wait_probability": 0.5541125541125541, "queue_mean": 2.2164502164502164}},
	{"queue --arrivals 216/d --service 1h --servers 10 --scv 1", map[string]float64{
		"wait_mean_hours": 0.668731524107697, "wait_probability": 0.668731524107697, "queue_mean": 6.018583716969273}},
	{"queue --arrivals 2.4/h --service 1h --servers 3 --scv 0", map[string]float64{
		"wait_mean_hours": 0.553900225134205, "wait_probability": 0.632542245350671, "queue_mean": 1.3293605403220918}},
}

// calcJSON asks for JSON.
func calcJSON(t *testing.T, question string) map[string]any {
	t.Helper()
	code, out, errOut := calc(question + " -o json")
	var got map[string]any
	if err := json.Unmarshal([]byte(out), &got); err != nil || code != 0 {
		t.Fatalf("%s: exit code %d, %v\n%s", question, code, err, errOut)
	}
	return got
}

func TestCalcKnown(t *testing.T) {
	for _, c := range calcKnown {
		got := calcJSON(t, c.question)
		for key, want := range c.want {
			if !sameAnswer(got[key], want) {
				t.Errorf("%s: %s is %v, want %v", c.question, key, got[key], want)
			}
		}
	}
}

// TestCalcRings wants the ring probabilities in the order of the rings.
func TestCalcRings(t *testing.T) {
	got := calcJSON(t, rings+"--hazard 0.5/h --background 0.02/h")["ring_probabilities"]
	want := []float64{0.4511883639059736, 0.44652742937848894, 0.10228396608424936, 2.4063128807164646e-07}
	if !sameAnswer(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

// TestCalcNever wants null for what does not exist, however the window is looked at.
func TestCalcNever(t *testing.T) {
	for _, question := range []string{
		"window --requests 500 --threshold 2% --rate 0", "window --requests 500 --threshold 100% --rate 3% --poisson",
		"window --requests 20 --threshold 100% --rate 3% --sliding 3",
	} {
		got := calcJSON(t, question)
		mean, has := got["checks_mean"]
		if !has || mean != nil || got["checks_sd"] != nil || got["fail_probability"] != 0.0 {
			t.Errorf("%s: %v", question, got)
		}
	}
}

// TestCalcNobodyWaits: where hardly anybody waits, what is left of the closed form
// for constant service times is not a negative wait.
func TestCalcNobodyWaits(t *testing.T) {
	for _, question := range []string{"--arrivals 6.9/h --servers 1000", "--arrivals 0.000001/h --servers 7",
		"--arrivals 1/h --servers 1000", "--arrivals 999/h --servers 100k"} {
		got := calcJSON(t, "queue --service 1h --scv 0 "+question)
		for _, key := range []string{"wait_mean_hours", "wait_probability", "queue_mean"} {
			if x, ok := got[key].(float64); !ok || x < 0 || x > 1e-9 {
				t.Errorf("%s: %s is %v, want 0 or nearly so", question, key, got[key])
			}
		}
	}
}

// TestCalcLargeWindow: more requests than can be counted are refused, not a panic.
func TestCalcLargeWindow(t *testing.T) {
	code, _, errOut := calc("window --requests 1G --threshold 1% --rate 1% --sliding 1000")
	if code != exitBadQuestion || !strings.Contains(errOut, "--requests 1G") {
		t.Errorf("exit code %d: %s", code, errOut)
	}
}

// TestCalcFinite: shares and rates at the ends of what is taken give numbers.
func TestCalcFinite(t *testing.T) {
	for _, rate := range []string{"0.000000000001/h", "1G/h"} {
		for _, share := range []string{"0.0000001%", "99%"} {
			got := calcJSON(t, "ramp --shares "+share+",100% --starts 0h,1000000h --respond 1000000h --hazard "+rate)
			for key, value := range got {
				if x, ok := value.(float64); key != "ring_probabilities" && (!ok || math.IsInf(x, 0) || x < 0) {
					t.Errorf("%s, %s: %s is %v", share, rate, key, value)
				}
			}
		}
	}
}

// TestCalcInterrupted wants a command that is interrupted to end at once, however
// long the answer takes.
func TestCalcInterrupted(t *testing.T) {
	ctx, stop := context.WithCancel(context.Background())
	stop()
	never := make(chan struct{})
	defer close(never)
	_, err := unlessInterrupted(ctx, func() (calcAnswer, error) {
		<-never
		return calcAnswer{}, nil
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("%v, want %v", err, context.Canceled)
	}
}

// TestCalcPrinted: tables that are printed to some twelve digits, by quadratures of
// their own.
func TestCalcPrinted(t *testing.T) {
	for question, want := range map[string]float64{
		"cusum --normal --reference 0.5 --limit 5 --shift 0.25":               141.687745217,
		"cusum --normal --reference 0.5 --limit 5 --shift 0.25 --two-sided":   139.493689772,
		"cusum --normal --reference 0.5 --limit 5 --shift 2 --head-start 2.5": 2.36229231755,
		"cusum --normal --reference 0.5 --limit 4 --shift 1 --steady":         7.72186162221,
		"ewma --weight 0.1 --limit 2.814 --shift 0.5":                         31.2974351963,
		"ewma --lambda 0.1 --L 2.814 --mu 0.5":                                31.2974351963,
		"cusum --normal --k 0.5 --h 5 --mu 0.25":                              141.687745217,
		"ewma --weight 0.4 --limit 3.054 --shift 3":                           2.01862956489,
	} {
		got, ok := calcJSON(t, question)["run_length_mean"].(float64)
		if !ok || math.Abs(got-want) > 1e-8*want {
			t.Errorf("%s: %v, want %v", question, got, want)
		}
	}
	bounds, ok := calcJSON(t, "groupseq --looks 5 --alpha 5% --shape pocock --drift 3.2415155")["bounds"].([]any)
	if !ok || len(bounds) != 5 || math.Abs(bounds[0].(float64)-2.4131762200610147) > 1e-9 {
		t.Errorf("bounds %v", bounds)
	}
}

// TestCalcNeverRings: an alert that never rings has no time, and says so; so does a judge
// without data.
func TestCalcNeverRings(t *testing.T) {
	got := calcJSON(t, "burn --slo 99.9% --burn 14.4 --window 1h --errors 50% --share 1% --rps 1")
	if mean, has := got["time_mean_seconds"]; !has || mean != nil || got["time_sd_seconds"] != nil || got["fires"] != false {
		t.Errorf("%v", got)
	}
	// What is just allowed does not ring, though 1 - 0.9995 is less than 0.0005 in floating
	// point; thin traffic may ring by chance, and says how often.
	got = calcJSON(t, "burn --slo 99.95% --burn 10 --window 1h --errors 0.5%")
	if got["fires"] != false || got["rings_within_window"] != 0.0 {
		t.Errorf("%v", got)
	}
	got = calcJSON(t, "burn --slo 99.95% --burn 10 --window 1h --errors 0.5% --rps 1")
	chance, _ := portable.IncompleteGamma(19, 18) // 19 errors or more of 18 expected ones
	if p := got["rings_within_window"].(float64); got["fires"] != false || math.Abs(p-chance) > 1e-12 {
		t.Errorf("%v", got)
	}
	got = calcJSON(t, "burn --slo 99.9% --burn 14.4 --window 1h --errors 2% --baseline 2% --rps 1")
	if p, has := got["rings_within_window"]; got["time_mean_seconds"] != 0.0 || !has || p != nil {
		t.Errorf("%v", got)
	}
	if got := calcJSON(t, "burn --slo 99.9% --burn 14.4 --window 1h --errors 50%"); got["fires"] != true {
		t.Errorf("%v", got)
	}
	if got := calcJSON(t, "kayenta --canary=  --baseline 1,2"); got["verdict"] != "Nodata" {
		t.Errorf("%v", got)
	}
	if got := calcJSON(t, "kayenta --canary 20,22,21,25,30 --baseline 1,2.2,1.1,2.5,3"); got["verdict"] != "High" {
		t.Errorf("%v", got)
	}
	if got := calcJSON(t, "power --baseline 1% --rise 1%"); got["bake_hours"] != nil || got["requests_needed"].(float64) < 100 {
		t.Errorf("%v", got)
	}
}

// TestCalcPeeking: a look more never rings more rarely, and ten looks at 2.5 % on one
// side are half of what the recursion of Armitage, McPherson and Rowe gives for both.
func TestCalcPeeking(t *testing.T) {
	before := 0.0
	for _, looks := range []string{"2", "5", "10", "50"} {
		got := calcJSON(t, "ztest --requests 100000 --p0 1% --true 1.1% --alpha 2.5% --looks "+looks)
		size := got["size"].(float64)
		if size <= before {
			t.Errorf("%s looks: size %v, with fewer %v", looks, size, before)
		}
		before = size
		if both := 0.1933565933497862; looks == "10" && (size < both/2 || size > 1.01*both/2) {
			t.Errorf("ten looks: %v, on both sides %v", size, both)
		}
	}
	one := calcJSON(t, "ztest --requests 1000 --p0 1% --true 3% --looks 1 --share 50%")
	if size := one["size"].(float64); size < 0.03 || size > 0.06 {
		t.Errorf("one exact look: size %v", size)
	}
}
