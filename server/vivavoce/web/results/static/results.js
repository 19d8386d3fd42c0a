// The result page beside its audio: play what a quote points at, follow what is being said, and look
// again for a scorecard that is still being made. Without this script, links, text and audio still work.

/** @param {number} ms */
const clock = (ms) => {
  const seconds = Math.max(0, Math.round(ms / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
};

const RATES = [1, 1.25, 1.5, 2];
const reducedMotion = matchMedia('(prefers-reduced-motion: reduce)');

/** The recording and what is playing of it. */
class Player {
  /** @param {HTMLElement} bar */
  constructor(bar) {
    this.bar = bar;
    this.audio = /** @type {HTMLAudioElement} */ (bar.querySelector('audio'));
    this.toggle = /** @type {HTMLButtonElement} */ (bar.querySelector('#toggle'));
    this.seek = /** @type {HTMLInputElement} */ (bar.querySelector('#seek'));
    this.rate = /** @type {HTMLButtonElement} */ (bar.querySelector('#rate'));
    /** Where a quote's playback stops, in ms. @type {number | null} */
    this.until = null;
    this.audio.controls = false;
    /** @type {HTMLElement} */ (bar.querySelector('.controls')).hidden = false;
    this.toggle.addEventListener('click', () =>
      this.audio.paused ? this.playFrom() : this.audio.pause(),
    );
    this.seek.addEventListener('input', () =>
      this.moveTo((Number(this.seek.value) / 1000) * this.length),
    );
    this.rate.addEventListener('click', () => this.nextRate());
    for (const event of ['play', 'pause', 'ended'])
      this.audio.addEventListener(event, () => this.follow());
    for (const event of ['loadedmetadata', 'durationchange'])
      this.audio.addEventListener(event, () => this.measure());
    this.measure();
  }

  get now() {
    return this.audio.currentTime * 1000;
  }

  /** Of the recording in ms; the transcript's end until the file is known. */
  get length() {
    const seconds = this.audio.duration;
    if (Number.isFinite(seconds) && seconds > 0) return seconds * 1000;
    return Math.max(1, ...turns().map((turn) => Number(turn.dataset.end)));
  }

  /** @param {string} src */
  load(src) {
    if (this.audio.src) return;
    this.audio.src = src;
    this.bar.hidden = false;
  }

  /** @param {number} [startMs] @param {number | null} [untilMs] */
  playFrom(startMs, untilMs = null) {
    this.until = untilMs;
    if (startMs !== undefined) this.audio.currentTime = startMs / 1000;
    this.audio.play().catch(() => this.follow());
  }

  /** @param {number} ms */
  moveTo(ms) {
    this.until = null;
    this.audio.currentTime = ms / 1000;
    this.show();
  }

  nextRate() {
    const next = RATES[RATES.indexOf(this.audio.playbackRate) + 1] ?? 1;
    this.audio.playbackRate = next;
    this.rate.textContent = `${next}×`;
    this.rate.setAttribute('aria-label', `Playback speed, ${next} times`);
  }

  follow() {
    const playing = !this.audio.paused;
    this.bar.classList.toggle('is-playing', playing);
    this.toggle.setAttribute('aria-label', playing ? 'Pause the recording' : 'Play the recording');
    if (playing) requestAnimationFrame(() => this.step());
    else this.show();
  }

  step() {
    if (this.until !== null && this.now >= this.until) {
      this.until = null;
      this.audio.pause();
    }
    this.show();
    if (!this.audio.paused) requestAnimationFrame(() => this.step());
  }

  show() {
    const share = Math.min(1, this.now / this.length);
    this.seek.value = String(Math.round(share * 1000));
    this.seek.setAttribute('aria-valuetext', `${clock(this.now)} of ${clock(this.length)}`);
    this.bar.style.setProperty('--played', `${share * 100}%`);
    /** @type {HTMLElement} */ (this.bar.querySelector('#position')).textContent = clock(this.now);
    highlight(this.now, !this.audio.paused);
  }

  /** Draws who speaks when under the seek bar. */
  measure() {
    const lanes = /** @type {HTMLElement} */ (this.bar.querySelector('#lanes'));
    lanes.replaceChildren(
      ...turns().map((turn) => {
        const lane = document.createElement('i');
        const start = Number(turn.dataset.start);
        lane.className = turn.classList.contains('candidate') ? 'candidate' : 'interviewer';
        lane.style.left = `${(start / this.length) * 100}%`;
        lane.style.width = `${((Number(turn.dataset.end) - start) / this.length) * 100}%`;
        return lane;
      }),
    );
    /** @type {HTMLElement} */ (this.bar.querySelector('#total')).textContent = clock(this.length);
    this.show();
  }
}

/** @returns {HTMLElement[]} */
const turns = () =>
  [...document.querySelectorAll('.turns > li')].map((each) => /** @type {HTMLElement} */ (each));

/** @param {HTMLElement} element @param {number} ms */
const spans = (element, ms) =>
  Number(element.dataset.start) <= ms && ms < Number(element.dataset.end);

/** @param {number} ms @param {boolean} playing */
function highlight(ms, playing) {
  for (const turn of turns()) {
    const current = playing && spans(turn, ms);
    const entered = current && !turn.classList.contains('is-current');
    turn.classList.toggle('is-current', current);
    if (entered) bringIntoView(turn);
    for (const each of turn.querySelectorAll('.word')) {
      const word = /** @type {HTMLElement} */ (each);
      word.classList.toggle('is-spoken', current && spans(word, ms));
    }
  }
}

/** @param {HTMLElement} turn */
function bringIntoView(turn) {
  turn.scrollIntoView({ block: 'nearest', behavior: reducedMotion.matches ? 'auto' : 'smooth' });
}

/** @param {Player} player @param {Event} event */
function onClick(player, event) {
  const target = /** @type {Element} */ (event.target);
  const quote = /** @type {HTMLElement | null} */ (target.closest('.quote'));
  if (quote) {
    showQuote(player, quote);
    return;
  }
  const word = /** @type {HTMLElement | null} */ (target.closest('.word'));
  if (word) {
    player.playFrom(Number(word.dataset.start));
    return;
  }
  const turn = /** @type {HTMLElement | null} */ (target.closest('.turns > li'));
  if (turn && getSelection()?.isCollapsed)
    player.playFrom(Number(turn.dataset.start), Number(turn.dataset.end));
}

/** A typed quote has a place but no sound. @param {Player} player @param {HTMLElement} quote */
function showQuote(player, quote) {
  for (const turn of turns()) {
    const found = turn.id === `turn-${quote.dataset.turn}`;
    turn.classList.toggle('is-found', found);
    if (found) bringIntoView(turn);
  }
  const [start, end] = [Number(quote.dataset.start), Number(quote.dataset.end)];
  if (end > start) player.playFrom(start, end);
  else player.moveTo(start);
}

/** @param {Player} player @param {KeyboardEvent} event */
function onKey(player, event) {
  const target = /** @type {Element} */ (event.target);
  if (event.key !== ' ' || target.closest('button, a, input, summary')) return;
  event.preventDefault();
  player.toggle.click();
}

/** Times and languages in the reader's own way of writing them. */
function localize() {
  const format = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });
  for (const time of document.querySelectorAll('time[datetime]')) {
    const at = new Date(time.getAttribute('datetime') ?? '');
    if (!Number.isNaN(at.getTime())) time.textContent = format.format(at);
  }
  const names = new Intl.DisplayNames(undefined, { type: 'language' });
  for (const each of document.querySelectorAll('[data-language]')) {
    each.textContent = names.of(each.getAttribute('data-language') ?? 'en') ?? each.textContent;
  }
}

