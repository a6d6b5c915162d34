//go:build engine

package cmd

import (
	"embed"
	"io/fs"
)

//go:embed engine.wasm wasm_exec.js
var carriedFiles embed.FS

// carried is the engine that a released program has inside it; "make release" puts the two
// files here.
var carried fs.FS = carriedFiles
