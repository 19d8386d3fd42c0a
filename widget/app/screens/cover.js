/** Lies over the conversation while it stands still: paused, or the connection is coming back. */

import { button, h, setText } from '../dom.js';
import { icon } from '../icons.js';

/** @typedef {import('../view-state.js').ViewState} ViewState */

/**
 * @param {import('../stage.js').App} app
 * @param {HTMLElement} covered cannot be reached meanwhile
 */
export function liveCover({ interview, texts: { t } }, covered) {
  const picture = h('span', { class: 'big-icon' });
  const heading = h('h2', { tabindex: -1 });
  const text = h('p', { class: 'lead' });
  const go = button(t('paused.resume'), () => interview.unpause(), { kind: 'primary' });
  const card = h(
    'div',
    { class: 'cover-card' },
    picture,
    heading,
    text,
    h('div', { class: 'actions' }, go),
  );
  const element = h('div', { class: 'cover', role: 'status' }, card);
  let shown = '';
  /** Where the candidate was, and comes back to. @type {Element | null} */
  let left = null;

  const lift = () => {
    if (shown && left instanceof HTMLElement) left.focus({ preventScroll: true });
    shown = '';
  };

  const lay = (/** @type {ViewState} */ view) => {
    const { phase } = view;
    setText(heading, t(`${phase}.heading`));
    setText(text, t(textKey(view)));
    if (shown === phase) return;
    shown = phase;
    picture.replaceChildren(icon(phase === 'paused' ? 'pause' : 'link'));
    (phase === 'paused' ? go : heading).focus({ preventScroll: true });
  };

  return {
    element,
    update(/** @type {ViewState} */ view) {
      const { phase } = view;
      const isCovered = phase !== 'live';
      if (!shown) left = document.activeElement;
      element.hidden = !isCovered;
      covered.toggleAttribute('inert', isCovered);
      element.dataset.phase = phase;
      go.hidden = phase !== 'paused';
      if (isCovered) lay(view);
      else lift();
    },
  };
}

/** @param {ViewState} view */
function textKey({ phase, pauseReason, isAwayLong }) {
  if (phase === 'reconnecting') return isAwayLong ? 'reconnecting.long' : 'reconnecting.text';
  if (pauseReason === 'interrupted') return 'paused.interrupted';
  return pauseReason === 'silence' ? 'paused.text_silence' : 'paused.text';
}
