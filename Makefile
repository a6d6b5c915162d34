# The habits of the house in short words. `make check` is what a change must pass.

.PHONY: check test bench generate fmt release

check:
	.ci/run

test:
	go test ./...

# One run of each benchmark that docs/measurements.md speaks of.
bench:
	go test -run '^$$' -bench 'MM1|Hold|TinyReplication' ./sim
	go test -run '^$$' -bench . ./models ./models/study

# What is made from the code: the schema, the reference and the chart runtime.
generate:
	go run . scenario schema > docs/reference/scenario.schema.json.new
	mv docs/reference/scenario.schema.json.new docs/reference/scenario.schema.json
	ROLLRISK_UPDATE=1 go test ./internal/manual -run Reference
	tools/echarts/build.sh

fmt:
	gofmt -w $$(git ls-files '*.go')

# A program that carries the engine for browsers, so that `rollrisk playground` needs no Go.
OUT ?= rollrisk
release:
	GOOS=js GOARCH=wasm go build -trimpath -buildvcs=false -ldflags='-s -w' -o cmd/engine.wasm ./internal/playground/engine
	cp "$$(go env GOROOT)/lib/wasm/wasm_exec.js" cmd/wasm_exec.js
	CGO_ENABLED=0 go build -tags engine -trimpath -ldflags='-s -w' -o $(OUT) .
	rm -f cmd/engine.wasm cmd/wasm_exec.js
