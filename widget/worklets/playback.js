/**
 * Plays the interviewer's utterances in order and knows to the sample what was heard of each. Runs on
 * the audio thread; the page talks to it through its port, tests talk to `Player` directly.
 */

export const IN_RATE = 24_000;
const START_MS = 80;
const LONGEST_START_MS = 240;
const CANCEL_FADE_MS = 15;
const DUCK_FADE_MS = 50;
const HOLD_FADE_MS = 20;
const DUCKED_GAIN = 0.25;
const PLAYED_EVERY_MS = 100;
const LEVEL_EVERY_MS = 33;
const REMEMBERED_CANCELS = 32;

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

/** A gain that moves linearly to its target, so that nothing clicks. */
class Ramp {
  constructor() {
    this.value = 1;
    this.target = 1;
    this.step = 0;
  }

  /** @param {number} target @param {number} samples for the whole way from 0 to 1 */
  to(target, samples) {
    this.target = target;
    this.step = 1 / samples;
  }

  jump(/** @type {number} */ value) {
    this.value = value;
    this.target = value;
  }

  next() {
    if (this.value < this.target) this.value = Math.min(this.target, this.value + this.step);
    else if (this.value > this.target) this.value = Math.max(this.target, this.value - this.step);
    return this.value;
  }
}

/** @typedef {import('../app/worklet-messages.js').PlayerCommand} PlayerCommand */
/** @typedef {import('../app/worklet-messages.js').PlayerEvent} PlayerEvent */
/** @typedef {import('../app/worklet-messages.js').Utterance} Utterance */

export class Player {
  /** @param {number} outRate @param {(event: PlayerEvent) => void} emit */
  constructor(outRate, emit) {
    this.outRate = outRate;
    this.emit = emit;
    this.resampler = new Resampler(IN_RATE, outRate);
    // What each sample inside the filter was, so that the one in its middle can be named.
    this.tagUtt = new Float64Array(this.resampler.size);
    this.tagPts = new Float64Array(this.resampler.size);
    this.fed = 0;
    /** @type {Utterance[]} */
    this.queue = [];
    /** @type {number[]} */
    this.cancelledUtts = [];
    this.cancelling = 0;
    this.lastUtt = 0;
    this.lastPts = 0;
    this.isFlowing = false;
    this.isHeld = false;
    this.startMs = START_MS;
    this.underruns = 0;
    this.idleFrames = 0;
    this.duckGain = new Ramp();
    this.holdGain = new Ramp();
    this.cancelGain = new Ramp();
    this.sinceLevel = 0;
    this.sincePlayed = 0;
    this.energy = 0;
  }

  handle(/** @type {PlayerCommand} */ command) {
    switch (command.t) {
      case 'audio':
        return this.#enqueue(command);
      case 'end':
        return this.#end(command.utt, command.total);
      case 'cancel':
        return this.#cancel(command.utt);
      case 'duck':
        return this.duckGain.to(command.on ? DUCKED_GAIN : 1, this.#frames(DUCK_FADE_MS) / 0.75);
      case 'hold':
        this.isHeld = command.on;
        return this.holdGain.to(command.on ? 0 : 1, this.#frames(HOLD_FADE_MS));
    }
  }

  render(/** @type {Float32Array} */ output) {
    if (this.queue.length === 0) this.idleFrames += output.length;
    else this.idleFrames = 0;
    // Once the filter has rung out there is nothing to compute until somebody speaks.
    if (this.idleFrames > this.outRate) output.fill(0);
    else for (let i = 0; i < output.length; i += 1) output[i] = this.#nextSample();
    this.#report(output.length);
  }

  #nextSample() {
    const isSilent = this.isHeld && this.holdGain.value === 0;
    if (this.cancelling && (isSilent || this.cancelGain.value === 0)) this.#drop(this.cancelling);
    if (isSilent) return 0;
    while (this.resampler.needed > 0) this.#feed();
    const gain = this.duckGain.next() * this.holdGain.next() * this.cancelGain.next();
    const sample = this.resampler.take() * gain;
    this.energy += sample * sample;
    return sample;
  }

  /** Gives the filter one more input sample and notes which one is in its middle now. */
  #feed() {
    const current = this.#current();
    const mask = this.resampler.size - 1;
    const slot = this.fed & mask;
    const piece = current?.pieces[0];
    this.tagUtt[slot] = piece && current ? current.utt : 0;
    this.tagPts[slot] = piece && current ? piece.pts + current.offset : 0;
    this.resampler.push(piece && current ? (piece.samples[current.offset] ?? 0) / 32768 : 0);
    if (piece && current) this.#consume(current, piece);
    const middle = (this.fed - this.resampler.delay) & mask;
    this.fed += 1;
    this.#hear(this.tagUtt[middle] ?? 0, (this.tagPts[middle] ?? 0) + 1);
  }

  /** @returns {Utterance | undefined} the utterance whose samples flow now */
  #current() {
    const candidate = this.queue.find((each) => each.pieces.length > 0 || !this.#isComplete(each));
    if (!candidate) {
      this.isFlowing = false;
      return undefined;
    }
    if (!this.isFlowing && !this.#mayStart(candidate)) return undefined;
    if (candidate.pieces.length === 0) {
      if (this.isFlowing) this.#runDry();
      return undefined;
    }
    this.isFlowing = true;
    return candidate;
  }

  /** @param {Utterance} utterance */
  #mayStart(utterance) {
    if (this.#isComplete(utterance)) return true;
    const held = utterance.next - (utterance.pieces[0]?.pts ?? utterance.next) - utterance.offset;
    return held >= (this.startMs * IN_RATE) / 1000;
  }

  #isComplete(/** @type {Utterance} */ utterance) {
    return utterance.total !== null && utterance.next >= utterance.total;
  }

