//go:build !engine

package cmd

import "io/fs"

// carried is the engine that a released program has inside it: none in this one.
var carried fs.FS
