// Command hash prints the hash of a small study of each library scenario, one a line.
// Built for another platform and run there, it must print the same.
package main

import (
	"context"
	"fmt"

	"github.com/rollrisk/rollrisk/internal/determinism"
	"github.com/rollrisk/rollrisk/models/study"
	"github.com/rollrisk/rollrisk/scenarios"
)

// changes is enough for every class of defect to occur.
const changes = 1000

func main() {
	for _, name := range scenarios.Library() {
		line, err := hash(name)
		if err != nil {
			panic(err) // there is nobody to tell it to
		}
		fmt.Println(name, line)
	}
}

func hash(name string) (string, error) {
	p, err := determinism.Plan(name, changes)
	if err != nil {
		return "", err
	}
	s, err := study.Run(context.Background(), p, study.Options{})
	if err != nil {
		return "", err
	}
	return determinism.Hash(s)
}
