/**
 * Turns the microphone at whatever rate the device runs into 32 ms frames of 16 kHz PCM16. Runs on the
 * audio thread: everything is preallocated and frame buffers come back from the page to be used again.
 */

export const OUT_RATE = 16_000;
export const FRAME_SAMPLES = 512;
const POOL_FRAMES = 24;

// <resampler> The same text stands in both worklets, because a worklet file must be self-contained;
// a test compares them.
const STOP_BAND_DB = 80;
const PASS_BAND = 0.86;

/** Zeroth-order modified Bessel function of the first kind, by its power series. */
function bessel(/** @type {number} */ x) {
  let sum = 1;
  let term = 1;
  for (let k = 1; term > sum * 1e-12; k += 1) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}

/** @returns {number} */
function gcd(/** @type {number} */ a, /** @type {number} */ b) {
  return b === 0 ? a : gcd(b, a % b);
}

/**
 * Rational resampling with a Kaiser-windowed sinc (Kaiser's formulas for length and beta), split into
 * one short filter per output phase. Flat up to `PASS_BAND` of the lower Nyquist frequency, down by
 * `STOP_BAND_DB` from there on, so nothing aliases. Pull-driven and free of allocation once built.
 */
export class Resampler {
  /** @param {number} inRate @param {number} outRate */
  constructor(inRate, outRate) {
    const divisor = gcd(Math.round(inRate), Math.round(outRate));
    this.up = Math.round(outRate) / divisor;
    this.down = Math.round(inRate) / divisor;
    const nyquist = Math.min(inRate, outRate) / 2;
    const width = (nyquist * (1 - PASS_BAND)) / inRate;
    const length = Math.ceil((STOP_BAND_DB - 7.95) / (2.285 * 2 * Math.PI * width));
    this.taps = this.up === 1 && this.down === 1 ? 1 : length + (length % 2);
    this.table = this.#design((nyquist * (1 + PASS_BAND)) / 2 / inRate);
    this.size = 2 ** Math.ceil(Math.log2(this.taps + 1));
    this.history = new Float32Array(this.size);
    this.head = 0;
    this.phase = 0;
    /** How many input samples must be pushed before the next output can be taken. */
    this.needed = 1;
  }

  /** Input samples between the newest one and the one that is heard now. */
  get delay() {
    return this.taps >> 1;
  }

  reset() {
    this.history.fill(0);
    this.head = 0;
    this.phase = 0;
    this.needed = 1;
  }

  push(/** @type {number} */ sample) {
    this.history[this.head] = sample;
    this.head = (this.head + 1) & (this.size - 1);
    this.needed -= 1;
  }

  /** The next output sample; call only when `needed` is 0 or less. */
  take() {
    const { history, table, taps } = this;
    const mask = this.size - 1;
    let at = this.phase * taps;
    let sum = 0;
    for (let i = 1; i <= taps; i += 1) {
      sum +=
        /** @type {number} */ (history[(this.head - i) & mask]) * /** @type {number} */ (table[at]);
      at += 1;
    }
    this.phase += this.down;
    const consumed = Math.floor(this.phase / this.up);
    this.phase -= consumed * this.up;
    this.needed += consumed;
    return sum;
  }

  /** @param {number} cutoff as a fraction of the input rate */
  #design(cutoff) {
    const { taps, up } = this;
    const table = new Float32Array(up * taps);
    if (taps === 1) return table.fill(1);
    const beta = 0.1102 * (STOP_BAND_DB - 8.7);
    for (let phase = 0; phase < up; phase += 1) {
      let total = 0;
      for (let i = 0; i < taps; i += 1) {
        const x = i + phase / up - taps / 2;
        const ratio = Math.min(1, Math.abs(x) / (taps / 2));
        const angle = 2 * Math.PI * cutoff * x;
        const sinc = x === 0 ? 1 : Math.sin(angle) / angle;
        const value = (sinc * bessel(beta * Math.sqrt(1 - ratio * ratio))) / bessel(beta);
        table[phase * taps + i] = value;
        total += value;
      }
      // Every phase passes a constant unchanged, or the phases would modulate it.
      const gain = 1 / total;
      for (let i = phase * taps; i < (phase + 1) * taps; i += 1) table[i] = (table[i] ?? 0) * gain;
    }
    return table;
  }
}
// </resampler>

/** @typedef {import('../app/worklet-messages.js').Captured} Captured */

/** Cuts a stream of samples into frames. */
export class Framer {
  /**
   * @param {number} inRate
   * @param {(captured: Captured) => void} deliver
   */
  constructor(inRate, deliver) {
    this.resampler = new Resampler(inRate, OUT_RATE);
    this.deliver = deliver;
    this.pool = Array.from({ length: POOL_FRAMES }, () => new Int16Array(FRAME_SAMPLES));
    this.frame = this.#fresh();
    this.filled = 0;
    this.energy = 0;
  }

  recycle(/** @type {Int16Array<ArrayBuffer>} */ frame) {
    if (this.pool.length < POOL_FRAMES) this.pool.push(frame);
  }

  feed(/** @type {Float32Array} */ samples) {
    for (const sample of samples) this.#step(sample);
  }

  /** Time goes on while no microphone is attached. */
  feedSilence(/** @type {number} */ count) {
    for (let i = 0; i < count; i += 1) this.#step(0);
  }

  #step(/** @type {number} */ sample) {
    this.resampler.push(sample);
    while (this.resampler.needed <= 0) this.#emit(this.resampler.take());
  }

  #emit(/** @type {number} */ value) {
    const clipped = Math.max(-1, Math.min(1, value));
    this.frame[this.filled] = Math.round(clipped * 32767);
    this.energy += clipped * clipped;
    this.filled += 1;
    if (this.filled === FRAME_SAMPLES) this.#complete();
  }

  #complete() {
    const { frame, energy } = this;
    this.frame = this.#fresh();
    this.filled = 0;
    this.energy = 0;
    this.deliver({ frame, level: Math.sqrt(energy / FRAME_SAMPLES), silent: energy === 0 });
  }

  #fresh() {
    return this.pool.pop() ?? new Int16Array(FRAME_SAMPLES);
  }
}

if (typeof registerProcessor === 'function') {
  class CaptureProcessor extends AudioWorkletProcessor {
    constructor() {
      super();
      this.framer = new Framer(sampleRate, (captured) => {
        this.port.postMessage(captured, [captured.frame.buffer]);
      });
      this.port.onmessage = (event) => this.framer.recycle(event.data);
    }

    /**
     * @param {Float32Array[][]} inputs
     * @param {Float32Array[][]} outputs
     */
    process(inputs, outputs) {
      const samples = inputs[0]?.[0];
      if (samples) this.framer.feed(samples);
      else this.framer.feedSilence(outputs[0]?.[0]?.length ?? 128);
      return true;
    }
  }
  registerProcessor('vv-capture', CaptureProcessor);
}
