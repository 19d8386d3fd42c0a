/**
 * Rational resampling for both worklets. Loaded before them into the same scope: worklets that import
 * are not to be relied upon in every browser.
 */

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

/** @type {{vvResampler?: typeof Resampler}} */ (globalThis).vvResampler = Resampler;
