/** The page's audio context. */

/** In this order: the last two find the first two in the scope that they share. */
const WORKLETS = ['resampler', 'cushion', 'capture', 'playback'];
const WATCH_EVERY_MS = 1000;
const STUCK_MS = 1900;
const REVIVE_MS = 600; // a context that is going to run does so by then

/** @param {import('./timers.js').Timers} timers */
export function createSound(timers) {
  return new Sound(timers);
}

export class Sound {
  /** @param {import('./timers.js').Timers} timers */
  constructor(timers) {
    this.timers = timers;
    /** @type {AudioContext | null} */
    this.context = null;
    /** @type {Promise<AudioContext | null>} */
    this.ready = Promise.resolve(null);
    /** Only the candidate can bring the sound back. */
    this.onInterrupted = () => {};
    /** Another context has taken the place of one that died. */
    this.onRebuilt = () => {};
    this.seen = { time: -1, at: 0 };
    this.isReviving = false;
    this.isGivenUp = false;
    this.cancelRevival = () => {};
    this.stopWatching = () => {};
  }

  /** Lockdown Mode has no Web Audio at all. */
  static get isSupported() {
    return typeof AudioContext === 'function' && typeof AudioWorkletNode === 'function';
  }

  /** Call synchronously in a tap. @returns {boolean} whether a new context was made */
  unlock() {
    if (!Sound.isSupported) return false;
    preferPlayAndRecord();
    const current = this.context;
    if (current && this.#isUsable(current)) {
      if (current.state === 'suspended') current.resume().catch(() => this.onInterrupted());
      return false;
    }
    this.isGivenUp = false;
    this.#start();
    return true;
  }

  /** The page is back, and the context may have died meanwhile. */
  check() {
    if (this.context) this.#watch(this.context);
  }

  close() {
    this.stopWatching();
    this.cancelRevival();
    this.isReviving = false;
    this.context?.close().catch(() => {});
    this.context = null;
  }

  #start() {
    this.close();
    // At the device's own rate: Firefox refuses a microphone of another one.
    const context = new AudioContext({ latencyHint: 'interactive' });
    context.resume().catch(() => {});
    primeWithSilence(context);
    this.context = context;
    this.seen = { time: -1, at: performance.now() };
    this.ready = loadWorklets(context, WORKLETS).then(() => context);
    context.onstatechange = () => this.#watch(context);
    context.addEventListener('error', () => this.#watch(context)); // its device failed
    this.stopWatching = this.timers.every(WATCH_EVERY_MS, () => this.#watch(context));
    return context;
  }

  /** @param {AudioContext} context */
  #watch(context) {
    if (context !== this.context) return;
    const isStuck = this.#isStuck(context);
    if (context.currentTime !== this.seen.time) {
      this.seen = { time: context.currentTime, at: performance.now() };
    }
    const isRunning = stateOf(context) === 'running' && !isStuck;
    // A call or Siri took the device: resuming now would reject, or freeze the clock.
    if (stateOf(context) === 'interrupted') this.onInterrupted();
    else if (isRunning) this.isGivenUp = false;
    else if (!this.isGivenUp) this.#revive(context);
  }

  /** Resumed if it can be, else replaced; if neither helps, it takes the candidate's tap. */
  #revive(/** @type {AudioContext} */ context) {
    if (this.isReviving) return;
    this.isReviving = true;
    if (context.state === 'closed') return this.#replace();
    if (context.state === 'suspended') context.resume().catch(() => {});
    this.#checkLater(context, () => this.#replace());
  }

  #replace() {
    const next = this.#start();
    this.onRebuilt();
    this.isReviving = true;
    this.#checkLater(next, () => {
      this.isGivenUp = true;
      this.onInterrupted();
    });
  }

  /** @param {AudioContext} context @param {() => void} otherwise unless it runs by then */
  #checkLater(context, otherwise) {
    const before = context.currentTime;
    this.cancelRevival = this.timers.after(REVIVE_MS, () => {
      this.isReviving = false;
      if (context !== this.context) return;
      if (context.state !== 'running' || context.currentTime === before) otherwise();
    });
  }

  /** @param {AudioContext} context */
  #isUsable(context) {
    const state = stateOf(context);
    return state !== 'closed' && state !== 'interrupted' && !this.#isStuck(context);
  }

  /** @param {AudioContext} context */
  #isStuck(context) {
    const { time, at } = this.seen;
    const isOld = performance.now() - at > STUCK_MS;
    return context.state === 'running' && context.currentTime === time && isOld;
  }
}

/** WebKit knows a state more. @param {AudioContext} context @returns {string} */
function stateOf(context) {
  return context.state;
}

/** @param {AudioContext} context @param {readonly string[]} names */
export async function loadWorklets(context, names) {
  for (const name of names) await context.audioWorklet.addModule(`/embed/worklets/${name}.js`);
}

/** @param {AudioContext} context */
function primeWithSilence(context) {
  const source = context.createBufferSource();
  source.buffer = context.createBuffer(1, 1, context.sampleRate);
  source.connect(context.destination);
  source.start();
}

function preferPlayAndRecord() {
  const session = /** @type {{audioSession?: {type: string}}} */ (navigator).audioSession;
  if (session) session.type = 'play-and-record';
}

/**
 * Two soft notes for the sound check.
 *
 * @param {AudioContext} context
 */
export function playChime(context) {
  [523.25, 659.25].forEach((frequency, i) => {
    const start = context.currentTime + 0.02 + i * 0.22;
    const gain = context.createGain();
    const tone = context.createOscillator();
    tone.frequency.value = frequency;
    gain.gain.setValueAtTime(0, start);
    gain.gain.linearRampToValueAtTime(0.22, start + 0.03);
    gain.gain.exponentialRampToValueAtTime(0.001, start + 0.7);
    tone.connect(gain).connect(context.destination);
    tone.start(start);
    tone.stop(start + 0.75);
  });
}
