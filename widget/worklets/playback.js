/**
 * Plays the interviewer's utterances in order and knows to the sample what was heard of each. Runs on
 * the audio thread; the page talks to it through its port, tests talk to `Player` directly.
 */

export const IN_RATE = 24_000;
const CANCEL_FADE_MS = 15;
const STARVED_FADE = 120; // samples at 24 kHz, 5 ms
const DUCK_FADE_MS = 50;
const HOLD_FADE_MS = 20;
const DUCKED_GAIN = 0.25;
const PLAYED_EVERY_MS = 100;
const LEVEL_EVERY_MS = 33;
const REMEMBERED_CANCELS = 32;

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

/** @type {typeof import('./resampler.js').Resampler} */
const Resampler = /** @type {any} */ (globalThis).vvResampler;
/** @type {typeof import('./cushion.js').Cushion} */
const Cushion = /** @type {any} */ (globalThis).vvCushion;

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
    this.cushion = new Cushion((ms) => emit({ t: 'lead', ms }));
    /** How many samples of silence an utterance has had that was expected to go on. */
    this.dryFed = 0;
    this.waitedFed = 0;
    this.starvedGain = 1;
    this.rendered = 0;
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
      case 'round-trip':
        return this.cushion.roundTrip(command.ms);
    }
  }

  render(/** @type {Float32Array} */ output) {
    this.rendered += output.length;
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
    if (current && piece) {
      this.tagUtt[slot] = current.utt;
      this.tagPts[slot] = piece.pts + current.offset;
      const gain = this.#starve(current);
      this.resampler.push(((piece.samples[current.offset] ?? 0) / 32768) * gain);
      this.#consume(current, piece);
    } else {
      this.tagUtt[slot] = 0;
      this.tagPts[slot] = 0;
      this.resampler.push(0);
    }
    const middle = (this.fed - this.resampler.delay) & mask;
    this.fed += 1;
    this.#hear(this.tagUtt[middle] ?? 0, (this.tagPts[middle] ?? 0) + 1);
  }

  /** What runs out is faded, and comes back faded, so that a gap is a pause and no click. */
  #starve(/** @type {Utterance} */ utterance) {
    const step = 1 / STARVED_FADE;
    const left = this.#isComplete(utterance) ? 1 : this.#held(utterance) * step;
    const target = Math.min(1, left);
    const { starvedGain: gain } = this;
    this.starvedGain = gain < target ? Math.min(target, gain + step) : target;
    return this.starvedGain;
  }

  /** @returns {Utterance | undefined} the utterance whose samples flow now */
  #current() {
    const candidate = this.#next();
    if (!candidate) {
      this.isFlowing = false;
      this.waitedFed = 0;
      return undefined;
    }
    if (!this.isFlowing && !this.#mayStart(candidate)) return undefined;
    if (candidate.pieces.length === 0) {
      this.#runDry(candidate);
      return undefined;
    }
    if (!this.isFlowing) this.#flow(candidate);
    return candidate;
  }

  #next() {
    for (const each of this.queue) {
      if (each.pieces.length > 0 || !this.#isComplete(each)) return each;
    }
    return undefined;
  }

  /** @param {Utterance} utterance */
  #mayStart(utterance) {
    if (this.#isComplete(utterance)) return true;
    if (utterance.started) this.dryFed += 1;
    const held = this.#held(utterance);
    if (held > 0) this.waitedFed += 1;
    // Whatever holds up the rest, what is here is not kept back for ever.
    return held >= this.#samples(this.cushion.startMs) || this.waitedFed >= IN_RATE * 3;
  }

  /** @param {Utterance} utterance */
  #flow(utterance) {
    this.isFlowing = true;
    this.cushion.flow(this.#now, (this.waitedFed * 1000) / IN_RATE);
    this.waitedFed = 0;
    if (this.dryFed > 0 && utterance.started) this.#tellGap(utterance);
    this.dryFed = 0;
  }

  #tellGap(/** @type {Utterance} */ utterance) {
    const ms = Math.round((this.dryFed * 1000) / IN_RATE);
    this.starvedGain = 0;
    this.cushion.late(ms);
    this.emit({ t: 'gap', utt: utterance.utt, pts: utterance.pieces[0]?.pts ?? 0, ms });
  }

  /** Samples that are here and were not played. */
  #held(/** @type {Utterance} */ utterance) {
    const first = utterance.pieces[0];
    return first ? utterance.next - first.pts - utterance.offset : 0;
  }

  #isComplete(/** @type {Utterance} */ utterance) {
    return utterance.total !== null && utterance.next >= utterance.total;
  }

  #runDry(/** @type {Utterance} */ utterance) {
    this.isFlowing = false;
    this.dryFed = utterance.started ? 1 : 0;
    this.cushion.dry(this.#now);
  }

  /** @param {Utterance} utterance @param {{samples: Int16Array}} piece */
  #consume(utterance, piece) {
    if (!utterance.started) {
      utterance.started = true;
      this.emit({ t: 'started', utt: utterance.utt, pts: utterance.heard });
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
    this.dryFed = 0;
    this.cushion.finished();
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
    const isFollowed = this.isFlowing && utterance === this.#next();
    if (isFollowed) this.cushion.arrived((this.#held(utterance) * 1000) / IN_RATE, this.#now);
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
    this.dryFed = 0;
    this.starvedGain = 1;
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

  #samples(/** @type {number} */ ms) {
    return (IN_RATE * ms) / 1000;
  }

  get #now() {
    return (this.rendered * 1000) / this.outRate;
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
