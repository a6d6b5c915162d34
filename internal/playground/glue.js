// The worker: it starts the engine and hands it what the page asks.
"use strict";
self.onmessage = async (first) => {
  const go = new Go();
  self.rollriskReady = () => {
    self.onmessage = (e) => self.postMessage(self.rollriskTick(e.data));
    self.postMessage("ready");
  };
  go.run(await WebAssembly.instantiate(first.data, go.importObject));
};
