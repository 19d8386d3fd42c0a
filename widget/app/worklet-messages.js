/** What the page and its two audio worklets say to each other. */

/**
 * @typedef {object} Captured
 * @property {Int16Array<ArrayBuffer>} frame 512 samples at 16 kHz; goes back to be used again
 * @property {number} level root mean square, 0 to 1
 * @property {boolean} silent true when every sample was exactly zero
 * @property {boolean} stuck true when every sample had the same value, far from zero
 */

/**
 * @typedef {{t: 'audio', utt: number, pts: number, samples: Int16Array, last: boolean}
 *   | {t: 'end', utt: number, total: number}
 *   | {t: 'cancel', utt: number}
 *   | {t: 'duck', on: boolean}
 *   | {t: 'hold', on: boolean}
 *   | {t: 'round-trip', ms: number}} PlayerCommand
 */

/**
 * @typedef {{t: 'started', utt: number, pts: number}
 *   | {t: 'played', utt: number, pts: number}
 *   | {t: 'finished', utt: number, pts: number}
 *   | {t: 'cancelled', utt: number, pts: number}
 *   | {t: 'level', level: number}
 *   | {t: 'gap', utt: number, pts: number, ms: number}
 *   | {t: 'lead', ms: number}} PlayerEvent
 */

/**
 * One utterance in the player's queue. `next` is the pts at which its next frame is expected, `total`
 * its length once known, `offset` the place in its first piece, `heard` how many of its samples were
 * audible.
 *
 * @typedef {{utt: number, pieces: {pts: number, samples: Int16Array}[], next: number,
 *   total: number | null, offset: number, heard: number, started: boolean}} Utterance
 */

export {};
