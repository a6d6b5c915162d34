// The animation: one change in two alternatives on one clock. What happens, when, and each
// sentence come from the engine; between two moments the clock runs the faster the longer
// they lie apart.
"use strict";
window.rollriskAnimation = (() => {
  const $ = (id) => document.getElementById(id);
  const still = window.matchMedia("(prefers-reduced-motion: reduce)");
  let stories = [], lanes = [], marks = [], at = 0, playing = false, last = 0;
  // marks are the moments of both lanes: hours since the change was ready, and seconds on
  // the stage, which grow with the logarithm of the hours between.

  function hours(h) {
    const minutes = Math.round(h * 60), whole = Math.round(h);
    if (minutes < 60) return `${minutes} min`;
    if (minutes < 48 * 60) return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
    return `${Math.floor(whole / 24)} d ${whole % 24} h`;
  }

  function take(all) {
    stories = all;
    const pick = $("story"), kept = pick.selectedIndex;
    pick.replaceChildren(...all.map((s, i) => new Option(s.title, i)));
    pick.selectedIndex = Math.max(0, Math.min(kept, all.length - 1));
    $("stage").hidden = !all.length;
    if (!all.length) return;
    for (const [k, id] of ["left", "right"].entries()) {
      const who = $(id), was = who.selectedIndex;
      who.replaceChildren(...all[0].tales.map((t, i) => new Option(t.title, i)));
      who.selectedIndex = was >= 0 && was < all[0].tales.length ? was : k ? all[0].tales.length - 1 : 0;
    }
    cast();
  }

  function cast() {
    const s = stories[$("story").selectedIndex];
    if (!s) return;
    lanes = ["left", "right"].map((id) => s.tales[$(id).selectedIndex]);
    const times = [...new Set(lanes.flatMap((l) => l.events.map((e) => e.at)))].sort((a, b) => a - b);
    let seconds = 0;
    marks = times.map((h, i) => {
      if (i) seconds += 0.5 + 0.7 * Math.log2(1 + (h - times[i - 1]));
      return { h, s: seconds };
    });
    $("time").max = seconds.toFixed(2);
    table();
    pause();
    go(0);
  }

  // clock is the hour of a second on the stage, and the other way round.
  function clock(s) {
    const i = marks.findIndex((m) => m.s > s);
    if (i < 0) return marks[marks.length - 1].h;
    if (i === 0) return marks[0].h;
    const a = marks[i - 1], b = marks[i];
    return a.h + ((b.h - a.h) * (s - a.s)) / (b.s - a.s);
  }

  function go(s) {
    at = Math.max(0, Math.min(s, marks[marks.length - 1].s));
    $("time").value = at;
    const h = clock(at);
    $("time").setAttribute("aria-valuetext", hours(h) + " after the change was ready");
    $("clock").textContent = hours(h) + " after the change was ready";
    lanes.forEach((l, k) => draw(l, k, h));
    mark(h);
  }

  function draw(lane, k, h) {
    const box = $("lane" + k);
    let i = -1;
    while (i + 1 < lane.events.length && lane.events[i + 1].at <= h + 1e-9) i++;
    const now = lane.events[Math.max(i, 0)], after = lane.events[i + 1];
    const ring = [...lane.events.slice(0, i + 1)].reverse().find((e) => e.what === "ring");
    // Failed requests grow evenly between two moments while users are on the release.
    let failed = now.failed;
    if (after && now.share > 0 && after.at > now.at) failed += ((after.failed - now.failed) * (h - now.at)) / (after.at - now.at);
    let evidence = 0, allowed = 0;
    if (ring && now.share > 0 && ring.allows > 0) {
      allowed = ring.allows;
      evidence = ring.seen * Math.min(1, ring.interval > 0 ? (h - ring.at) / ring.interval : 1);
    }
    box.querySelector("h3").textContent = lane.title;
    box.querySelector(".place").textContent = place(now);
    bar(box, "traffic", now.share, Math.round(now.share * 1000) / 10 + " % of the traffic meets it");
    box.querySelector(".evidence").classList.toggle("watched", allowed > 0);
    bar(box, "evidence", allowed ? evidence / (2 * allowed) : 0,
      allowed ? `${Math.round(evidence).toLocaleString("en")} failing requests seen in one interval; ${Math.round(allowed).toLocaleString("en")} are no cause for alarm` : "no detector compares anything now");
    box.querySelector(".failed").textContent = Math.round(failed).toLocaleString("en") + " requests have failed";
    box.dataset.now = now.what;
    const said = [...lane.events.slice(0, Math.max(i, 0) + 1)].reverse().find((e) => e.says);
    const caption = box.querySelector(".caption");
    if (caption.textContent !== (said ? said.says : "")) caption.textContent = said ? said.says : "";
  }

  function bar(box, name, share, words) {
    const b = box.querySelector("." + name);
    b.querySelector("i").style.width = 100 * Math.max(0, Math.min(1, share)) + "%";
    b.querySelector("span").textContent = words;
  }

  function place(e) {
    switch (e.what) {
      case "arrived": return "Waits for a release";
      case "formed": return `In a release of ${e.changes}`;
      case "environment": return `Tests in ${e.where}`;
      case "passed": return `Passed ${e.where}`;
      case "caught": return `Caught by ${e.where}; goes back`;
      case "ring": return `With users: ${e.where}`;
      case "alarm": return `ALARM: ${e.detector}`;
      case "ended": return "Withdrawn";
    }
    return e.what;
  }

  // The table says the same, a row for each moment.
  function table() {
    const body = $("steps").tBodies[0];
    body.replaceChildren();
    for (const m of marks) {
      const says = lanes.map((l) => l.events.filter((e) => e.at === m.h && e.says).map((e) => e.says).join(" "));
      if (!says.some(Boolean)) continue;
      const row = body.insertRow();
      row.dataset.h = m.h;
      row.insertCell().textContent = hours(m.h);
      for (const t of says) row.insertCell().textContent = t;
    }
    const head = $("steps").tHead.rows[0];
    lanes.forEach((l, k) => { head.cells[k + 1].textContent = l.title; });
    if (still.matches) $("table").open = true;
  }
  function mark(h) {
    for (const r of $("steps").tBodies[0].rows) {
      const is = Number(r.dataset.h) <= h + 1e-9;
      r.classList.toggle("past", is);
    }
  }

  function step(way) {
    pause();
    const i = way > 0 ? marks.findIndex((m) => m.s > at + 1e-6) : marks.findLastIndex((m) => m.s < at - 1e-6);
    if (i >= 0) go(marks[i].s);
  }
  function pause() {
    playing = false;
    $("play").textContent = still.matches ? "Next" : "Play";
  }
  function play() {
    if (playing) return pause();
    if (still.matches) return step(1);
    if (at >= marks[marks.length - 1].s) go(0);
    playing = true;
    $("play").textContent = "Pause";
    last = performance.now();
    requestAnimationFrame(frame);
  }
  function frame(now) {
    if (!playing) return;
    go(at + (Number($("speed").value) * (now - last)) / 1000);
    last = now;
    if (at >= marks[marks.length - 1].s) return pause();
    requestAnimationFrame(frame);
  }

  $("play").addEventListener("click", play);
  $("forward").addEventListener("click", () => step(1));
  $("back").addEventListener("click", () => step(-1));
  $("time").addEventListener("input", () => { pause(); go(Number($("time").value)); });
  for (const id of ["story", "left", "right"]) $(id).addEventListener("change", cast);
  return { take };
})();
