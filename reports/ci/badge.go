package ci

import (
	"fmt"
	"io"

	"github.com/rollrisk/rollrisk/models/study"
	"github.com/rollrisk/rollrisk/reports/section"
)

// badge is the answer of an endpoint badge of shields.io, schema version 1.
var badge = Format{
	Name: "badge",
	Doc:  "JSON for an endpoint badge of shields.io",
	Write: func(w io.Writer, r Result) error {
		t := section.TallyOf(r.Studies...)
		b := shield{Version: 1, Label: "release gates", Message: fmt.Sprintf("%d pass", t.Pass), Color: "brightgreen"}
		switch r.State() {
		case study.GateFail:
			b.Message, b.Color, b.IsError = fmt.Sprintf("%d of %d fail", t.Fail+t.Undecided*one(r.Undecided == study.GateFail), t.Pass+t.Fail+t.Undecided), "red", true
		case study.GateUndecided:
			b.Message, b.Color = fmt.Sprintf("%d of %d undecided", t.Undecided, t.Pass+t.Undecided), "yellow"
		}
		return encode(w, b)
	},
}

type shield struct {
	Version int    `json:"schemaVersion"`
	Label   string `json:"label"`
	Message string `json:"message"`
	Color   string `json:"color"`
	IsError bool   `json:"isError"`
}
