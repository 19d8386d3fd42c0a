/**
 * The page's audio context. It must be made and resumed inside the candidate's tap: WebKit forgets the
 * tap at the first `await`, and the interviewer's first words would be silent.
 */

const WORKLETS = ['/embed/worklets/capture.js', '/embed/worklets/playback.js'];
const WATCH_EVERY_MS = 2000;

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
    this.onInterrupted = () => {};
    this.lastTime = -1;
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
    if (current && current.state !== 'closed' && !this.#isStuck(current)) {
      if (current.state === 'suspended') current.resume().catch(() => this.onInterrupted());
      return false;
    }
    current?.close().catch(() => {});
    this.#start();
    return true;
  }

  close() {
    this.stopWatching();
    this.context?.close().catch(() => {});
    this.context = null;
  }

  #start() {
    // At the device's own rate: Firefox refuses a microphone of another one.
    const context = new AudioContext({ latencyHint: 'interactive' });
    context.resume().catch(() => {});
    primeWithSilence(context);
    this.context = context;
    this.lastTime = -1;
    this.ready = Promise.all(WORKLETS.map((url) => context.audioWorklet.addModule(url))).then(
      () => context,
    );
    context.onstatechange = () => this.#noticeState(context);
    this.stopWatching();
    this.stopWatching = this.timers.every(WATCH_EVERY_MS, () => this.#watch(context));
  }

  /** @param {AudioContext} context */
  #noticeState(context) {
    if (context !== this.context) return;
    // A call or Siri took the device: resuming now would reject, or freeze the clock.
    const state = /** @type {string} */ (context.state);
    if (state === 'interrupted' || state === 'suspended') this.onInterrupted();
  }

  /** @param {AudioContext} context */
  #watch(context) {
    if (this.#isStuck(context)) this.onInterrupted();
    this.lastTime = context.currentTime;
  }

  /** @param {AudioContext} context */
  #isStuck(context) {
    return context.state === 'running' && context.currentTime === this.lastTime;
  }
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
