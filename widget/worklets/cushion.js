/**
 * How much sound the player keeps in store. Loaded before it into the same scope, as the resampler is.
 */

const START_MS = 80;
const LONGEST_START_MS = 2_000;
const LONG_SENTENCE_MS = 6_000;
const LEAST_LEAD_MS = 400; // what a server sends ahead of its own accord
const LONGEST_LEAD_MS = 4_000;
const BEYOND_ROUND_TRIP_MS = 600; // marks come every 100 ms, and both they and frames may be late
const SAFE_MS = 150; // in store whenever more arrives
const ASK_EVERY_MS = 400; // until what was asked for can have come
const FIRST_BURST_MS = 500; // comes in while it is being played, and says nothing about what follows
const LONGEST_UNEVEN_START_MS = 320; // costs nothing where a clause comes in one piece

/**
 * Against a network that falters. `leadMs` is what the server is asked to send ahead of what was played:
 * it covers the way there and back, and whatever comes late. `startMs` is what must be here before
 * anything is heard: it grows only where sound comes in more slowly than it is played. Both shrink
 * again with every utterance that went well.
 */
export class Cushion {
  /** @param {(leadMs: number) => void} ask */
  constructor(ask) {
    this.ask = ask;
    this.startMs = START_MS;
    this.leastMs = LEAST_LEAD_MS;
    this.leadMs = LEAST_LEAD_MS;
    this.lowestMs = Number.POSITIVE_INFINITY;
    this.askedAt = Number.NEGATIVE_INFINITY;
    this.flowsSince = 0;
    this.lackingMs = 0; // of a long sentence, where sound comes in more slowly than it is played
    this.isUneven = false; // it ran dry before the first burst can have been in
  }

  /** The way to the server and back takes so long. */
  roundTrip(/** @type {number} */ ms) {
    this.leastMs = Math.min(ms + BEYOND_ROUND_TRIP_MS, LONGEST_LEAD_MS);
    if (this.leadMs < this.leastMs) this.#want(this.leastMs);
  }

  /** Sound flows from now on; what was needed for that came in `filledMs`. */
  flow(/** @type {number} */ now, /** @type {number} */ filledMs) {
    this.flowsSince = now;
    const speed = filledMs > 0 ? this.startMs / filledMs : Number.POSITIVE_INFINITY;
    // Whoever is late, but not slow, sends much at once.
    this.lackingMs = speed < 1 ? (1 - speed) * LONG_SENTENCE_MS : 0;
  }

  /** More has come while `heldMs` were in store. @param {number} heldMs @param {number} now */
  arrived(heldMs, now) {
    if (now - this.flowsSince < FIRST_BURST_MS) return;
    this.lowestMs = Math.min(this.lowestMs, heldMs);
    if (heldMs >= SAFE_MS || now - this.askedAt < ASK_EVERY_MS) return;
    this.askedAt = now;
    this.#want(this.leadMs + SAFE_MS - heldMs);
  }

  /** Nothing was left. */
  dry(/** @type {number} */ now) {
    this.isUneven = now - this.flowsSince < FIRST_BURST_MS;
    if (this.lackingMs === 0) return;
    this.startMs = Math.min(Math.max(this.startMs * 1.25, this.lackingMs), LONGEST_START_MS);
    this.#want(Math.max(this.leadMs, this.startMs + this.leastMs));
  }

  /** There was silence for so long. */
  late(/** @type {number} */ ms) {
    if (this.isUneven && this.startMs < LONGEST_UNEVEN_START_MS) {
      this.startMs = Math.min(this.startMs + ms, LONGEST_UNEVEN_START_MS);
    }
    this.#want(this.leadMs + 1.25 * ms + SAFE_MS);
  }

  finished() {
    const spareMs = this.lowestMs - 2 * SAFE_MS;
    this.lowestMs = Number.POSITIVE_INFINITY;
    if (spareMs <= 0) return;
    this.startMs = Math.max(START_MS, this.startMs * 0.9);
    if (spareMs < this.leadMs) this.#want(Math.max(this.leastMs, this.leadMs * 0.9));
  }

  #want(/** @type {number} */ leadMs) {
    const wanted = Math.min(Math.round(leadMs), LONGEST_LEAD_MS);
    if (wanted === this.leadMs) return;
    this.leadMs = wanted;
    this.ask(wanted);
  }
}

/** @type {{vvCushion?: typeof Cushion}} */ (globalThis).vvCushion = Cushion;
