/** The outbox: what was mailed to candidates, with links to copy and pass on by hand. */

import { h } from '/embed/app/dom.js';
import { may, post, read } from '../api.js';
import { ask, tell } from '../dialog.js';
import { showList } from '../list.js';
import { action, announce, chip, copyButton, copyField, moment, stacked } from '../parts.js';
import { choicesOf, counted, MAIL, MAIL_KIND, plain, SENDING, wordsFor } from '../words.js';

/**
 * @typedef {{
 *   id: string, kind: string, status: string, to: {name: string, email: string}, join_url: string | null,
 *   attempt_count: number, last_outcome: string | null, due_at: string, next_attempt_at: string | null,
 *   settled_at: string | null,
 * }} Mail
 */

/** @param {Mail} each */
const kindOf = ({ kind }) => MAIL_KIND[kind] ?? plain(kind);

/** Who has only told an address yet has no name here. @param {Mail} each */
const nameOf = ({ to }) => to.name || to.email || 'Deleted candidate';

/** @param {Mail} each */
const recipientCell = (each) => stacked(nameOf(each), each.to.name ? each.to.email : '');

/** @param {Mail} each */
function statusCell({ status, last_outcome: outcome, attempt_count: attempts }) {
  const state = chip(wordsFor(MAIL, status));
  const why = outcome ? SENDING[outcome] : '';
  if (!why) return state;
  const tries = attempts > 1 ? ` (${counted(attempts, 'try', 'tries')})` : '';
  return h('span', { class: 'stacked' }, state, h('span', { class: 'soft', text: why + tries }));
}

/** @param {Mail} each */
function whenCell({
  settled_at: settled,
  next_attempt_at: next,
  due_at: due,
  attempt_count: tries,
}) {
  if (settled) return moment(settled);
  if (next && tries > 0) return stacked(moment(next), 'next try');
  return stacked(moment(due), 'due');
}

/** @param {Mail} each */
function actionsCell(each) {
  const of = `${kindOf(each)} to ${nameOf(each)}`;
  const canRepeat = may('interviews.write') && ['failed', 'uncertain'].includes(each.status);
  return h(
    'span',
    { class: 'actions' },
    each.join_url ? copyButton('Copy link', each.join_url, { of }) : null,
    each.to.email ? action('Read', () => show(each), { of, look: 'quiet' }) : null,
    canRepeat ? action('Send again', () => repeat(each), { of, look: 'quiet' }) : null,
  );
}

/** @param {Mail} each */
async function show(each) {
  const { subject, text, join_url: link } = await read(`/outbox/${each.id}`);
  await tell(
    subject ?? 'Mail',
    h('p', {
      class: 'dialog-text',
      text: `To ${[each.to.name, each.to.email].filter(Boolean).join(', ')}`,
    }),
    ...(link ? [copyField('Link into the interview', link)] : []),
    h('pre', {
      class: 'letter',
      tabindex: '0',
      'aria-label': 'Text of the mail',
      text: text ?? '',
    }),
    ...(text ? [copyButton('Copy text', text)] : []),
  );
}

/** @param {Mail} each */
async function repeat(each) {
  const isDone = await ask({
    title: `Send it to ${nameOf(each)} again?`,
    text:
      each.status === 'uncertain'
        ? 'The mail server may have taken it the first time. The candidate could get it twice.'
        : 'It goes out in a moment.',
    confirm: 'Send again',
    act: () => post(`/outbox/${each.id}/retry`),
  });
  if (!isDone) return;
  announce('It is sent again in a moment.');
  await shown.load();
}

const place = /** @type {HTMLElement} */ (document.getElementById('page'));
/** @type {import('../list.js').Kind<Mail>} */
const kind = {
  path: '/outbox',
  label: 'Mail',
  one: 'mail',
  many: 'mails',
  isMoving: ({ status, due_at }) =>
    status === 'sending' || (status === 'pending' && Date.parse(due_at) < Date.now() + 60_000),
  empty: {
    title: 'No mail yet',
    text: 'Everything that is mailed to candidates appears here, with or without a mail server.',
  },
  filters: [
    { name: 'kind', label: 'Kind', choices: choicesOf(MAIL_KIND) },
    { name: 'status', label: 'Status', choices: choicesOf(MAIL) },
  ],
  columns: [
    { head: 'To', kind: 'main', cell: recipientCell },
    { head: 'Status', kind: 'status', cell: statusCell },
    { head: 'Kind', cell: kindOf },
    { head: 'When', cell: whenCell },
    { head: 'Actions', kind: 'actions', cell: actionsCell },
  ],
};
const shown = showList(place, kind);
