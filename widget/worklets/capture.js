/** Turns the microphone at whatever rate the device runs into 32 ms frames of 16 kHz PCM16. */

export const OUT_RATE = 16_000;
export const FRAME_SAMPLES = 512;
const STUCK_RANGE = 1e-4; // browsers that resample leave a ripple
const STUCK_LEVEL = 0.01;
const POOL_FRAMES = 64; // two seconds, in which the page may not come to taking them

/** @type {typeof import('./resampler.js').Resampler} */
const Resampler = /** @type {any} */ (globalThis).vvResampler;

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
    this.lowest = Number.POSITIVE_INFINITY;
    this.highest = Number.NEGATIVE_INFINITY;
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
    if (sample < this.lowest) this.lowest = sample;
    if (sample > this.highest) this.highest = sample;
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
    const { frame, energy, lowest, highest } = this;
    this.frame = this.#fresh();
    this.filled = 0;
    this.energy = 0;
    this.lowest = Number.POSITIVE_INFINITY;
    this.highest = Number.NEGATIVE_INFINITY;
    const level = Math.sqrt(energy / FRAME_SAMPLES);
    const stuck = highest - lowest < STUCK_RANGE && level > STUCK_LEVEL;
    this.deliver({ frame, level, silent: energy === 0, stuck });
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
