/** How long to wait before the next attempt: exponential with full jitter, so clients spread out. */

export const FIRST_DELAY_MS = 150;
export const LONGEST_DELAY_MS = 5000;
const GROWTH = 1.5;

/**
 * @param {number} attempt from 0
 * @param {() => number} random in [0, 1)
 */
export function backoffMs(attempt, random) {
  return random() * Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * GROWTH ** attempt);
}
