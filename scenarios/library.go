package scenarios

import (
	"embed"
	"io/fs"
	"strings"
)

//go:embed library/*.yaml
var library embed.FS

// Library lists the names of the built-in scenarios in alphabetical order.
func Library() []string {
	files, err := fs.Glob(library, "library/*.yaml")
	if err != nil {
		panic("scenarios: " + err.Error())
	}
	names := make([]string, len(files))
	for i, f := range files {
		names[i] = strings.TrimSuffix(strings.TrimPrefix(f, "library/"), ".yaml")
	}
	return names
}

// Builtin is a built-in scenario as it was written; false when there is none of
// that name.
func Builtin(name string) ([]byte, bool) {
	data, err := library.ReadFile("library/" + name + ".yaml")
	return data, err == nil
}

// NearestName is the built-in scenario whose name is closest to a misspelt one;
// "" when none is close.
func NearestName(name string) string { return nearest(name, Library()) }
