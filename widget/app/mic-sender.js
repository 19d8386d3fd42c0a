/** Sends microphone frames in order through one cursor. */

import { MicRing } from './mic-ring.js';
import { encodeFrame, FLAG, FRAME_SAMPLES, HEADER_BYTES, KIND, MIC_RATE } from './wire.js';

export const PAUSE_ABOVE_BYTES = 96 * 1024;
export const RESUME_BELOW_BYTES = 32 * 1024;

/**
 * @typedef {object} FrameSink
 * @property {(bytes: Uint8Array<ArrayBuffer>) => void} send copies the bytes before it returns
 * @property {() => number} bufferedBytes
 */

export class MicSender {
  constructor(ring = new MicRing()) {
    this.ring = ring;
    /** @type {FrameSink | null} */
    this.sink = null;
    this.cursor = 0;
    this.sentBefore = -1;
    this.isHeldBack = false;
    this.scratch = new ArrayBuffer(HEADER_BYTES + FRAME_SAMPLES * 2);
  }

  /** Number the frames anew, as when the interview starts. */
  restart(seq = 0) {
    this.ring.restart(seq);
    this.cursor = seq;
    this.sentBefore = seq - 1;
  }

  /**
   * @param {FrameSink} sink
   * @param {number} ack highest frame the server has stored, -1 when none
   */
  attach(sink, ack) {
    // A fresh page has no ring, and a server that stored more than we hold is right.
    if (this.ring.isEmpty || ack >= this.ring.next) this.restart(ack + 1);
    this.cursor = ack + 1;
    this.sink = sink;
    this.isHeldBack = false;
    this.pump();
  }

  detach() {
    this.sink = null;
  }

  /**
   * @param {Int16Array} samples
   * @param {boolean} muted
   */
  push(samples, muted) {
    this.ring.append(samples, muted);
    this.pump();
  }

  pump() {
    while (this.sink && this.cursor < this.ring.next && !this.#mustWait(this.sink)) {
      this.#sendNext(this.sink);
    }
  }

  /** @param {FrameSink} sink */
  #mustWait(sink) {
    const buffered = sink.bufferedBytes();
    this.isHeldBack = buffered > (this.isHeldBack ? RESUME_BELOW_BYTES : PAUSE_ABOVE_BYTES);
    return this.isHeldBack;
  }

  /** @param {FrameSink} sink */
  #sendNext(sink) {
    const skipped = this.cursor < this.ring.oldest;
    const seq = skipped ? this.ring.oldest : this.cursor;
    let flags = this.ring.flagsAt(seq);
    if (skipped) flags |= FLAG.DISCONTINUITY;
    if (seq <= this.sentBefore) flags |= FLAG.RETRANSMIT;
    const pts = seq * FRAME_SAMPLES;
    const samples = this.ring.samplesAt(seq);
    sink.send(
      encodeFrame(
        { kind: KIND.MIC, flags, rate: MIC_RATE, seq, utt: 0, pts, samples },
        this.scratch,
      ),
    );
    this.cursor = seq + 1;
    this.sentBefore = Math.max(this.sentBefore, seq);
  }
}
