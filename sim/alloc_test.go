package sim_test

import (
	"testing"
	"time"

	"github.com/rollrisk/rollrisk/sim"
)

// crowdedShop uses all of the engine: both tiers of the event list, cancelling,
// and a resource with a queue in two priorities.
type crowdedShop struct {
	k       sim.Kernel[crowdedShop]
	counter sim.Resource
	patient []sim.Event // by customer: the end of the patience
	served  int
	left    int
}

func (s *crowdedShop) run(index int) {
	s.k.Reset(s)
	s.counter.Reset(3)
	s.patient = s.patient[:0]
	s.served, s.left = 0, 0
	gaps := stream("shop", index)
	at := time.Duration(0)
	for customer := range int32(500) { // all scheduled at once: a long event list
		at += seconds(gaps.Exponential())
		s.k.At(at, (*crowdedShop).enters, customer)
		s.patient = append(s.patient, s.k.At(at+seconds(40), (*crowdedShop).complains, customer))
	}
	s.k.Run(sim.Forever)
}

func (s *crowdedShop) enters(customer int32) {
	if s.counter.Seize(s.k.Now(), customer, sim.Priority(customer%2)) {
		s.begins(customer)
	}
}

func (s *crowdedShop) begins(customer int32) {
	s.k.After(seconds(2.8), (*crowdedShop).leaves, customer)
}

func (s *crowdedShop) leaves(customer int32) {
	s.served++
	s.k.Cancel(s.patient[customer])
	if next, ok := s.counter.Release(s.k.Now()); ok {
		s.begins(next)
	}
}

func (s *crowdedShop) complains(int32) { s.left++ }

// TestNoAllocation: once its memory has grown, a replication allocates nothing.
func TestNoAllocation(t *testing.T) {
	s := new(crowdedShop)
	for index := range 20 {
		s.run(index)
		if s.served != 500 || s.k.Pending() != 0 {
			t.Fatalf("%d customers served, %d events pending; want 500, 0", s.served, s.k.Pending())
		}
	}
	index := 0
	allocations := testing.AllocsPerRun(20, func() {
		s.run(index % 20)
		index++
	})
	if allocations != 0 {
		t.Errorf("%v allocations in a replication", allocations)
	}
}
