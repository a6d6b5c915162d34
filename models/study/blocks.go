package study

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/rollrisk/rollrisk/models"
)

// Keeping keeps finished blocks of replications, so that a run that is cut off can be
// taken up again. It never changes a result.
type Keeping struct {
	Kept func(first, count int) *Shard // the block of those replications; nil where it is not kept
	Keep func(*Shard)                  // keeps a block that is finished
}

// blockChanges is about how many changes a block has: an assumption, a tenth of a second
// to some seconds of work that a run which is cut off has to do again.
const blockChanges = 20_000

// block is the number of replications of a block of a plan.
func (p *Plan) block() int { return max(1, blockChanges/p.Case.Changes.PerPeriod) }

// runRows is RunShard, block after block where blocks are kept. Blocks begin at multiples
// of their size, so that a run finds those of one that was to be shorter or longer.
func runRows(ctx context.Context, p *Plan, first, count int, o Options) (*Shard, error) {
	if o.Keeping == nil {
		return RunShard(ctx, p, first, count, o)
	}
	var all *Shard
	size := p.block()
	for at := first; at < first+count || all == nil; {
		n := min(size-at%size, first+count-at)
		next, err := p.keptOrRun(ctx, at, n, o)
		if err != nil {
			return nil, err
		}
		if at += n; all == nil {
			all = next
		} else {
			all.extend(next)
		}
	}
	return all, nil
}

// keptOrRun is one block.
func (p *Plan) keptOrRun(ctx context.Context, first, count int, o Options) (*Shard, error) {
	if s := o.Keeping.Kept(first, count); s != nil && s.fits(p, first, count) {
		s.Changes = p.Changes // the block is the same in a longer plan
		return s, ctx.Err()
	}
	one, tell := o, o.Progress
	if tell != nil {
		before := first * p.Case.Changes.PerPeriod
		one.Progress = func(done, total int) { tell(min(before+min(done, count*p.Case.Changes.PerPeriod), total), total) }
	}
	s, err := RunShard(ctx, p, first, count, one)
	if err == nil {
		o.Keeping.Keep(s)
	}
	return s, err
}

// fits says whether a shard is of that block of that plan, as far as can be seen.
func (s *Shard) fits(p *Plan, first, count int) bool {
	if s.First != first || s.Count != count || s.Seed != p.Seed || len(s.Rows) != len(p.Case.Pipelines) {
		return false
	}
	followed := max(0, min(count, p.recorded()-first))
	for i := range s.Rows {
		r := &s.Rows[i]
		rivals := 0
		if i == 0 && len(s.Rows) > 1 {
			rivals = len(s.Classes)
		}
		if len(r.Lean) != count*p.Case.Changes.PerPeriod || len(r.Harm) != len(s.Classes) || len(r.Rival) != rivals ||
			len(r.Periods) != count || len(r.Audiences) != followed || len(r.Defects) != len(s.Rows[0].Defects) {
			return false
		}
	}
	return true
}

// AppendBinary appends a shard to b, to the last bit (encoding.BinaryAppender). It never
// fails.
func (s *Shard) AppendBinary(b []byte) ([]byte, error) {
	e := &encoder{b: b}
	e.add(int64(s.First), int64(s.Count), s.Seed, int64(s.Changes), int64(len(s.Rows)))
	e.list(len(s.Classes), s.Classes)
	for i := range s.Rows {
		r := &s.Rows[i]
		e.list(len(r.Lean), r.Lean)
		e.list(len(r.Harm), r.Harm)
		e.list(len(r.Defects), r.Defects)
		e.list(len(r.Periods), r.Periods)
		e.list(len(r.Rival), r.Rival)
		e.add(int64(len(r.Audiences)))
		for _, steps := range r.Audiences {
			e.list(len(steps), steps)
		}
	}
	return e.b, e.err
}

// encoder appends values of fixed size.
type encoder struct {
	b   []byte
	err error
}

func (e *encoder) add(values ...any) {
	for _, v := range values {
		if e.err == nil {
			e.b, e.err = binary.Append(e.b, binary.LittleEndian, v)
		}
	}
}

func (e *encoder) list(n int, rows any) { e.add(int64(n), rows) }

// errShard is what is wrong with bytes that are no shard.
var errShard = errors.New("study: these bytes are no shard")

// UnmarshalBinary is the inverse of AppendBinary. It fails at bytes that are no shard, and
// takes no more memory than a few times their number.
func (s *Shard) UnmarshalBinary(data []byte) error {
	d := &decoder{r: bytes.NewReader(data)}
	var first, count, changes, rows int64
	d.read(&first)
	d.read(&count)
	d.read(&s.Seed)
	d.read(&changes)
	d.read(&rows)
	s.First, s.Count, s.Changes = int(first), int(count), int(changes)
	s.Classes = list[int16](d)
	s.Rows = nil
	for i := int64(0); i < rows && d.err == nil; i++ {
		r := Rows{Lean: list[Lean](d), Harm: list[Harm](d), Defects: list[models.DefectOutcome](d),
			Periods: list[models.Period](d), Rival: list[Rival](d)}
		for range d.count(8) {
			r.Audiences = append(r.Audiences, list[models.AudienceStep](d))
		}
		s.Rows = append(s.Rows, r)
	}
	if d.err == nil && d.r.Len() > 0 {
		d.err = errShard
	}
	if d.err != nil {
		return fmt.Errorf("%w: %w", errShard, d.err)
	}
	return nil
}

// decoder reads values of fixed size.
type decoder struct {
	r   *bytes.Reader
	err error
}

func (d *decoder) read(v any) {
	if d.err == nil {
		d.err = binary.Read(d.r, binary.LittleEndian, v)
	}
}

// count is a number of things of at least so many bytes each; 0 at a fault.
func (d *decoder) count(bytes int) int {
	var n int64
	d.read(&n)
	if d.err == nil && (n < 0 || n > int64(d.r.Len()/bytes)) {
		d.err = io.ErrUnexpectedEOF
	}
	if d.err != nil {
		return 0
	}
	return int(n)
}

// list reads rows.
func list[T any](d *decoder) []T {
	var one T
	rows := make([]T, d.count(binary.Size(one)))
	d.read(rows)
	return rows
}
