// Package determinism makes one hash of each study of the library, so that a run on one
// machine can be compared with a run on another. Its tests do that: for numbers of
// workers, for shards, and for the platforms that this machine can run.
//
// It refuses to know which bytes are right: only that they are the same.
package determinism

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"github.com/rollrisk/rollrisk/models/study"
	"github.com/rollrisk/rollrisk/scenarios"
)

// Plan is the question of a library scenario with so many changes, >= 1. It fails when
// there is no such scenario or it cannot be read.
func Plan(name string, changes int) (*study.Plan, error) {
	text, ok := scenarios.Builtin(name)
	if !ok {
		return nil, fmt.Errorf("determinism: no scenario %s", name)
	}
	s, faults := scenarios.Decode(name, text)
	if len(faults) > 0 {
		return nil, faults[0]
	}
	p, faults := s.Plan(scenarios.Options{Seed: 1, Changes: changes, Version: "test", Command: "test"})
	if len(faults) > 0 {
		return nil, faults[0]
	}
	return &p, nil
}

// Hash is the SHA-256 of the JSON of a study, in hexadecimal.
func Hash(s *study.Study) (string, error) {
	data, err := json.Marshal(s)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:]), nil
}
