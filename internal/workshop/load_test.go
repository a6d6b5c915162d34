package workshop

import (
	"fmt"
	"net"
	"net/http"
	"os"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"
)

// phones is the size of the room under load.
const phones = 100

// phone is one participant who joins, votes again and again, loses the network in between, and
// remembers the last vote that was acknowledged.
type phone struct {
	*browser
	last int
	took []time.Duration
}

// rounds votes until the end of time given, n times at least.
func (p *phone) rounds(until time.Time, n int) {
	for i := 0; i < n || time.Now().Before(until); i++ {
		if i%5 == 4 {
			p.client.CloseIdleConnections() // it vanishes and comes back
		}
		choice := (i + len(p.took)) % 3
		began := time.Now()
		status, body := p.post("/vote", "round", "0", "choice", fmt.Sprint(choice))
		p.took = append(p.took, time.Since(began))
		if status != http.StatusOK {
			p.x.t.Errorf("vote: %d %s", status, body)
			return
		}
		p.last = choice
		p.get("/seat/state")
		if time.Now().Before(until) {
			time.Sleep(500 * time.Millisecond)
		}
	}
}

// A hundred phones join, vote and reconnect, beside others that open connections and say
// nothing. No acknowledged vote is lost, also after a restart. With ROLLRISK_DEEP=1 for two
// minutes, which measures.
func TestHundredPhones(t *testing.T) {
	x := fresh(t)
	x.leader().to("vote")
	until, votes := time.Now(), 6
	if os.Getenv("ROLLRISK_DEEP") == "1" {
		until = until.Add(2 * time.Minute)
	}
	var vanished []net.Conn // each in the middle of a request that never ends
	for range 50 {
		c, err := net.Dial("tcp", x.http.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		vanished = append(vanished, c)
		fmt.Fprintf(c, "POST /vote HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nround=")
	}
	all := make([]*phone, phones)
	var room sync.WaitGroup
	var early runtime.MemStats
	for i := range all {
		room.Go(func() {
			all[i] = &phone{browser: x.seat(fmt.Sprint("p", i), fmt.Sprint("t", i%10))}
			all[i].rounds(time.Now(), 2)
		})
	}
	room.Wait()
	runtime.GC()
	runtime.ReadMemStats(&early)
	for i := range all {
		room.Go(func() { all[i].rounds(until, votes) })
	}
	room.Wait()
	x.measure(all, &early)
	for _, c := range vanished {
		c.Close()
	}
	x.end()
	y := begin(t, x.file)
	people := y.v.exported().People
	if len(people) != phones {
		t.Fatalf("%d people", len(people))
	}
	names := y.v.lesson.Deck.Scenario.Alternatives()
	for _, p := range people {
		var i int
		fmt.Sscanf(p.Name, "p%d", &i)
		if want := names[all[i].last]; p.Votes[0] != want {
			t.Errorf("%s: %s is kept, %s was acknowledged", p.Name, p.Votes[0], want)
		}
	}
}

// measure tells how long votes took and how the memory has grown, which must stay below what
// the events themselves are.
func (x *site) measure(all []*phone, early *runtime.MemStats) {
	var took []time.Duration
	for _, p := range all {
		p.client.CloseIdleConnections()
		took = append(took, p.took...)
	}
	slices.Sort(took)
	var late runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&late)
	grown := int64(late.HeapAlloc) - int64(early.HeapAlloc)
	x.t.Logf("%d votes: median %v, p99 %v, longest %v; heap %d kB, grown by %d kB", len(took), took[len(took)/2], took[len(took)*99/100],
		took[len(took)-1], late.HeapAlloc>>10, grown>>10)
	if most := int64(16 << 20); grown > most {
		x.t.Errorf("the heap has grown by %d bytes", grown)
	}
}
