/** What went wrong, in the candidate's words, and what they can do about it. */

import { button, h } from '../dom.js';
import { icon } from '../icons.js';

const EXPLAINED = new Set([
  'network',
  'link_invalid',
  'link_used',
  'session_over',
  'replaced',
  'capacity',
  'too_many',
  'idle',
  'not_allowed',
  'no_launch',
]);
/** Nothing failed: the interview is over, or goes on elsewhere. */
const CALM = new Set(['session_over', 'link_used', 'replaced']);
const FINAL = new Set(['link_invalid', 'link_used', 'session_over', 'not_allowed', 'no_launch']);

/** @type {import('../stage.js').MakeScreen} */
export function errorScreen({ interview, store, texts }) {
  const { t } = texts;
  const code = store.get().code ?? 'generic';
  const isExplained = EXPLAINED.has(code);
  const isCalm = CALM.has(code);
  const heading = h('h1', { tabindex: -1, text: t(isCalm ? 'app.title' : 'error.heading') });
  const retry = FINAL.has(code)
    ? null
    : button(t('action.retry'), () => interview.retry(), { kind: 'primary' });
  const text = h('p', { class: 'lead', text: t(isExplained ? `error.${code}` : 'error.generic') });
  const detail = isExplained
    ? null
    : h('p', { class: 'closing fine', text: t('error.code', { code }) });
  const element = h(
    'div',
    { class: 'screen column centred', role: 'alert' },
    h('span', { class: 'big-icon' }, icon(isCalm ? 'link' : 'alert')),
    heading,
    text,
    detail,
    retry ? h('div', { class: 'actions' }, retry) : null,
  );
  return { element, heading };
}
