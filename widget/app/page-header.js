/** The strip at the top: who invites, for what, how far along, and whether the line is good. */

import { h, setText } from './dom.js';
import { isInInterview, STEPS } from './phases.js';

/** @type {readonly import('./phases.js').Phase[]} */
const COUNTED = STEPS.filter((phase) => phase !== 'done');

/** @param {import('./stage.js').App} app */
export function pageHeader({ texts, config }) {
  const { t } = texts;
  const initial = (config.company || config.job_title || 'V').trim().charAt(0).toUpperCase();
  const dots = COUNTED.map(() => h('span', { class: 'step' }));
  const range = { 'aria-valuemin': 1, 'aria-valuemax': COUNTED.length };
  const label = { role: 'progressbar', 'aria-label': t('app.steps_label') };
  const steps = h('div', { class: 'steps', ...label, ...range }, ...dots);
  const linkText = h('span', { class: 'link-text' });
  const link = h('span', { class: 'link-state', role: 'status' }, linkText);
  const progress = h('div', { class: 'header-end' }, steps, link);
  const name = h('span', { class: 'brand-company', text: config.company });
  const job = h('span', { class: 'brand-job', text: config.job_title });
  const brand = h('div', { class: 'brand' }, h('span', { class: 'brand-names' }, name, job));
  brand.prepend(h('span', { class: 'brand-mark', 'aria-hidden': 'true', text: initial }));
  const element = h('header', { class: 'page-header' }, brand, progress);

  return {
    element,
    update(/** @type {import('./view-state.js').ViewState} */ view) {
      const index = isInInterview(view.phase)
        ? COUNTED.indexOf('live')
        : COUNTED.indexOf(view.phase);
      const isCounting = index >= 0 && !isInInterview(view.phase);
      steps.hidden = !isCounting;
      if (isCounting) {
        const step = index + 1;
        steps.setAttribute('aria-valuenow', String(step));
        steps.setAttribute('aria-valuetext', t('app.step_of', { step, total: COUNTED.length }));
      }
      dots.forEach((dot, i) => {
        dot.dataset.state = i < index ? 'past' : i === index ? 'now' : 'ahead';
      });
      link.hidden = !isInInterview(view.phase);
      link.dataset.state = view.connection;
      setText(linkText, link.hidden ? '' : t(`connection.${view.connection}`));
    },
  };
}
