/** What awaits the candidate, before anything is asked of them. */

import { button, h } from '../dom.js';
import { icon } from '../icons.js';
import { restingOrb, spread } from './layout.js';

/** @type {import('../stage.js').MakeScreen} */
export function introScreen(app) {
  const { interview, store, texts, config } = app;
  const { t } = texts;
  const { isReturning } = store.get();
  const orb = restingOrb();
  const title = isReturning
    ? t('paused.heading')
    : config.job_title
      ? t('intro.heading', { job: config.job_title })
      : t('intro.heading_plain');
  const heading = h('h1', { tabindex: -1, text: title });
  const begin = button(t(isReturning ? 'paused.resume' : 'action.begin'), () => interview.begin(), {
    kind: 'primary',
  });
  const greeting = config.display_name
    ? h('p', { class: 'eyebrow', text: t('intro.greeting', { name: config.display_name }) })
    : null;
  const lead = h('p', {
    class: 'lead',
    text: t(isReturning ? 'intro.prepare_resume' : 'intro.lead'),
  });
  const body = isReturning ? [] : [facts(app), preparation(t)];
  const actions = h('div', { class: 'actions' }, begin);
  const text = h('div', { class: 'screen-text' }, greeting, heading, lead, ...body, actions);
  return {
    element: spread(text, orb.element),
    heading,
    dispose: orb.dispose,
    update({ isBusy }) {
      begin.toggleAttribute('disabled', isBusy);
      begin.setAttribute('aria-busy', String(isBusy));
    },
  };
}

/** @param {import('../stage.js').App} app */
function facts({ texts: { t, tag }, config }) {
  const number = new Intl.NumberFormat(tag);
  const list = h('dl', { class: 'facts' });
  const add = (/** @type {string} */ label, /** @type {string} */ value) =>
    list.append(h('div', {}, h('dt', { text: label }), h('dd', { text: value })));
  if (config.minutes) {
    const minutes = number.format(config.minutes);
    add(t('intro.duration_label'), t('intro.duration', { minutes }));
  }
  if (config.questions) {
    const count = number.format(config.questions);
    add(t('intro.questions_label'), t('intro.questions', { count }));
  }
  add(t('intro.format_label'), t('intro.format'));
  return list;
}

/** @param {import('../i18n.js').Translate} t */
function preparation(t) {
  /** @type {[import('../icons.js').IconName, string][]} */
  const points = [
    ['microphone', 'intro.prepare_quiet'],
    ['repeat', 'intro.prepare_control'],
    ['person', 'intro.prepare_human'],
    ['link', 'intro.prepare_resume'],
  ];
  const items = points.map(([name, key]) =>
    h('li', {}, h('span', { class: 'point-icon' }, icon(name)), h('span', { text: t(key) })),
  );
  return h(
    'section',
    { class: 'preparation' },
    h('h2', { text: t('intro.prepare_heading') }),
    h('ul', {}, ...items),
  );
}
