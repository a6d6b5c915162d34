# The habits of the house in short words. `make check` is what a change must pass.

.PHONY: check test bench generate fmt

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
