/** What several screens share: the text beside the orb, and the orb at rest. */

import { h } from '../dom.js';
import { drawOrb } from '../orb.js';

/**
 * @param {HTMLElement} text
 * @param {HTMLElement} picture
 */
export function spread(text, picture) {
  return h('div', { class: 'screen spread' }, text, h('div', { class: 'screen-picture' }, picture));
}

/**
 * @param {() => {mode: import('../orb.js').OrbMode, speaker: number, microphone: number}} [look]
 */
export function restingOrb(look = () => ({ mode: 'idle', speaker: 0, microphone: 0 })) {
  const canvas = h('canvas', { class: 'orb', 'aria-hidden': 'true' });
  return { element: canvas, dispose: drawOrb(canvas, look) };
}
