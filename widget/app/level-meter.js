/** A bar that follows a level. Readers get a meter whose value changes seldom. */

import { h } from './dom.js';

const BARS = 20;
const SPOKEN_EVERY_FRAMES = 60;

/**
 * @param {string} label
 * @param {() => number} level 0 to 1
 */
export function levelMeter(label, level) {
  const bars = Array.from({ length: BARS }, () => h('span', {}));
  const element = h(
    'div',
    {
      class: 'meter',
      role: 'meter',
      'aria-label': label,
      'aria-valuemin': 0,
      'aria-valuemax': 100,
    },
    ...bars,
  );
  let shown = 0;
  let frame = 0;
  let request = 0;
  const draw = () => {
    request = requestAnimationFrame(draw);
    const target = Math.min(1, Math.sqrt(level() * 2.6));
    shown = target > shown ? target : shown * 0.9;
    const lit = Math.round(shown * BARS);
    bars.forEach((bar, i) => {
      bar.classList.toggle('lit', i < lit);
    });
    frame += 1;
    if (frame % SPOKEN_EVERY_FRAMES === 1) {
      element.setAttribute('aria-valuenow', String(Math.round(shown * 100)));
    }
  };
  request = requestAnimationFrame(draw);
  return { element, dispose: () => cancelAnimationFrame(request) };
}
