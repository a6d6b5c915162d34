// The page around the engine. It holds what was moved, asks a worker, and shows the answer.
// Nothing is computed here: every number and sentence comes from the engine.
"use strict";
(() => {
  const $ = (id) => document.getElementById(id);
  const question = JSON.parse($("question").textContent);
  const fresh = () => ({ seed: question.seed, changes: question.changes, turns: {}, values: {} });
  let state = fresh();
  let shown = null; // the last answer without faults

  // The state is the fragment of the address, so that a link holds it.
  const limit = 8000;
  function written() {
    const p = new URLSearchParams();
    if (state.seed !== question.seed) p.set("seed", state.seed);
    if (state.changes !== question.changes) p.set("changes", state.changes);
    for (const [k, v] of Object.entries(state.turns)) p.set("t." + k, v);
    for (const [k, v] of Object.entries(state.values)) p.set("v." + k, v);
    return p.toString();
  }
  function read() {
    state = fresh();
    const text = location.hash.slice(1);
    if (text.length > limit) return;
    for (const [k, v] of new URLSearchParams(text)) {
      if (k === "seed") state.seed = v;
      else if (k === "changes") state.changes = Number(v) || question.changes;
      else if (k.startsWith("t.")) {
        const n = Math.round(Number(v));
        if (Math.abs(n) <= question.reach && n !== 0) state.turns[k.slice(2)] = n;
      } else if (k.startsWith("v.")) state.values[k.slice(2)] = v;
    }
  }

  // Workers: one works; when the next move comes first, it is ended and another takes over,
  // made ready beforehand from the same compiled module.
  let module = null, address = "", spare = null, busy = null;
  async function unpack() {
    const text = $("engine").textContent.trim();
    const raw = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
    const stream = new Blob([raw]).stream().pipeThrough(new DecompressionStream("gzip"));
    module = await WebAssembly.compile(await new Response(stream).arrayBuffer());
    address = URL.createObjectURL(new Blob([$("runtime").textContent, "\n", $("glue").textContent], { type: "text/javascript" }));
    spare = hire();
  }
  function hire() {
    const w = { worker: new Worker(address), at: 0, done: null };
    w.ready = new Promise((resolve, reject) => {
      w.worker.onmessage = (e) => {
        if (e.data === "ready") resolve();
        else if (w.done) w.done(JSON.parse(e.data));
      };
      w.worker.onerror = (e) => {
        const why = e.message || "the engine did not start";
        reject(new Error(why));
        if (busy === w) busy = null; // the next move takes another one
        if (w.done) w.done({ faults: ["the engine failed: " + why] });
      };
    });
    w.worker.postMessage(module);
    return w;
  }
  // ask resolves to null when it is given up.
  async function ask(changes, whole) {
    const w = busy || spare || hire();
    if (w === spare) spare = null;
    busy = w;
    await w.ready;
    const began = performance.now();
    const answer = await new Promise((resolve) => {
      w.done = (a) => { w.done = null; resolve(a); };
      w.worker.postMessage(JSON.stringify({
        file: question.file, scenario: question.scenario, version: question.version,
        turns: state.turns, values: state.values, seed: state.seed, changes, whole,
      }));
    });
    if (!spare) spare = hire();
    if (answer) answer.took = performance.now() - began;
    return answer;
  }
  function giveUp() {
    if (!busy || !busy.done) return;
    const done = busy.done;
    busy.worker.terminate();
    busy = null;
    done(null);
  }

  // A move is answered twice: soon by few changes, then by all. While the few are simulated
  // further moves wait, so that the page follows a slider that is still moving; all are given
  // up for the next move.
  const few = 1000;
  let stale = false, phase = "", loop = null;
  function move() {
    stale = true;
    document.body.dataset.state = "working";
    if (phase === "all") giveUp();
    if (!loop) alone(follow);
  }
  // alone does one thing at a time; moves that come meanwhile follow it.
  function alone(what) {
    loop = what().finally(() => { loop = null; if (stale) move(); });
  }
  async function follow() {
    while (stale) {
      stale = false;
      let good = true;
      if (state.changes > 2 * few && shown) {
        phase = "few";
        good = show(await ask(few, false), few);
        phase = "";
        if (stale) continue;
      }
      if (good) {
        phase = "all";
        const whole = await ask(state.changes, false);
        phase = "";
        if (!whole || stale) continue;
        good = show(whole, state.changes);
      }
      history.replaceState(null, "", "#" + written()); // not at every notch: browsers count these
      document.body.dataset.state = good ? "done" : "fault";
    }
  }

  // show says whether there was something to show.
  function show(a, changes) {
    controls(a.levers || []);
    const faults = $("faults");
    faults.replaceChildren();
    for (const f of a.faults || []) faults.append(element("li", f));
    faults.hidden = !faults.childElementCount;
    $("answer").classList.toggle("old", !faults.hidden);
    if (!faults.hidden) {
      $("status").textContent = "This cannot be simulated; below is the answer before.";
      return false;
    }
    shown = a;
    $("answer").innerHTML = a.html; // written by the report's own renderer, which escapes
    const final = changes === state.changes;
    $("status").textContent = `${changes.toLocaleString("en")} changes, seed ${state.seed}, ${Math.round(a.took)} ms` + (final ? "" : "; more to come");
    if (final) {
      $("says").textContent = a.says;
      animation.take(a.stories || []);
    }
    return true;
  }

  function element(name, text, attributes) {
    const e = document.createElement(name);
    if (text) e.textContent = text;
    for (const [k, v] of Object.entries(attributes || {})) e.setAttribute(k, v);
    return e;
  }

  // Controls are made once and then only updated, so that a slider keeps the hand on it.
  const rows = new Map();
  function controls(levers) {
    for (const l of levers) {
      let r = rows.get(l.path);
      if (!r) rows.set(l.path, (r = control(l)));
      r.slider.value = state.turns[l.path] || 0;
      r.slider.setAttribute("aria-valuetext", l.text || l.factor || "as stated");
      if (r.box && document.activeElement !== r.box) r.box.value = l.text;
      r.note.textContent = l.factor ? `${l.factor} of ${l.single ? l.stated : "what is stated"}` : "as stated";
      const moved = l.path in state.turns || l.path in state.values;
      if (l.path in state.values) r.note.textContent = `stated: ${l.stated}`;
      r.row.classList.toggle("moved", moved);
    }
  }
  function control(l) {
    const row = element("div", "", { class: "lever" });
    const name = "l" + rows.size;
    row.append(element("label", l.label, { for: name }));
    const slider = element("input", "", { type: "range", id: name, min: -question.reach, max: question.reach, step: 1, value: 0 });
    slider.addEventListener("input", () => {
      delete state.values[l.path];
      const n = Number(slider.value);
      if (n) state.turns[l.path] = n; else delete state.turns[l.path];
      move();
    });
    row.append(slider);
    let box = null;
    if (l.single) {
      box = element("input", "", { type: "text", value: l.text, maxlength: 200, "aria-label": l.label + ", as a scenario writes it", autocomplete: "off", spellcheck: "false" });
      box.addEventListener("change", () => {
        delete state.turns[l.path];
        const v = box.value.trim();
        if (v && v !== l.stated) state.values[l.path] = v; else delete state.values[l.path];
        move();
      });
      row.append(box);
    }
    const note = element("small", "", { class: "note" });
    row.append(note);
    $(l.main ? "main-levers" : "more-levers").append(row);
    return { row, slider, box, note };
  }

  function bind() {
    $("seed").value = state.seed;
    $("changes").value = state.changes;
  }
  $("seed").addEventListener("change", () => { state.seed = $("seed").value.trim() || question.seed; bind(); move(); });
  $("again").addEventListener("click", () => {
    state.seed = /^\d{1,15}$/.test(state.seed) ? String(Number(state.seed) + 1) : "1";
    bind();
    move();
  });
  $("changes").addEventListener("change", () => { state.changes = Math.round(Number($("changes").value)) || question.changes; bind(); move(); });
  $("reset").addEventListener("click", () => { state = fresh(); bind(); move(); });
  $("copy").addEventListener("click", async () => {
    if (!shown) return;
    $("yaml").value = shown.scenario;
    $("yaml").hidden = false;
    try {
      await navigator.clipboard.writeText(shown.scenario);
      $("status").textContent = "The scenario is copied.";
    } catch {
      $("yaml").focus();
      $("yaml").select();
      $("status").textContent = "Copy the selected text.";
    }
  });
  $("save").addEventListener("click", async () => {
    while (loop) await loop;
    alone(save);
  });
  async function save() {
    const a = await ask(state.changes, true);
    if (!a || !a.study) return;
    window.rollriskStudy = a.study;
    const link = element("a", "", { download: "study.json", href: URL.createObjectURL(new Blob([a.study], { type: "application/json" })) });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
    document.body.dataset.saved = String(a.study.length);
    $("status").textContent = "study.json is saved: what rollrisk run -o json writes for the copied scenario.";
  }
  $("present").addEventListener("click", () => {
    const on = document.body.classList.toggle("presenter");
    $("present").setAttribute("aria-pressed", on);
  });
  window.addEventListener("hashchange", () => { if (location.hash.slice(1) !== written()) { read(); bind(); move(); } });

  const animation = window.rollriskAnimation;
  read();
  bind();
  unpack().then(move).catch((e) => {
    $("status").textContent = "The engine does not start in this browser: " + e.message;
    document.body.dataset.state = "broken";
  });
})();
