package study

import (
	"context"
	"math"
	"reflect"
	"strings"
	"testing"

	"github.com/rollrisk/rollrisk/models"
)

func explain(t *testing.T, p *Plan, k Pick) *Story {
	t.Helper()
	s, err := Explain(context.Background(), p, k, Options{})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestStoryIsThatOfTheStudy: what a story sums up is what the study counted of the same
// change, and what it tells leads there: times do not fall, failed requests do not
// either, and what has failed when the last exposure ends is what fails in all.
func TestStoryIsThatOfTheStudy(t *testing.T) {
	p := staged()
	shard, err := RunShard(context.Background(), p, 0, p.Replications(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	harmed := 0
	for change := range 300 {
		carries := shard.Rows[0].Lean[change].Defects > 0
		if carries {
			harmed++
		}
		s := explain(t, p, Pick{Change: change + 1})
		if s.Change != change+1 || len(s.Tales) != 2 || (len(s.Defects) > 0) != carries {
			t.Fatalf("change %d: %+v", change+1, s)
		}
		for i, tale := range s.Tales {
			lean := shard.Rows[i].Lean[change]
			if float64(tale.LeadTime) != lean.LeadTime || float64(tale.Cost) != lean.Cost {
				t.Fatalf("change %d, %s: lead time %v and cost %v, the study has %v and %v", change+1, tale.Name, tale.LeadTime, tale.Cost, lean.LeadTime, lean.Cost)
			}
			if carries {
				if h := shard.Rows[i].Harm[harmed-1]; float64(tale.UsersAffected) != h.UsersAffected || float64(tale.FailedRequests) != h.FailedRequests {
					t.Fatalf("change %d, %s: %v users, the study has %v", change+1, tale.Name, tale.UsersAffected, h.UsersAffected)
				}
			}
			leadsThere(t, &tale, s.Arrives)
		}
		if change > 40 && harmed > 25 {
			break
		}
	}
}

// leadsThere checks one tale against itself.
func leadsThere(t *testing.T, tale *Tale, arrives float64) {
	t.Helper()
	events := tale.Events
	if len(events) == 0 || events[0].What != "arrived" || events[0].At != arrives {
		t.Fatalf("%s begins with %+v", tale.Name, events)
	}
	at, failed, delivered := arrives, 0.0, math.Inf(1)
	for _, e := range events {
		if e.At < at || e.Failed < failed-1e-9*failed && e.What != "formed" && e.What != "passed" && e.What != "environment" {
			t.Fatalf("%s: %+v after hour %v and %v failed requests", tale.Name, e, at, failed)
		}
		at = e.At
		if e.What == "ring" || e.What == "alarm" || e.What == "ended" {
			failed = e.Failed
		}
		if e.What == "ring" && e.Share == 1 {
			delivered = e.At
		}
	}
	if last := events[len(events)-1]; last.What == "ended" && math.Abs(last.Failed-float64(tale.FailedRequests)) > 1e-6*float64(tale.FailedRequests) {
		t.Fatalf("%s: %v requests have failed at the end, %v in all", tale.Name, last.Failed, tale.FailedRequests)
	}
	if lead := float64(tale.LeadTime); !math.IsInf(lead, 1) && math.Abs(delivered-arrives-lead) > 1e-6 {
		t.Fatalf("%s: everyone has it at hour %v, the lead time is %v after %v", tale.Name, delivered, lead, arrives)
	}
}

// TestStoryPicks: each pick is the change that it says, and the same one each time.
func TestStoryPicks(t *testing.T) {
	p := staged()
	p.Case.Pipelines[1].Response.Act = models.Hours(40) // so that it does worse now and then
	median, bad, other := explain(t, p, Pick{By: PickMedian}), explain(t, p, Pick{By: PickBadLuck}), explain(t, p, Pick{By: PickOtherWins})
	if again := explain(t, p, Pick{By: PickMedian}); !reflect.DeepEqual(again, median) {
		t.Error("the same story is told otherwise")
	}
	if bad.Tales[1].UsersAffected < median.Tales[1].UsersAffected || other.Tales[1].UsersAffected <= other.Tales[0].UsersAffected {
		t.Errorf("bad luck hurts %v, the middle case %v; where the other wins %v against %v", bad.Tales[1].UsersAffected,
			median.Tales[1].UsersAffected, other.Tales[0].UsersAffected, other.Tales[1].UsersAffected)
	}
	for what, k := range map[string]Pick{"there is no change": {Change: 1e9}, "hurt fewer users": {By: PickOtherWins}} {
		q := staged()
		if k.By != "" {
			q.Case.Pipelines[1] = q.Case.Pipelines[0]
			q.Case.Pipelines[1].Name = "twin"
		}
		if _, err := Explain(context.Background(), q, k, Options{}); err == nil || !strings.Contains(err.Error(), what) {
			t.Errorf("%+v: %v", k, err)
		}
	}
	q := staged()
	q.Case.Changes.Defects = models.Known(0)
	if _, err := Explain(context.Background(), q, Pick{By: PickMedian}, Options{}); err == nil || !strings.Contains(err.Error(), "carries a defect") {
		t.Errorf("%v", err)
	}
}
