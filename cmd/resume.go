package cmd

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/rollrisk/rollrisk/models/study"
)

// resumeDir holds the finished blocks of runs that have not ended, below --out.
const resumeDir = ".rollrisk-resume"

// blockMagic begins the file of a block; another form gets another one.
const blockMagic = "rollrisk block 1\n"

// keeper keeps the finished blocks of one run in files.
type keeper struct {
	dir    string // of this question alone
	warn   func(format string, args ...any)
	failed bool // nothing can be kept any more, which was said
	blocks int  // that were taken up or kept
}

// newKeeper is that of a plan: another scenario, seed, size or program has other blocks.
func newKeeper(out string, p *study.Plan, warn func(string, ...any)) (*keeper, error) {
	program, err := identity()
	if err != nil {
		return nil, err
	}
	h := sha256.New()
	fmt.Fprintf(h, "%s%s\n%d %d %v %v\n%d\n%s", blockMagic, program, p.Seed, p.Changes, p.Precision, p.Level, len(p.About.Text), p.About.Text)
	return &keeper{dir: filepath.Join(out, resumeDir, hex.EncodeToString(h.Sum(nil))[:32]), warn: warn}, nil
}

// identity is the version of the program; of one that was built from a checkout, which
// has none, the program itself.
func identity() (string, error) {
	if v := version(); v != "devel" && !strings.Contains(v, "+dirty") {
		return v, nil
	}
	path, err := os.Executable()
	if err != nil {
		return "", err
	}
	f, err := os.Open(path)
	if err != nil {
		return "", withoutOp(err)
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// keeping is what a study needs of the keeper.
func (k *keeper) keeping() *study.Keeping {
	if k == nil {
		return nil
	}
	return &study.Keeping{Kept: k.kept, Keep: k.keep}
}

func (k *keeper) name(first, count int) string {
	return filepath.Join(k.dir, fmt.Sprintf("%010d-%d.block", first, count))
}

// kept is a block that was kept; one that is damaged is told and simulated again.
func (k *keeper) kept(first, count int) *study.Shard {
	data, err := os.ReadFile(k.name(first, count))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	var s study.Shard
	if err == nil {
		err = openBlock(data, &s)
	}
	if err != nil {
		k.warn("%s cannot be used and is simulated again: %v", k.name(first, count), reason(err))
		return nil
	}
	k.blocks++
	return &s
}

// errDamaged is what is wrong with a block whose bytes are not those that were written.
var errDamaged = errors.New("it is damaged")

func openBlock(data []byte, s *study.Shard) error {
	rest, ok := bytes.CutPrefix(data, []byte(blockMagic))
	if !ok || len(rest) < sha256.Size {
		return errDamaged
	}
	if sum := sha256.Sum256(rest[sha256.Size:]); !bytes.Equal(sum[:], rest[:sha256.Size]) {
		return errDamaged
	}
	return s.UnmarshalBinary(rest[sha256.Size:])
}

// keep keeps a block. Where that fails the run goes on, and it is said once that it
// cannot be taken up again from here.
func (k *keeper) keep(s *study.Shard) {
	if k.failed {
		return
	}
	if err := k.put(s); err != nil {
		k.failed = true
		k.warn("the run goes on, but what it does from here on is not kept for --resume: %v", withoutOp(err))
		return
	}
	k.blocks++
}

func (k *keeper) put(s *study.Shard) error {
	data, err := s.AppendBinary(make([]byte, len(blockMagic)+sha256.Size))
	if err != nil {
		return err
	}
	copy(data, blockMagic)
	sum := sha256.Sum256(data[len(blockMagic)+sha256.Size:])
	copy(data[len(blockMagic):], sum[:])
	// Another run of the same question may have ended and taken the directory away.
	if err := os.MkdirAll(k.dir, 0o755); err != nil {
		return err
	}
	return writeWhole(output{k.name(s.First, s.Count), func(w io.Writer) error { _, err := w.Write(data); return err }})
}

// forget takes the blocks away when they are not needed any more.
func (k *keeper) forget() {
	if k == nil {
		return
	}
	if err := os.RemoveAll(k.dir); err != nil {
		k.warn("%s is not needed any more, and could not be removed: %v", k.dir, reason(err))
	}
	os.Remove(filepath.Dir(k.dir)) // fails where another run has blocks there
}

// left says how a run that was cut off is taken up again.
func (k *keeper) left() string {
	if k == nil || k.blocks == 0 {
		return ""
	}
	return "; with --resume it goes on from what is finished"
}
