package stat

import (
	"bytes"
	"encoding/json"
	"flag"
	"math"
	"os"
	"runtime"
	"testing"

	"github.com/rollrisk/rollrisk/sim/portable"
)

var update = flag.Bool("update", false, "write the golden file anew")

// losses is a column as a simulation has it: replications with an effect of their
// own, zeros, positive values over decades; with never, some of them +Inf.
func losses(seed uint64, replications, size int, never float64) Column {
	c := clustered(draws(seed), replications, size, 0.2)
	chance := draws(seed + 1)
	for i, x := range c.Rows {
		c.Rows[i] = 1000 * portable.Exp(2*x)
		if u := chance.Uniform(); u < 0.4 {
			c.Rows[i] = 0
		} else if u > 1-never {
			c.Rows[i] = math.Inf(1)
		}
	}
	return c
}

// TestGolden holds every bit of every result, here and on every other platform that
// runs it. Kills: math.Exp, a fused product, an order of summation that changes.
func TestGolden(t *testing.T) {
	got, err := json.MarshalIndent([]results{
		everything(losses(201, 300, 37, 0)),
		everything(losses(203, 25, 8, 0.05)),
		everything(Column{losses(205, 500, 1, 0).Rows, Independent(500)}),
	}, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	got = append(got, '\n')
	const name = "testdata/golden.json"
	if *update {
		if err := os.WriteFile(name, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		at := 0
		for at < min(len(got), len(want)) && got[at] == want[at] {
			at++
		}
		from := max(0, at-100)
		t.Errorf("differs from byte %d:\n%s\nwant\n%s", at, got[from:min(len(got), at+100)], want[from:min(len(want), at+100)])
	}
}

func TestSummaryParts(t *testing.T) {
	s := NewSample(losses(207, 250, 4, 0), new(Scratch))
	y := Summarise(s, SummaryOptions{Level: 0.9, Quantiles: []float64{0.5, 0.999}, Tails: []float64{0.5, 0.9}})
	q, ok := y.Quantile(0.5)
	if want := s.Quantile(0.5, 0.9); !ok || q.Value != want.Value || q.Low != want.Low || q.Warnings != nil {
		t.Errorf("%+v, want %+v", q, want)
	}
	if tail, ok := y.Tail(0.9); !ok || tail.Value != s.TailMean(0.9, 0.9).Value {
		t.Errorf("%+v", tail)
	}
	if _, ok := y.Quantile(0.4); ok {
		t.Error("a quantile that was not asked for")
	}
	if _, ok := y.Tail(0.4); ok {
		t.Error("a tail that was not asked for")
	}
	near(t, "mean", float64(y.Mean), Mean(s.Rows), 0)
	wantCodes(t, "gathered", y.Warnings, WarnQuantileUnbound, WarnFewTailRows)
	none := Summarise(NewSample(Column{nil, Independent(0)}, new(Scratch)), SummaryOptions{Level: 0.9, Quantiles: []float64{0.5}})
	wantCodes(t, "nothing", none.Warnings, WarnNoRows)
	if none.Quantiles != nil || none.Mean == none.Mean {
		t.Errorf("nothing: %+v", none)
	}
	single := Summarise(NewSample(Column{[]float64{4}, Independent(1)}, new(Scratch)), SummaryOptions{Level: 0.9})
	if single.Mean != 4 || single.StandardDeviation == single.StandardDeviation || single.StandardError == single.StandardError {
		t.Errorf("one row: %+v", single)
	}
	pair := Summarise(NewSample(Column{[]float64{1, 4}, Independent(2)}, new(Scratch)), SummaryOptions{Level: 0.9})
	near(t, "standard deviation", float64(pair.StandardDeviation), 3/math.Sqrt2, 1e-15)
}

// TestScratchMemory: a column needs 16 bytes a row to be sorted, the next one of the
// same length nothing; the results themselves are small.
func TestScratchMemory(t *testing.T) {
	const n = 100_000
	c := losses(209, n/50, 50, 0)
	o := SummaryOptions{Level: 0.9, Quantiles: []float64{0.1, 0.5, 0.9, 0.95, 0.99}, Tails: []float64{0.95, 0.99}}
	var scratch Scratch
	for round, most := range []uint64{16*n + 64<<10, 64 << 10} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		s := NewSample(c, &scratch)
		Summarise(s, o)
		Exceedance(s, CurveOptions{Level: 0.9})
		runtime.ReadMemStats(&after)
		if used := after.TotalAlloc - before.TotalAlloc; used > most {
			t.Errorf("column %d: %d bytes, want at most %d", round, used, most)
		}
	}
}

// The benchmarks are for a million rows in replications of 50.
func benchmarkColumn(b *testing.B, do func(c Column, s *Scratch)) {
	c := losses(1, 20_000, 50, 0)
	var scratch Scratch
	b.ReportAllocs()
	for b.Loop() {
		do(c, &scratch)
	}
}

func BenchmarkSummarise(b *testing.B) {
	o := SummaryOptions{Level: 0.9, Quantiles: []float64{0.1, 0.5, 0.9, 0.95, 0.99}, Tails: []float64{0.95, 0.99}}
	benchmarkColumn(b, func(c Column, s *Scratch) { Summarise(NewSample(c, s), o) })
}

func BenchmarkExceedance(b *testing.B) {
	benchmarkColumn(b, func(c Column, s *Scratch) { Exceedance(NewSample(c, s), CurveOptions{Level: 0.9}) })
}

func BenchmarkCompare(b *testing.B) {
	benchmarkColumn(b, func(c Column, _ *Scratch) { Compare(c, c, CompareOptions{Level: 0.9, Comparisons: 1}) })
}

func BenchmarkCompete(b *testing.B) {
	benchmarkColumn(b, func(c Column, _ *Scratch) { Compete(c, c, Rule{}, 0.9) })
}
