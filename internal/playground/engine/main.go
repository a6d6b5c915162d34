//go:build js && wasm

// Command engine is the simulator inside the playground: a function of the page's worker
// that takes a request as JSON and gives the answer as JSON.
package main

import (
	"encoding/json"
	"syscall/js"

	"github.com/rollrisk/rollrisk/internal/playground/tick"
)

func main() {
	var desk tick.Desk
	js.Global().Set("rollriskTick", js.FuncOf(func(_ js.Value, args []js.Value) any {
		var q tick.Request
		answer := tick.Answer{}
		if err := json.Unmarshal([]byte(args[0].String()), &q); err != nil {
			answer.Faults = []string{err.Error()}
		} else {
			answer = desk.Tick(&q)
		}
		text, err := json.Marshal(answer)
		if err != nil {
			return `{"faults":["the answer cannot be written"]}`
		}
		return string(text)
	}))
	js.Global().Call("rollriskReady")
	select {} // the page ends it
}
