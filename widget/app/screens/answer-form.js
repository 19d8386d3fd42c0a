/** Typing instead of speaking, at any moment of the same interview. */

import { button, h } from '../dom.js';
import { icon } from '../icons.js';

const LONGEST_ANSWER = 8000; // characters, as the server reads them

/** @param {import('../stage.js').App} app */
export function answerForm({ interview, store, texts: { t } }) {
  const area = h('textarea', {
    id: 'typed-answer',
    rows: 3,
    maxlength: LONGEST_ANSWER,
    dir: 'auto',
    placeholder: t('live.type_placeholder'),
    'aria-describedby': 'typed-hint',
  });
  const send = () => {
    if (!area.value.trim()) return area.focus();
    interview.answer(area.value);
    area.value = '';
    return area.focus();
  };
  area.addEventListener('keydown', (event) => {
    // An input method uses Enter to choose a word, not to send.
    if (event.key !== 'Enter' || event.isComposing || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    send();
  });
  const look = { kind: /** @type {const} */ ('primary'), type: /** @type {const} */ ('submit') };
  const submit = button(t('live.type_send'), () => {}, { ...look, icon: icon('send') });
  const element = h(
    'form',
    {
      class: 'answer-form',
      on: {
        submit: (event) => {
          event.preventDefault();
          send();
        },
      },
    },
    h('label', { for: 'typed-answer', text: t('live.type_label') }),
    area,
    h(
      'div',
      { class: 'answer-row' },
      h('span', { class: 'fine', id: 'typed-hint', text: t('live.type_hint') }),
      submit,
    ),
  );
  let wasTyping = store.get().isTyping;
  return {
    element,
    update(/** @type {import('../view-state.js').ViewState} */ { isTyping }) {
      element.hidden = !isTyping;
      if (isTyping && !wasTyping) area.focus({ preventScroll: true });
      wasTyping = isTyping;
    },
  };
}
