package assessment

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/rollrisk/rollrisk/models/assess"
)

// WriteJSON writes the whole answer. Times are nanoseconds.
func (a *Answer) WriteJSON(w io.Writer) error { return encode(w, a) }

func encode(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

// SARIF 2.1.0 (OASIS, 2020), what of it code hosts read.
type sarifLog struct {
	Schema  string     `json:"$schema"`
	Version string     `json:"version"`
	Runs    []sarifRun `json:"runs"`
}

type sarifRun struct {
	Tool struct {
		Driver sarifDriver `json:"driver"`
	} `json:"tool"`
	Results []sarifResult `json:"results"`
}

type sarifDriver struct {
	Name    string      `json:"name"`
	Version string      `json:"semanticVersion,omitempty"`
	Rules   []sarifRule `json:"rules"`
}

type sarifText struct {
	Text string `json:"text"`
}

type sarifRule struct {
	ID    string    `json:"id"`
	Short sarifText `json:"shortDescription"`
	Full  sarifText `json:"fullDescription"`
	Level struct {
		Level string `json:"level"`
	} `json:"defaultConfiguration"`
}

type sarifResult struct {
	Rule      string            `json:"ruleId"`
	Level     string            `json:"level"`
	Message   sarifText         `json:"message"`
	Locations []sarifLocation   `json:"locations"`
	Prints    map[string]string `json:"partialFingerprints"`
}

type sarifLocation struct {
	Physical struct {
		Artifact struct {
			URI string `json:"uri"`
		} `json:"artifactLocation"`
		Region struct {
			Line   int `json:"startLine"`
			Column int `json:"startColumn"`
		} `json:"region"`
	} `json:"physicalLocation"`
}

// WriteSARIF writes the findings for code scanning.
func (a *Answer) WriteSARIF(w io.Writer) error {
	run := sarifRun{Results: []sarifResult{}}
	run.Tool.Driver = sarifDriver{Name: "rollrisk", Rules: []sarifRule{}}
	for _, r := range assess.Rules() {
		rule := sarifRule{ID: r.ID, Short: sarifText{r.Title}, Full: sarifText{r.Doc}}
		rule.Level.Level = string(r.Severity)
		run.Tool.Driver.Rules = append(run.Tool.Driver.Rules, rule)
	}
	for i := range a.Rollouts {
		for _, f := range a.Rollouts[i].Findings {
			result := sarifResult{Rule: f.Rule, Level: string(f.Severity), Message: sarifText{f.Title + ". " + Message(&f)}}
			var l sarifLocation
			l.Physical.Artifact.URI = uri(f.Place.File)
			l.Physical.Region.Line, l.Physical.Region.Column = max(1, f.Place.Line), max(1, f.Place.Column)
			result.Locations = []sarifLocation{l}
			// The text of the line, not its number, so that it survives changes above it.
			sum := sha256.Sum256([]byte(f.Rule + "\x00" + f.Rollout + "\x00" + strings.TrimSpace(a.line(f.Place))))
			result.Prints = map[string]string{"rollriskLine/v1": hex.EncodeToString(sum[:8])}
			run.Results = append(run.Results, result)
		}
	}
	return encode(w, sarifLog{Schema: "https://json.schemastore.org/sarif-2.1.0.json", Version: "2.1.0", Runs: []sarifRun{run}})
}

func (a *Answer) line(p assess.Place) string {
	if lines := a.Texts[p.File]; p.Line >= 1 && p.Line <= len(lines) {
		return lines[p.Line-1]
	}
	return ""
}

// uri is the name of a file as a relative reference (RFC 3986, section 4.2).
func uri(file string) string {
	return strings.NewReplacer("\\", "/", "%", "%25", " ", "%20", "#", "%23", "?", "%3F").Replace(strings.TrimPrefix(file, "./"))
}

// Message is the evidence of a finding, and what mends it.
func Message(f *assess.Finding) string {
	text := f.Evidence
	if f.Advice != "" {
		text += " Mend it: " + f.Advice + "."
	}
	return text
}

// WriteGitHub writes the findings as workflow commands, which mark the lines of a pull
// request.
func (a *Answer) WriteGitHub(w io.Writer) error {
	property := strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
	data := strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	for i := range a.Rollouts {
		for _, f := range a.Rollouts[i].Findings {
			level := map[assess.Severity]string{assess.Bad: "error", assess.Doubt: "warning", assess.Worth: "notice"}[f.Severity]
			_, err := fmt.Fprintf(w, "::%s file=%s,line=%d,col=%d,title=%s::%s\n", level, property.Replace(f.Place.File), f.Place.Line, f.Place.Column,
				property.Replace(f.Rule+" "+f.Title), data.Replace(Message(&f)))
			if err != nil {
				return err
			}
		}
	}
	return nil
}
