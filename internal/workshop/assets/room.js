// The page of a seat and of the big screen. It asks again and again what is on: a phone that
// has slept, or has lost the network, catches up with one answer.
(() => {
  'use strict';
  const room = document.getElementById('room');
  const said = document.getElementById('said');
  const say = (text) => { said.textContent = text; };
  const soon = (ms) => ms * (0.8 + 0.4 * Math.random());
  const ask = (url, options) => fetch(url, Object.assign({ credentials: 'same-origin', cache: 'no-store', signal: AbortSignal.timeout(8000) }, options));
  let timer = 0, wait = room ? Number(room.dataset.wait) : 0, lost = false, sending = false;

  // show puts the new inside of the page in its place, and tells a screen reader when the
  // step is another one.
  function show(state) {
    if (!state.html) return;
    const place = state.step + '.' + state.shown, moved = room.dataset.place !== place;
    const typed = document.activeElement && document.activeElement.matches('#room input');
    room.innerHTML = state.html; // made by the server's templates, which escape what people wrote
    room.dataset.key = state.key;
    room.dataset.place = place;
    const title = room.querySelector('h1');
    if (title && (moved || typed)) title.focus({ preventScroll: !moved });
    tick();
  }

  async function poll() {
    clearTimeout(timer);
    try {
      const r = await ask(room.dataset.poll + '?key=' + encodeURIComponent(room.dataset.key));
      if (r.status === 401) { location.assign(room.dataset.poll.startsWith('/lead') ? '/lead' : '/'); return; }
      if (!r.ok) throw new Error(String(r.status));
      const state = await r.json();
      const move = document.getElementById('move');
      if (move) { move.elements.step.value = state.step; move.elements.shown.value = state.shown; }
      show(state);
      if (lost) { say(''); lost = false; }
      wait = Number(room.dataset.wait);
    } catch (_) {
      lost = true;
      say('No connection. Trying again; nothing that was kept is lost.');
      wait = Math.min(wait * 2, 10000);
    }
    timer = setTimeout(poll, soon(wait));
  }

  // send keeps trying until the server has answered: what it keeps, it keeps once.
  async function send(url, body, stay) {
    if (sending) return;
    sending = true;
    try {
      for (let pause = 500; ; pause = Math.min(pause * 2, 8000)) {
        try {
          const r = await ask(url, { method: 'POST', body, headers: { Accept: 'application/json' }, signal: AbortSignal.timeout(60000) });
          const answer = await r.json();
          if (r.ok && !stay) { location.assign(answer.to); return; }
          if (!(stay && url === '/lead/move' && r.ok)) say(answer.text);
          return;
        } catch (_) {
          say('No connection. Trying again.');
          await new Promise((done) => setTimeout(done, soon(pause)));
        }
      }
    } finally {
      sending = false;
      if (room) poll();
    }
  }

  document.addEventListener('submit', (e) => {
    e.preventDefault();
    const form = e.target, body = new URLSearchParams(new FormData(form, e.submitter));
    send(form.getAttribute('action'), body, !form.hasAttribute('data-go'));
  });

  document.addEventListener('change', (e) => {
    const form = e.target.closest('form[data-budget]');
    if (!form) return;
    let sum = 0;
    for (const r of form.querySelectorAll('input:checked')) sum += Number(r.dataset.price);
    const spent = form.querySelector('.spent'), most = Number(form.dataset.budget);
    spent.textContent = sum + ' of ' + most + ' points' + (sum > most ? ': too many' : '');
    spent.classList.toggle('over', sum > most);
  });

  const keys = { ArrowRight: 'next', PageDown: 'next', ArrowLeft: 'back', PageUp: 'back', ' ': 'reveal' };
  document.addEventListener('keydown', (e) => {
    const move = document.getElementById('move');
    if (!move || !keys[e.key] || e.repeat || e.ctrlKey || e.altKey || e.metaKey || e.target.matches('input, a, button, .scroll')) return;
    e.preventDefault();
    const body = new URLSearchParams(new FormData(move));
    body.set('do', keys[e.key]);
    send('/lead/move', body, true);
  });

  function tick() {
    const clock = document.getElementById('clock');
    if (!clock) return;
    const seconds = Math.max(0, Math.floor((Date.now() - Number(clock.dataset.since)) / 1000));
    clock.textContent = Math.floor(seconds / 60) + ':' + String(seconds % 60).padStart(2, '0') + ' in this step';
  }

  const login = document.querySelector('form[data-secret]');
  if (login && location.hash.length > 1) {
    const body = new URLSearchParams({ secret: decodeURIComponent(location.hash.slice(1)) });
    history.replaceState(null, '', location.pathname);
    send('/lead/login', body, false);
  }
  if (room) {
    tick();
    setInterval(tick, 1000);
    timer = setTimeout(poll, soon(wait));
    document.addEventListener('visibilitychange', () => { if (!document.hidden) poll(); });
  }
})();