  #runDry() {
    this.isFlowing = false;
    this.underruns += 1;
    this.startMs = Math.min(LONGEST_START_MS, this.startMs * 1.5);
    this.emit({ t: 'underrun', count: this.underruns });
  }

  /** @param {Utterance} utterance @param {{samples: Int16Array}} piece */
  #consume(utterance, piece) {
    if (!utterance.started) {
      utterance.started = true;
      this.emit({ t: 'started', utt: utterance.utt });
    }
    utterance.offset += 1;
    if (utterance.offset < piece.samples.length) return;
    utterance.pieces.shift();
    utterance.offset = 0;
  }

  /** @param {number} utt 0 for silence @param {number} pts */
  #hear(utt, pts) {
    const head = this.queue[0];
    if (!head) return;
    if (head.utt === utt) head.heard = pts;
    if (head.total !== null && head.heard >= head.total) this.#finish(head);
  }

  /** @param {Utterance} utterance */
  #finish(utterance) {
    this.queue.shift();
    this.startMs = Math.max(START_MS, this.startMs * 0.9);
    this.sincePlayed = 0;
    this.lastUtt = utterance.utt;
    this.lastPts = utterance.heard;
    this.emit({ t: 'finished', utt: utterance.utt, pts: utterance.heard });
    if (this.cancelling !== utterance.utt) return;
    this.cancelling = 0;
    this.cancelGain.jump(1);
    this.emit({ t: 'cancelled', utt: utterance.utt, pts: utterance.heard });
  }

  /** @param {{utt: number, pts: number, samples: Int16Array, last: boolean}} frame */
  #enqueue({ utt, pts, samples, last }) {
    if (this.cancelledUtts.includes(utt)) return;
    const utterance = this.queue.find((each) => each.utt === utt) ?? this.#begin(utt, pts);
    const known = Math.max(0, utterance.next - pts);
    if (known < samples.length) {
      utterance.pieces.push({ pts: pts + known, samples: samples.subarray(known) });
      utterance.next = pts + samples.length;
    }
    if (last) utterance.total = pts + samples.length;
  }

  /** @param {number} utt @param {number} pts */
  #begin(utt, pts) {
    // Frames come in order, so an utterance that is still open gets no more of them.
    for (const each of this.queue) each.total ??= each.next;
    /** @type {Utterance} */
    const fresh = { utt, pieces: [], next: pts, total: null, offset: 0, heard: 0, started: false };
    fresh.heard = pts;
    this.queue.push(fresh);
    return fresh;
  }

  /** @param {number} utt @param {number} total */
  #end(utt, total) {
    const utterance = this.queue.find((each) => each.utt === utt);
    if (utterance) utterance.total = total;
  }

  #cancel(/** @type {number} */ utt) {
    this.cancelledUtts = [utt, ...this.cancelledUtts].slice(0, REMEMBERED_CANCELS);
    const utterance = this.queue.find((each) => each.utt === utt);
    if (!utterance)
      return this.emit({ t: 'cancelled', utt, pts: utt === this.lastUtt ? this.lastPts : 0 });
    if (!utterance.started) {
      this.queue = this.queue.filter((each) => each !== utterance);
      return this.emit({ t: 'cancelled', utt, pts: utterance.heard });
    }
    this.cancelling = utt;
    return this.cancelGain.to(0, this.#frames(CANCEL_FADE_MS));
  }

  #drop(/** @type {number} */ utt) {
    const dropped = this.queue.find((each) => each.utt === utt);
    this.queue = this.queue.filter((each) => each !== dropped);
    this.#quiet();
    this.emit({ t: 'cancelled', utt, pts: dropped?.heard ?? 0 });
  }

  #quiet() {
    this.cancelling = 0;
    this.isFlowing = false;
    this.resampler.reset();
    this.tagUtt.fill(0);
    this.cancelGain.jump(1);
    this.duckGain.jump(1);
  }

  #report(/** @type {number} */ frames) {
    this.sinceLevel += frames;
    this.sincePlayed += frames;
    if (this.sinceLevel >= this.#frames(LEVEL_EVERY_MS)) {
      this.emit({ t: 'level', level: Math.sqrt(this.energy / this.sinceLevel) });
      this.sinceLevel = 0;
      this.energy = 0;
    }
    const head = this.queue[0];
    if (this.sincePlayed >= this.#frames(PLAYED_EVERY_MS) && head?.started) {
      this.sincePlayed = 0;
      this.emit({ t: 'played', utt: head.utt, pts: head.heard });
    }
  }

  #frames(/** @type {number} */ ms) {
    return (this.outRate * ms) / 1000;
  }
}

if (typeof registerProcessor === 'function') {
  class PlaybackProcessor extends AudioWorkletProcessor {
    constructor() {
      super();
      this.player = new Player(sampleRate, (event) => this.port.postMessage(event));
      this.port.onmessage = (event) => this.player.handle(event.data);
    }

    /** @param {Float32Array[][]} _inputs @param {Float32Array[][]} outputs */
    process(_inputs, outputs) {
      const channel = outputs[0]?.[0];
      if (channel) this.player.render(channel);
      return true;
    }
  }
  registerProcessor('vv-playback', PlaybackProcessor);
}
