/** All places are taken: where the candidate stands, for how long, and the way in when it is their turn. */

import { button, h, setText } from '../dom.js';
import { restingOrb, spread } from './layout.js';

/** @type {import('../stage.js').MakeScreen} */
export function queueScreen({ interview, texts }) {
  const { t, tag } = texts;
  const number = new Intl.NumberFormat(tag);
  const orb = restingOrb();
  const heading = h('h1', { tabindex: -1 });
  const lead = h('p', { class: 'lead' });
  const place = h('dd', { class: 'queue-place', 'aria-live': 'polite' });
  const wait = h('dd');
  const facts = h(
    'dl',
    { class: 'facts queue-facts' },
    h('div', {}, h('dt', { text: t('queue.place_label') }), place),
    h('div', {}, h('dt', { text: t('queue.wait_label') }), wait),
  );
  const passedOver = h('p', { class: 'problem', text: t('queue.passed_over') });
  const hint = h('p', { class: 'fine closing', text: t('queue.keep_open') });
  const enter = button(t('action.enter'), () => interview.queueing.enter(), { kind: 'primary' });
  const leave = button(t('action.leave_queue'), () => interview.queueing.leave(), {
    kind: 'quiet',
  });
  const actions = h('div', { class: 'actions' }, enter, leave);
  const text = h('div', { class: 'screen-text' }, heading, lead, passedOver, facts, hint, actions);
  const pageTitle = document.title;

  /** @param {import('../entrance.js').QueuePlace} queue */
  const showPlace = ({ position, of, wait_seconds, passed_over }) => {
    const total = number.format(of);
    setText(place, t('queue.place', { position: number.format(position), total }));
    const minutes = number.format(Math.max(1, Math.ceil((wait_seconds ?? 0) / 60)));
    setText(wait, wait_seconds === null ? t('queue.wait_unknown') : t('queue.wait', { minutes }));
    passedOver.hidden = !passed_over;
  };

  /** @param {import('../entrance.js').QueuePlace} queue */
  const showTurn = ({ enter_within_seconds }) => {
    const seconds = number.format(enter_within_seconds ?? 0);
    setText(lead, t('queue.turn_text', { seconds }));
    setText(heading, t('queue.turn_heading'));
    document.title = `● ${t('queue.turn_heading')}`;
  };

  const showWaiting = () => {
    setText(heading, t('queue.heading'));
    setText(lead, t('queue.lead'));
    document.title = pageTitle;
  };

  /** @param {boolean} isTurn */
  const arrange = (isTurn) => {
    const isNews = isTurn && enter.hidden;
    enter.hidden = !isTurn;
    hint.hidden = isTurn;
    facts.hidden = isTurn || place.textContent === '';
    passedOver.hidden = isTurn || passedOver.hidden;
    if (isNews) enter.focus();
  };

  passedOver.hidden = true;
  return {
    element: spread(text, orb.element),
    heading,
    dispose: () => {
      orb.dispose();
      document.title = pageTitle;
    },
    update({ queue, isBusy }) {
      const isTurn = queue?.may_enter === true;
      if (queue) showPlace(queue);
      if (queue && isTurn) showTurn(queue);
      else showWaiting();
      arrange(isTurn);
      enter.toggleAttribute('disabled', isBusy);
      enter.setAttribute('aria-busy', String(isBusy));
    },
  };
}
