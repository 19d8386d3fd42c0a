/** In the middle of the interview: what is wrong with the microphone, and every way on. */

import { h, setText } from '../dom.js';
import { deviceChoice, hasFailed, isUnheard, rescueActions } from './mic-rescue.js';

/** @param {import('../stage.js').App} app */
export function micHelp(app) {
  const { store, texts } = app;
  const rescue = rescueActions(app, () => store.update({ isTyping: true }));
  const device = deviceChoice(app);
  const text = h('p', { class: 'check-status', 'data-tone': 'problem', role: 'status' });
  const actions = h('div', { class: 'actions' }, ...rescue.elements);
  const element = h('div', { class: 'mic-help' }, text, device.element, actions);
  return {
    element,
    update(/** @type {import('../view-state.js').ViewState} */ view) {
      element.hidden = !hasFailed(view) && !isUnheard(view);
      if (element.hidden) return setText(text, '');
      setText(text, texts.t(hasFailed(view) ? `mic.${view.micState}` : 'check.silent'));
      device.update(view);
      rescue.update(view);
      rescue.typing.hidden ||= view.isTyping;
      return undefined;
    },
  };
}
