package study

import (
	"context"
	"encoding/json"
	"math"
	"reflect"
	"testing"
)

// drawer keeps blocks as bytes.
type drawer struct {
	blocks    map[[2]int][]byte
	kept, ran int
}

func (d *drawer) keeping(t *testing.T) *Keeping {
	return &Keeping{
		Kept: func(first, count int) *Shard {
			data, ok := d.blocks[[2]int{first, count}]
			if !ok {
				return nil
			}
			var s Shard
			if err := s.UnmarshalBinary(data); err != nil {
				t.Fatal(err)
			}
			d.kept++
			return &s
		},
		Keep: func(s *Shard) {
			data, err := s.AppendBinary(nil)
			if err != nil {
				t.Fatal(err)
			}
			d.blocks[[2]int{s.First, s.Count}] = data
			d.ran++
		},
	}
}

func bytesOf(t *testing.T, p *Plan, o Options) string {
	t.Helper()
	st, err := Run(context.Background(), p, o)
	if err != nil {
		t.Fatal(err)
	}
	data, err := json.Marshal(st)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// A study made of kept blocks is the same to the last bit, whichever of them are kept, and
// also where the run goes on until a precision is reached.
func TestKeptBlocks(t *testing.T) {
	for what, precision := range map[string]float64{"a number of changes": 0, "a precision": 0.02} {
		p := twoRamps(3)
		p.Changes, p.Precision = 70_010, precision
		want := bytesOf(t, p, Options{})
		d := &drawer{blocks: map[[2]int][]byte{}}
		if bytesOf(t, p, Options{Keeping: d.keeping(t)}) != want {
			t.Errorf("%s: in blocks it is another study", what)
		}
		blocks := d.ran
		if blocks < 4 {
			t.Fatalf("%s: only %d blocks", what, blocks)
		}
		n := 0
		for key := range d.blocks {
			if n++; n%2 == 0 {
				delete(d.blocks, key)
			}
		}
		d.kept, d.ran = 0, 0
		if bytesOf(t, p, Options{Keeping: d.keeping(t)}) != want || d.kept+d.ran != blocks || d.kept == 0 || d.ran == 0 {
			t.Errorf("%s: another study of %d kept and %d simulated of %d blocks", what, d.kept, d.ran, blocks)
		}
	}
}

// The blocks of another question are not taken.
func TestForeignBlocks(t *testing.T) {
	p, q := twoRamps(3), twoRamps(3)
	q.Seed = 2
	one := twoRamps(3)
	one.Case.Pipelines = one.Case.Pipelines[:1]
	want := bytesOf(t, p, Options{})
	for _, other := range []*Plan{q, one} {
		d := &drawer{blocks: map[[2]int][]byte{}}
		bytesOf(t, other, Options{Keeping: d.keeping(t)})
		if bytesOf(t, p, Options{Keeping: d.keeping(t)}) != want {
			t.Error("a block of another question was taken")
		}
	}
}

// A run that is cut off has kept what was finished.
func TestCutOff(t *testing.T) {
	p := twoRamps(3)
	p.Changes = 90_000
	want := bytesOf(t, p, Options{})
	d := &drawer{blocks: map[[2]int][]byte{}}
	ctx, cancel := context.WithCancel(context.Background())
	most := 0
	_, err := Run(ctx, p, Options{Keeping: d.keeping(t), Progress: func(done, total int) {
		if done < most || total != p.Changes {
			t.Errorf("progress %d of %d after %d", done, total, most)
		}
		if most = done; done > 50_000 {
			cancel()
		}
	}})
	if err == nil || d.ran == 0 {
		t.Fatalf("%v after %d blocks", err, d.ran)
	}
	before := d.ran
	if bytesOf(t, p, Options{Keeping: d.keeping(t)}) != want || d.kept != before {
		t.Errorf("%d of %d blocks were taken up", d.kept, before)
	}
}

// A shard survives as bytes, negative zeros, NaN and infinities included; bytes that are
// cut or changed in their lengths are refused.
func TestShardBytes(t *testing.T) {
	p := twoRamps(3)
	s, err := RunShard(context.Background(), p, 3, 7, Options{})
	if err != nil {
		t.Fatal(err)
	}
	s.Rows[0].Harm[0].UserMinutes = math.Copysign(0, -1)
	s.Rows[0].Lean[0].LeadTime = math.Inf(1)
	data, err := s.AppendBinary(nil)
	if err != nil {
		t.Fatal(err)
	}
	var back Shard
	if err := back.UnmarshalBinary(data); err != nil {
		t.Fatal(err)
	}
	again, err := back.AppendBinary(nil)
	if err != nil || !reflect.DeepEqual(data, again) || !back.fits(p, 3, 7) {
		t.Errorf("another shard came back (%v)", err)
	}
	for n := range len(data) {
		if n%13 == 0 && new(Shard).UnmarshalBinary(data[:n]) == nil {
			t.Errorf("the first %d of %d bytes are taken for a shard", n, len(data))
		}
	}
	for at := 32; at < 48; at++ {
		hurt := append([]byte(nil), data...)
		hurt[at] ^= 0x41
		if err := new(Shard).UnmarshalBinary(hurt); err == nil {
			t.Errorf("byte %d was changed, and nothing is said", at)
		}
	}
	if new(Shard).UnmarshalBinary(append(data, 0)) == nil {
		t.Error("a byte too many is taken")
	}
}
