package ci

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/rollrisk/rollrisk/models/study"
)

// sarif is the Static Analysis Results Interchange Format, version 2.1.0 (OASIS 2020),
// which code scanning shows on the lines of a pull request: a result a gate that does not
// pass, on the line of the scenario where the gate stands.
var sarif = Format{
	Name: "sarif",
	Doc:  "SARIF 2.1.0 for code scanning: a result on the line of each gate that does not pass",
	Write: func(w io.Writer, r Result) error {
		run := sarifRun{Tool: sarifTool{sarifDriver{Name: "rollrisk", Rules: sarifRules}}, ColumnKind: "unicodeCodePoints", Results: []sarifResult{}}
		for _, s := range r.Studies {
			run.Tool.Driver.Version = s.Version
		}
		for _, x := range r.items() {
			if x.gate.State != study.GatePass {
				run.Results = append(run.Results, r.sarifResult(x))
			}
		}
		return encode(w, sarifLog{"https://json.schemastore.org/sarif-2.1.0.json", "2.1.0", []sarifRun{run}})
	},
}

// encode writes JSON for people too.
func encode(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

// The rules and their order never change, so that a result is known again.
var sarifRules = []sarifRule{
	{"gate-fails", "GateFails", sarifText{"An answer that the scenario demands does not hold."},
		sarifText{"The simulation shows, with the confidence that the scenario states, that the statistic is on the wrong side of its bound."}, sarifLevel{"error"}},
	{"gate-undecided", "GateUndecided", sarifText{"It cannot be told whether an answer that the scenario demands holds."},
		sarifText{"The simulation error is too large for a verdict. A larger budget may decide it; a gate whose truth is its bound is never decided."}, sarifLevel{"warning"}},
}

type sarifLog struct {
	Schema  string     `json:"$schema"`
	Version string     `json:"version"`
	Runs    []sarifRun `json:"runs"`
}

type sarifRun struct {
	Tool       sarifTool     `json:"tool"`
	ColumnKind string        `json:"columnKind"`
	Results    []sarifResult `json:"results"`
}

type sarifTool struct {
	Driver sarifDriver `json:"driver"`
}

type sarifDriver struct {
	Name    string      `json:"name"`
	Version string      `json:"version,omitempty"`
	Rules   []sarifRule `json:"rules"`
}

type sarifRule struct {
	ID      string     `json:"id"`
	Name    string     `json:"name"`
	Short   sarifText  `json:"shortDescription"`
	Full    sarifText  `json:"fullDescription"`
	Default sarifLevel `json:"defaultConfiguration"`
}

type sarifText struct {
	Text string `json:"text"`
}

type sarifLevel struct {
	Level string `json:"level"`
}

type sarifResult struct {
	RuleID       string            `json:"ruleId"`
	RuleIndex    int               `json:"ruleIndex"`
	Level        string            `json:"level"`
	Message      sarifText         `json:"message"`
	Locations    []sarifLocation   `json:"locations"`
	Fingerprints map[string]string `json:"partialFingerprints"`
}

type sarifLocation struct {
	Physical sarifPlace `json:"physicalLocation"`
}

type sarifPlace struct {
	Artifact sarifArtifact `json:"artifactLocation"`
	Region   sarifRegion   `json:"region"`
}

type sarifArtifact struct {
	URI string `json:"uri"`
}

type sarifRegion struct {
	StartLine   int `json:"startLine"`
	StartColumn int `json:"startColumn"`
}

func (r Result) sarifResult(x item) sarifResult {
	rule := 0
	if x.gate.State == study.GateUndecided {
		rule = 1
	}
	level := map[study.GateState]string{study.GateFail: "error", study.GateUndecided: "warning", study.GatePass: "note"}[r.counts(x.gate)]
	return sarifResult{RuleID: sarifRules[rule].ID, RuleIndex: rule, Level: level, Message: sarifText{x.message()},
		Locations:    []sarifLocation{{sarifPlace{sarifArtifact{uriOf(file(x.study))}, sarifRegion{max(1, x.gate.Line), max(1, x.gate.Column)}}}},
		Fingerprints: map[string]string{"rollriskGate/v1": x.fingerprint()}}
}

// uriOf is a path as a relative reference, or an absolute file URI (RFC 8089); a drive
// letter begins one as well. Everything but the unreserved characters of RFC 3986 is
// escaped.
func uriOf(name string) string {
	var b strings.Builder
	switch {
	case strings.HasPrefix(name, "/"):
		b.WriteString("file://")
	case len(name) > 1 && name[1] == ':':
		b.WriteString("file:///")
	}
	for _, c := range []byte(name) {
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("-._~/", c) >= 0 {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}

// fingerprint knows a gate again when lines above it change: it is of its file and its
// name alone.
func (x item) fingerprint() string {
	sum := sha256.Sum256([]byte(file(x.study) + "\x00" + x.gate.Name))
	return hex.EncodeToString(sum[:16])
}
