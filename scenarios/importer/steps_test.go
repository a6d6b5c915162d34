package importer

import (
	"strings"
	"testing"

	"github.com/rollrisk/rollrisk/models/assess"
)

const argoManifest = `apiVersion: v1
kind: Service
metadata: {name: shop}
---
apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata:
  name: shop # a comment that stays
spec:
  replicas: 10
  strategy:
    canary:
      trafficRouting: {nginx: {stableIngress: shop}}
      steps:
        # ten percent first
        - setWeight: 10
        - pause: {duration: 5m}
        - setWeight: 50
        - pause:
            duration: 10m
      analysis:
        templates: [{templateName: errors}]
  template: {}
`

const flaggerManifest = `apiVersion: flagger.app/v1beta1
kind: Canary
metadata:
  name: shop
spec:
  targetRef: {apiVersion: apps/v1, kind: Deployment, name: shop}
  service: {port: 80}
  analysis:
    interval: 1m
    threshold: 5
    maxWeight: 50
    stepWeight: 10
    metrics:
      - name: request-success-rate
        thresholdRange: {min: 99}
        interval: 1m
`

func theOnly(t *testing.T, text string) *assess.Rollout {
	t.Helper()
	result := Read([]File{{Name: "m.yaml", Data: []byte(text)}}, Options{})
	if len(result.Rollouts) != 1 {
		t.Fatalf("%+v", result.Faults)
	}
	return result.Rollouts[0]
}

// TestWithSteps: the steps are others, and what stands around them is as it was; read again,
// the rollout has the plan.
func TestWithSteps(t *testing.T) {
	plan := []Step{{0.004, 0.5}, {0.01, 1.5}, {0.254, 0.25}, {1, 3}}
	got, err := WithSteps([]byte(argoManifest), theOnly(t, argoManifest), plan)
	if err != nil {
		t.Fatal(err)
	}
	a, b := strings.Index(argoManifest, "        - setWeight: 10"), strings.Index(argoManifest, "      analysis:")
	want := argoManifest[:a] + `        - setWeight: 1
        - pause: {duration: 2h}
        - setWeight: 25
        - pause: {duration: 15m}
` + argoManifest[b:]
	if string(got) != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
	if r := theOnly(t, string(got)); len(r.Canary.Steps) != 4 {
		t.Errorf("%+v", r.Canary.Steps)
	}
	got, err = WithSteps([]byte(flaggerManifest), theOnly(t, flaggerManifest), []Step{{0.01, 0.05}, {0.1, 0.001}, {0.3, 0.034}, {1, 0}})
	if err != nil {
		t.Fatal(err)
	}
	want = strings.Replace(flaggerManifest, "    maxWeight: 50\n    stepWeight: 10\n", "    stepWeights: [1, 1, 1, 10, 30, 30]\n", 1)
	if string(got) != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
	if r := theOnly(t, string(got)); len(r.Flagger.Machine.StepWeights) != 6 {
		t.Errorf("%+v", r.Flagger.Machine)
	}
}

// The ends of lines stay what they are.
func TestWithStepsKeepsLineEnds(t *testing.T) {
	text := strings.ReplaceAll(argoManifest, "\n", "\r\n")
	got, err := WithSteps([]byte(text), theOnly(t, text), []Step{{0.2, 1}, {1, 0}})
	if err != nil {
		t.Fatal(err)
	}
	if strings.Count(string(got), "\n") != strings.Count(string(got), "\r\n") || !strings.Contains(string(got), "- pause: {duration: 1h}\r\n") {
		t.Errorf("%q", got)
	}
}

func TestWithStepsFaults(t *testing.T) {
	for _, c := range []struct {
		text, want string
		plan       []Step
	}{
		{argoManifest, "a release to everybody at once", []Step{{1, 0}}},
		{strings.Replace(argoManifest, "- pause: {duration: 5m}", "- analysis: {templates: [{templateName: x}]}", 1), "line 17: a step that is neither", []Step{{0.5, 1}}},
		{strings.Replace(flaggerManifest, "    stepWeight: 10\n", "    iterations: 10\n", 1), "does not go by weights", []Step{{0.5, 1}}},
		{flaggerManifest, "the plan takes 180 intervals of 1m", []Step{{0.1, 1}, {0.5, 2}}},
	} {
		if _, err := WithSteps([]byte(c.text), theOnly(t, c.text), c.plan); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v, want %q", err, c.want)
		}
	}
}
