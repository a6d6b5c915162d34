package cmd

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/parquet-go/parquet-go"
)

// What a reader of Parquet finds is what the CSV says, row by row: texts, and numbers to
// the last bit.
func TestParquet(t *testing.T) {
	dir := t.TempDir()
	sweep := func(more ...string) string {
		var out, errOut bytes.Buffer
		if code := Main(append([]string{"sweep", "bigbang", "--changes", "200", "--sobol", "4", "--over", "service.users=1k..1M:log", "--set", "response.automatic=yes,no", "--quiet"}, more...), strings.NewReader(""), &out, &errOut); code != exitDone {
			t.Fatal(errOut.String())
		}
		return out.String()
	}
	rows, err := csv.NewReader(strings.NewReader(sweep())).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "sweep.parquet")
	sweep("--out", file)
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	f, err := parquet.OpenFile(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	if int(f.NumRows()) != len(rows)-1 || len(f.Schema().Columns()) != len(rows[0]) {
		t.Fatalf("%d rows of %d columns, want %d of %d", f.NumRows(), len(f.Schema().Columns()), len(rows)-1, len(rows[0]))
	}
	place := map[string]int{}
	for i, c := range rows[0] {
		place[c] = i
	}
	names := f.Schema().Columns()
	at := 1
	for _, group := range f.RowGroups() {
		r := group.Rows()
		defer r.Close()
		for {
			one := make([]parquet.Row, 1)
			n, err := r.ReadRows(one)
			if n == 1 {
				for k, v := range one[0] {
					if want := rows[at][place[names[k][0]]]; !same(v, want) {
						t.Errorf("row %d, %s: %v, want %s", at, names[k][0], v, want)
					}
				}
				at++
			}
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	if at != len(rows) {
		t.Errorf("%d rows were read of %d", at-1, len(rows)-1)
	}
}

// same compares a value with a cell of the CSV.
func same(v parquet.Value, cell string) bool {
	switch v.Kind() {
	case parquet.Double:
		if cell == "" {
			return math.IsNaN(v.Double())
		}
		x, err := strconv.ParseFloat(cell, 64)
		return err == nil && x == v.Double()
	case parquet.Int64:
		return strconv.FormatInt(v.Int64(), 10) == cell
	}
	return string(v.ByteArray()) == cell
}

// A sweep that was killed goes on from the points that it left, to the identical table.
func TestSweepResumed(t *testing.T) {
	dir := t.TempDir()
	args := []string{"sweep", "checkout", "--changes", "4000", "--grid", "watch=1w..4w:40", "--quiet", "--workers", "1", "--out"}
	whole, part := filepath.Join(dir, "whole.csv"), filepath.Join(dir, "part.csv")
	must(t, append(args, whole)...)
	c := rollrisk(append(args, part, "--resume")...)
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	var kept []string
	for range 2000 {
		if kept, _ = filepath.Glob(filepath.Join(dir, resumeDir, "*", "*.json")); len(kept) >= 3 {
			break
		}
		time.Sleep(time.Millisecond)
	}
	c.Process.Kill()
	c.Wait()
	if len(kept) < 3 {
		t.Fatal("no points were kept")
	}
	// One that is damaged is simulated again.
	if err := os.WriteFile(kept[0], []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	must(t, append(args, part, "--resume")...)
	a, errA := os.ReadFile(whole)
	b, errB := os.ReadFile(part)
	if errA != nil || errB != nil || !bytes.Equal(a, b) {
		t.Errorf("another table: %v %v", errA, errB)
	}
	if _, err := os.Stat(filepath.Join(dir, resumeDir)); err == nil {
		t.Error("what was kept is there still")
	}
}
