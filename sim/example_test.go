package sim_test

import (
	"context"
	"fmt"
	"time"

	"github.com/rollrisk/rollrisk/sim"
)

// staging is a test environment with one slot. A change takes an hour in it, and a
// hotfix goes before all who wait.
type staging struct {
	k    sim.Kernel[staging]
	slot sim.Resource
}

const (
	hotfix sim.Priority = iota
	ordinary
)

func (s *staging) changeArrives(change int32) { s.enters(change, ordinary) }
func (s *staging) hotfixArrives(change int32) { s.enters(change, hotfix) }

func (s *staging) enters(change int32, priority sim.Priority) {
	if s.slot.Seize(s.k.Now(), change, priority) {
		s.testBegins(change)
	}
}

func (s *staging) testBegins(change int32) {
	s.k.After(time.Hour, (*staging).changeTested, change)
}

func (s *staging) changeTested(change int32) {
	fmt.Printf("%v: change %d is tested\n", s.k.Now(), change)
	if next, ok := s.slot.Release(s.k.Now()); ok {
		s.testBegins(next)
	}
}

// A model is a struct with a Kernel inside; its events are its methods.
func Example() {
	var s staging
	s.k.Reset(&s)
	s.slot.Reset(1)
	s.k.At(0, (*staging).changeArrives, 1)
	s.k.At(10*time.Minute, (*staging).changeArrives, 2)
	s.k.At(20*time.Minute, (*staging).changeArrives, 3)
	s.k.At(30*time.Minute, (*staging).hotfixArrives, 4)
	s.k.Run(sim.Forever)
	fmt.Printf("utilisation %.0f %%, mean queue %.2f\n",
		100*s.slot.Utilisation(s.k.Now()), s.slot.WaitingMean(s.k.Now()))
	// Output:
	// 1h0m0s: change 1 is tested
	// 2h0m0s: change 4 is tested
	// 3h0m0s: change 2 is tested
	// 4h0m0s: change 3 is tested
	// utilisation 100 %, mean queue 1.25
}

// ring is watched for a time; if the alarm rings first, the end of the bake is
// cancelled.
type ring struct {
	k     sim.Kernel[ring]
	baked sim.Event
}

func (r *ring) ringBaked(release int32) { fmt.Printf("%v: release %d is baked\n", r.k.Now(), release) }

func (r *ring) alarmRaised(release int32) {
	fmt.Printf("%v: alarm for release %d, bake cancelled: %t\n", r.k.Now(), release, r.k.Cancel(r.baked))
}

func ExampleKernel_Cancel() {
	var r ring
	r.k.Reset(&r)
	r.baked = r.k.After(4*time.Hour, (*ring).ringBaked, 7)
	r.k.After(90*time.Minute, (*ring).alarmRaised, 7)
	r.k.Run(sim.Forever)
	// Output:
	// 1h30m0s: alarm for release 7, bake cancelled: true
}

// Each worker owns one model; each replication writes into its own place.
func ExampleReplicate() {
	longest := make([]float64, 10000) // hours, by replication
	err := sim.Replicate(context.Background(), sim.Replications[*fork]{
		Count:   len(longest),
		Workers: 2,
		New:     func(int) *fork { return &fork{tasks: 5} },
		Do:      func(f *fork, index int) { longest[index] = f.replicate(index)["E_max"].sum },
	})
	sum := 0.0
	for _, h := range longest {
		sum += h
	}
	fmt.Printf("%.2f %v\n", sum/float64(len(longest)), err)
	// Output: 2.27 <nil>
}
