/** What happens with the candidate's voice and words, and what they agree to. */

import { button, h } from '../dom.js';
import { icon } from '../icons.js';
import { restingOrb, spread } from './layout.js';

/** @type {import('../stage.js').MakeScreen} */
export function consentScreen({ interview, store, texts }) {
  const { t } = texts;
  const { consent } = store.get();
  const heading = h('h1', { tabindex: -1, text: t('consent.heading') });
  const paragraphs = consent.text
    .split(/\n+/)
    .filter((part) => part.trim())
    .map((part) => h('p', { dir: 'auto', text: part.trim() }));
  const required = consent.items.filter((item) => item.required);
  const optional = consent.items.filter((item) => !item.required);
  const boxes = optional.map((item) => h('input', { type: 'checkbox', value: item.id }));
  const warning = h('p', {
    class: 'problem',
    role: 'alert',
    hidden: true,
    text: t('consent.missing'),
  });
  const agree = button(
    t('action.agree'),
    () => {
      const chosen = boxes.filter((box) => box.checked).map((box) => box.value);
      interview.agree([...required.map((item) => item.id), ...chosen]);
    },
    { kind: 'primary' },
  );
  const list = h(
    'ul',
    { class: 'consent-items' },
    ...required.map((item) => requiredItem(item.text, t)),
    ...optional.map((item, i) => optionalItem(item.text, /** @type {HTMLElement} */ (boxes[i]), t)),
  );
  const signals = h(
    'p',
    { class: 'aside' },
    icon('shield'),
    h('span', { text: t('consent.signals') }),
  );
  const version = consent.policy_version
    ? h('span', { class: 'fine', text: t('consent.version', { version: consent.policy_version }) })
    : null;
  const orb = restingOrb();
  const text = h(
    'div',
    { class: 'screen-text' },
    heading,
    h('p', { class: 'lead', text: t('consent.lead') }),
    h('div', { class: 'policy' }, ...paragraphs),
    list,
    signals,
    warning,
    h('div', { class: 'actions' }, agree, version),
  );
  return {
    element: spread(text, orb.element),
    heading,
    dispose: orb.dispose,
    update({ isConsentMissing }) {
      warning.hidden = !isConsentMissing;
    },
  };
}

/**
 * @param {string} text
 * @param {import('../i18n.js').Translate} t
 */
function requiredItem(text, t) {
  const mark = h('span', { class: 'consent-mark' }, icon('check'));
  const tag = h('span', { class: 'tag', text: t('consent.required') });
  return h('li', {}, mark, h('span', { class: 'consent-text', dir: 'auto', text }), tag);
}

/**
 * @param {string} text
 * @param {HTMLElement} box
 * @param {import('../i18n.js').Translate} t
 */
function optionalItem(text, box, t) {
  const tag = h('span', { class: 'tag', text: t('consent.optional') });
  return h(
    'li',
    {},
    h('label', {}, box, h('span', { class: 'consent-text', dir: 'auto', text }), tag),
  );
}
