package workshop

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"
)

// storeVersion names the form of the file.
const storeVersion = "rollrisk.workshop/1"

// secrets of a session: whoever has the file has them.
type secrets struct {
	Form  string `json:"form"`
	Deck  string `json:"deck"`  // SHA-256 of the deck's text and of its scenario's, in hex
	Title string `json:"title"` // of the deck, for messages
	Code  string `json:"code"`  // with which people join
	Lead  string `json:"lead"`  // the facilitator's secret
}

// store is the file of a session: its secrets, and its events in order. A write has reached
// the disk when it returns.
type store struct{ db *bbolt.DB }

var (
	metaBucket  = "meta"
	eventBucket = "events"
	metaKey     = "session"
)

// openStore opens a file or makes one. It fails when another process has it open.
func openStore(file string, fresh secrets) (*store, secrets, error) {
	db, err := bbolt.Open(file, 0o600, &bbolt.Options{Timeout: time.Second})
	if errors.Is(err, berrors.ErrTimeout) {
		return nil, fresh, fmt.Errorf("%s: another workshop has it open", file)
	}
	if err != nil {
		return nil, fresh, fmt.Errorf("%s: no session can be kept there: %w", file, err)
	}
	kept := fresh
	err = db.Update(func(tx *bbolt.Tx) error {
		meta, err := tx.CreateBucketIfNotExists([]byte(metaBucket))
		if err != nil {
			return err
		}
		if _, err = tx.CreateBucketIfNotExists([]byte(eventBucket)); err != nil {
			return err
		}
		if old := meta.Get([]byte(metaKey)); old != nil {
			return json.Unmarshal(old, &kept)
		}
		data, err := json.Marshal(fresh)
		if err != nil {
			return err
		}
		return meta.Put([]byte(metaKey), data)
	})
	switch {
	case err != nil:
	case kept.Form != storeVersion:
		err = fmt.Errorf("its form is %q, this program reads %q", kept.Form, storeVersion)
	case fresh.Deck != "" && kept.Deck != fresh.Deck:
		err = fmt.Errorf("it is a session of another deck (%s), or the deck or its scenario has changed since; name another file", kept.Title)
	}
	if err != nil {
		db.Close()
		return nil, kept, fmt.Errorf("%s: %w", file, err)
	}
	return &store{db}, kept, nil
}

// add keeps an event under its number. Writes of many requests at a time share one sync.
func (s *store) add(number int, e *event) error {
	data, err := json.Marshal(e)
	if err != nil {
		return err
	}
	return s.db.Batch(func(tx *bbolt.Tx) error { return tx.Bucket([]byte(eventBucket)).Put(key(number), data) })
}

// all reads the events in the order of their numbers, and the number that comes next. There
// may be gaps: of two requests at a time, the later may reach the disk and be acknowledged, and
// the earlier not.
func (s *store) all() (all []event, next int, err error) {
	err = s.db.View(func(tx *bbolt.Tx) error {
		c := tx.Bucket([]byte(eventBucket)).Cursor()
		for k, v := c.First(); k != nil; k, v = c.Next() {
			var e event
			if err := json.Unmarshal(v, &e); err != nil || len(k) != 8 {
				return fmt.Errorf("event %x cannot be read: %w", k, err)
			}
			all, next = append(all, e), int(binary.BigEndian.Uint64(k))+1
		}
		return nil
	})
	return all, next, err
}

func (s *store) close() error { return s.db.Close() }

func key(number int) []byte { return binary.BigEndian.AppendUint64(nil, uint64(number)) }

// digest is the SHA-256 of texts, in hex.
func digest(texts ...string) string {
	h := sha256.New()
	for _, t := range texts {
		fmt.Fprintf(h, "%d:%s", len(t), t)
	}
	return hex.EncodeToString(h.Sum(nil))
}
