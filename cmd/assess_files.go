package cmd

import (
	"context"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/rollrisk/rollrisk/scenarios/importer"
)

// Limits of what a directory may hold.
const (
	maxManifest  = 16 << 20 // bytes read of one file; the importer has a bound of its own
	maxManifests = 2000     // files of a directory
)

// gather reads files, the manifests of directories, and standard input.
func gather(ctx context.Context, in io.Reader, args []string) ([]importer.File, error) {
	var files []importer.File
	for _, arg := range args {
		names := []string{arg}
		if info, err := os.Stat(arg); arg != "-" && err == nil && info.IsDir() {
			if names, err = manifests(arg); err != nil {
				return nil, err
			}
		}
		for _, name := range names {
			data, err := readBounded(ctx, name, in, maxManifest)
			if err != nil {
				return nil, err
			}
			if name == "-" {
				name = "stdin"
			}
			files = append(files, importer.File{Name: filepath.ToSlash(name), Data: data})
		}
	}
	return files, nil
}

// manifests are the YAML and JSON files below a directory, in the order of their names;
// hidden ones are left out.
func manifests(dir string) ([]string, error) {
	var names []string
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		hidden := strings.HasPrefix(d.Name(), ".") && name != dir
		switch ext := filepath.Ext(name); {
		case err != nil:
			return badQuestionf("%v", withoutOp(err))
		case d.IsDir() && hidden:
			return fs.SkipDir
		case hidden || !d.Type().IsRegular() || ext != ".yaml" && ext != ".yml" && ext != ".json":
			return nil
		}
		if len(names) == maxManifests {
			return badQuestionf("%s holds more than %d manifests; name a smaller directory", dir, maxManifests)
		}
		names = append(names, name)
		return nil
	})
	if err == nil && len(names) == 0 {
		err = badQuestionf("%s holds no .yaml, .yml or .json file", dir)
	}
	return names, err
}
