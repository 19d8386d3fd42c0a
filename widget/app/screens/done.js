/** The end, in good order. */

import { h } from '../dom.js';
import { icon } from '../icons.js';
import { restingOrb, spread } from './layout.js';

/** @type {import('../stage.js').MakeScreen} */
export function doneScreen({ store, texts, config, host }) {
  const { t } = texts;
  const { endedReason } = store.get();
  const orb = restingOrb(() => ({ mode: 'still', speaker: 0, microphone: 0 }));
  const heading = h('h1', { tabindex: -1, text: t('done.heading') });
  const { company } = config;
  const isEarly = endedReason === 'candidate' || endedReason === 'ended_early';
  const text = company ? t('done.text', { company }) : t('done.text_plain');
  const content = h(
    'div',
    { class: 'screen-text' },
    h('span', { class: 'big-icon' }, icon('ready')),
    heading,
    h('p', { class: 'lead', text: isEarly ? t('done.ended_early') : text }),
    host.isEmbedded ? null : h('p', { class: 'closing fine', text: t('done.close') }),
  );
  return { element: spread(content, orb.element), heading, dispose: orb.dispose };
}
