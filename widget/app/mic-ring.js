/** The last minute of the candidate's voice, so that a lost connection loses no word. */

import { FLAG, FRAME_MS, FRAME_SAMPLES } from './wire.js';

export const RING_SECONDS = 60;

export class MicRing {
  /** @param {number} [capacity] in frames */
  constructor(capacity = Math.ceil((RING_SECONDS * 1000) / FRAME_MS)) {
    this.capacity = capacity;
    this.samples = new Int16Array(capacity * FRAME_SAMPLES);
    this.flags = new Uint8Array(capacity);
    this.start = 0;
    this.next = 0;
  }

  /** Sequence number of the oldest frame still held. */
  get oldest() {
    return Math.max(this.start, this.next - this.capacity);
  }

  get isEmpty() {
    return this.next === this.start;
  }

  /** Forget everything; the next frame gets number `seq`. */
  restart(/** @type {number} */ seq) {
    this.start = seq;
    this.next = seq;
  }

  /**
   * @param {Int16Array} frame of `FRAME_SAMPLES` samples; copied
   * @param {boolean} muted
   * @returns {number} its sequence number
   */
  append(frame, muted) {
    const seq = this.next;
    const slot = seq % this.capacity;
    this.samples.set(frame, slot * FRAME_SAMPLES);
    const opening = seq === 0 ? FLAG.FIRST : FLAG.DISCONTINUITY;
    this.flags[slot] = (seq === this.start ? opening : 0) | (muted ? FLAG.MUTED : 0);
    this.next = seq + 1;
    return seq;
  }

  /** @param {number} seq of a frame that is still held */
  samplesAt(seq) {
    const from = (seq % this.capacity) * FRAME_SAMPLES;
    return this.samples.subarray(from, from + FRAME_SAMPLES);
  }

  /** @param {number} seq of a frame that is still held */
  flagsAt(seq) {
    return this.flags[seq % this.capacity] ?? 0;
  }
}
