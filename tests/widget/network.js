/**
 * A server that paces its audio by marks as ours does, a network between, and the real player: all on
 * the clock of the audio thread, so that minutes of bad weather take no time.
 */

import '../../widget/worklets/resampler.js';
import '../../widget/worklets/cushion.js';
import { IN_RATE, Player } from '../../widget/worklets/playback.js';

const QUANTUM = 128;
const FRAME = (IN_RATE * 40) / 1000;

/** In order, like TCP: whatever is late delays the rest. `delay(now)` in ms. */
class Way {
  constructor(delay, bytesPerMs = Number.POSITIVE_INFINITY) {
    this.delay = delay;
    this.bytesPerMs = bytesPerMs;
    this.underway = [];
    this.freeAt = 0;
    this.lastDue = 0;
  }

  send(parcel, now, bytes = 100) {
    this.freeAt = Math.max(this.freeAt, now) + bytes / this.bytesPerMs;
    this.lastDue = Math.max(this.lastDue, this.freeAt + this.delay(now));
    this.underway.push({ due: this.lastDue, parcel });
  }

  take(now) {
    let ready = 0;
    while (this.underway[ready]?.due <= now) ready += 1;
    return this.underway.splice(0, ready).map((each) => each.parcel);
  }
}

export class Rehearsal {
  /** @param {{delay?: (now: number) => number, kbit?: number, outRate?: number, drift?: number}} world */
  constructor({ delay = () => 20, kbit = Number.POSITIVE_INFINITY, outRate = IN_RATE, drift = 0 }) {
    this.down = new Way(delay, kbit / 8);
    this.up = new Way(delay);
    this.outRate = outRate;
    this.drift = drift; // how much faster than the server's clock the device's one runs
    this.now = 0;
    this.utt = 0;
    this.total = 0;
    this.sent = 0;
    this.played = 0;
    this.aheadMs = 400;
    this.events = [];
    this.player = new Player(outRate, (event) => {
      this.events.push(event);
      this.up.send(event, this.now);
    });
    this.player.handle({ t: 'round-trip', ms: Math.round(2 * delay(0)) });
    this.output = new Float32Array(QUANTUM);
    this.onQuantum = () => {};
  }

  /** Says something that lasts so long, and waits until all of it was heard. */
  say(ms) {
    this.utt += 1;
    this.total = (IN_RATE * ms) / 1000;
    this.sent = 0;
    this.played = 0;
    this.#pump();
    while (this.played < this.total) this.#step();
  }

  rest(ms) {
    const until = this.now + ms;
    while (this.now < until) this.#step();
  }

  /** Gaps of utterances from the given one on. */
  gaps(from = 1) {
    return this.events.filter((event) => event.t === 'gap' && event.utt >= from);
  }

  #step() {
    this.player.render(this.output);
    this.onQuantum(this.output);
    this.now += ((QUANTUM / this.outRate) * 1000) / (1 + this.drift);
    for (const event of this.up.take(this.now)) this.#hear(event);
    for (const command of this.down.take(this.now)) this.player.handle(command);
  }

  #hear(event) {
    if (event.t === 'lead') this.aheadMs = event.ms;
    if (event.utt === this.utt && 'pts' in event) this.played = Math.max(this.played, event.pts);
    this.#pump();
  }

  #pump() {
    const ahead = (IN_RATE * this.aheadMs) / 1000;
    while (this.sent < this.total && this.sent - this.played < ahead) {
      const samples = new Int16Array(Math.min(FRAME, this.total - this.sent)).fill(8_000);
      const end = this.sent + samples.length;
      const last = end === this.total;
      const frame = { t: 'audio', utt: this.utt, pts: this.sent, samples, last };
      this.down.send(frame, this.now, 2 * samples.length + 22);
      this.sent = end;
    }
  }
}
