/** The candidate's answers as they were understood, before they are handed in. */

import { button, h } from '../dom.js';
import { captionItem } from './captions-panel.js';

/** @type {import('../stage.js').MakeScreen} */
export function reviewScreen({ interview, store, texts }) {
  const { t } = texts;
  const { captions } = store.get();
  const heading = h('h1', { tabindex: -1, text: t('review.heading') });
  const hasAnswers = captions.some((caption) => caption.who === 'candidate');
  const list = h('ol', { class: 'captions-list review-list', tabindex: 0 });
  list.append(...captions.map((caption) => captionItem(caption, t).element));
  const empty = h('p', { class: 'fine', text: t('review.empty') });
  const submit = button(t('action.submit'), () => interview.submit(), { kind: 'primary' });
  const element = h(
    'div',
    { class: 'screen column' },
    heading,
    h('p', { class: 'lead', text: t('review.text') }),
    hasAnswers ? list : empty,
    h('div', { class: 'actions' }, submit),
  );
  return { element, heading };
}