/** Looks again while something is still to come, and swaps only what changed. @param {Player | null} player */
async function refresh(player) {
  const live = document.getElementById('live');
  const wait = Number(live?.dataset.refresh);
  if (!live || !wait) return;
  await new Promise((resolve) => setTimeout(resolve, wait));
  const answer = document.hidden ? null : await fetch(location.href).catch(() => null);
  if (answer?.ok) {
    const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html');
    swap(live, /** @type {HTMLElement} */ (fresh.getElementById('live')));
    const src = fresh.querySelector('#recording')?.getAttribute('src');
    if (player && src) player.load(src);
    player?.measure();
  }
  await refresh(player);
}

/** What the server last sent, to leave the page alone while nothing changes. */
let seen = '';

/** Puts new content in place without moving the reader. @param {HTMLElement} live @param {HTMLElement} fresh */
function swap(live, fresh) {
  if (fresh.dataset.refresh) live.dataset.refresh = fresh.dataset.refresh;
  else delete live.dataset.refresh;
  if (fresh.innerHTML === seen) return;
  seen = fresh.innerHTML;
  const putBack = [keepOpen(live), keepFocus(live), keepScroll(live)];
  live.replaceChildren(...fresh.childNodes);
  for (const restore of putBack) restore();
  localize();
}

/** @param {HTMLElement} live */
function keepOpen(live) {
  const opened = [...live.querySelectorAll('details')].map((each) => each.open);
  return () =>
    live.querySelectorAll('details').forEach((each, index) => {
      each.open = opened[index] ?? false;
    });
}

/** @param {HTMLElement} live */
function keepFocus(live) {
  const focusable = 'a, button, summary';
  const index = [...live.querySelectorAll(focusable)].indexOf(
    /** @type {Element} */ (document.activeElement),
  );
  return () => {
    const target = /** @type {HTMLElement | undefined} */ (live.querySelectorAll(focusable)[index]);
    if (index >= 0) target?.focus({ preventScroll: true });
  };
}

/** A transcript read at its end stays at its end while it grows. @param {HTMLElement} live */
function keepScroll(live) {
  const before = live.querySelector('.transcript');
  const top = before?.scrollTop ?? 0;
  const atEnd = before ? before.scrollHeight - before.clientHeight - top < 40 : false;
  return () => {
    const after = live.querySelector('.transcript');
    if (after) after.scrollTop = atEnd ? after.scrollHeight : top;
  };
}

const bar = document.getElementById('player');
const player = bar ? new Player(bar) : null;
if (player) {
  document.getElementById('main')?.addEventListener('click', (event) => onClick(player, event));
  document.addEventListener('keydown', (event) => onKey(player, event));
}
localize();
refresh(player);
