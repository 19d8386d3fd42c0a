/** Webhooks: the addresses that are told, and every telling with its attempts. */

import { h } from '/embed/app/dom.js';
import { list, may, post, read } from '../api.js';
import { ask, tell } from '../dialog.js';
import { showList } from '../list.js';
import { action, announce, chip, moment, stacked } from '../parts.js';
import { tableOf } from '../table.js';
import { ATTEMPT, choicesOf, counted, DELIVERY, plain, wordsFor } from '../words.js';

/**
 * @typedef {{id: string, url: string, events: string[], enabled: boolean, disabled_reason: string | null, description: string}} Endpoint
 * @typedef {{
 *   id: string, endpoint_id: string, event: string, event_id: string, status: string, attempt_count: number,
 *   created_at: string, next_attempt_at: string | null, settled_at: string | null,
 * }} Delivery
 * @typedef {{number: number, at: string, outcome: string, status_code: number | null, duration_ms: number | null, response_excerpt: string | null}} Attempt
 */

const EVENTS = [
  'session.created',
  'session.started',
  'session.completed',
  'session.scored',
  'session.failed',
  'session.cancelled',
  'participant.created',
  'application.approved',
  'application.rejected',
];

/** @type {Map<string, string>} */
const addresses = new Map();
const place = /** @type {HTMLElement} */ (document.getElementById('page'));

/** @param {Endpoint} each */
function endpointState({ enabled, disabled_reason: reason }) {
  if (enabled) return chip({ text: 'On', tone: 'good' });
  const off = chip({ text: 'Off', tone: 'still' });
  if (!reason) return off;
  return h('span', { class: 'stacked' }, off, h('span', { class: 'soft', text: plain(reason) }));
}

/** @type {import('../list.js').Kind<Endpoint>} */
const endpoints = {
  path: '/webhook-endpoints',
  label: 'Addresses',
  one: 'address',
  many: 'addresses',
  fixed: {},
  pageSize: 100,
  learn: async (items) => {
    for (const { id, url } of items) addresses.set(id, url);
  },
  empty: { title: 'No address is told', text: 'An address is registered through the API.' },
  columns: [
    { head: 'Address', kind: 'main', cell: ({ url, description }) => stacked(url, description) },
    { head: 'Status', kind: 'status', cell: endpointState },
    {
      head: 'Events',
      cell: ({ events }) => (events.length < EVENTS.length ? events.join(', ') : 'All'),
    },
  ],
};

/** @param {Delivery} each */
const stateCell = ({ status, attempt_count: attempts }) =>
  chip(
    status === 'pending' && attempts > 0
      ? { text: 'To be repeated', tone: 'warm' }
      : wordsFor(DELIVERY, status),
  );

/** @param {Delivery} each */
function whenCell({ settled_at: settled, next_attempt_at: next, created_at: created }) {
  if (settled) return moment(settled);
  return next ? stacked(moment(next), 'next attempt') : moment(created);
}

/** @param {Delivery} each */
function actionsCell(each) {
  const of = each.event;
  return h(
    'span',
    { class: 'actions' },
    action('Attempts', () => show(each), { of }),
    may('webhooks.write') && each.attempt_count > 0
      ? action('Send again', () => replay(each), { of, look: 'quiet' })
      : null,
  );
}

/** @param {Delivery} each */
async function show(each) {
  const { attempts, payload } = await read(`/webhook-deliveries/${each.id}`);
  const rows = attempts.map((/** @type {Attempt} */ one) => ({ id: String(one.number), ...one }));
  /** @type {import('../table.js').Column<Attempt & {id: string}>[]} */
  const columns = [
    {
      head: 'Attempt',
      kind: 'main',
      cell: ({ number, at }) => stacked(`No. ${number}`, new Date(at).toLocaleString()),
    },
    {
      head: 'Outcome',
      cell: ({ outcome, status_code: code }) =>
        `${ATTEMPT[outcome] ?? plain(outcome)}${code ? `, ${code}` : ''}`,
    },
    { head: 'Took', cell: ({ duration_ms: took }) => (took === null ? '–' : `${took} ms`) },
    {
      head: 'Answer',
      cell: ({ response_excerpt: text }) => h('code', { class: 'excerpt', text: text ?? '' }),
    },
  ];
  const heading = `${each.event} to ${addresses.get(each.endpoint_id) ?? 'a removed address'}`;
  await tell(
    heading,
    rows.length
      ? tableOf('Attempts', columns, rows)
      : h('p', { class: 'dialog-text', text: 'Nothing has been sent yet.' }),
    h('h3', { text: 'What is sent' }),
    h('pre', {
      class: 'letter',
      tabindex: '0',
      'aria-label': 'What is sent',
      text: JSON.stringify(payload, null, 2),
    }),
  );
}

/** @param {Delivery} each */
async function replay(each) {
  const isDone = await ask({
    title: `Send “${each.event}” again?`,
    text: 'It goes out under the same event id, so that a receiver that has seen it can skip it.',
    confirm: 'Send again',
    act: () => post(`/webhook-deliveries/${each.id}/replay`),
  });
  if (!isDone) return;
  announce('It is sent again in a moment.');
  await shown.load();
}

/** @param {string} title */
function part(title) {
  const box = h('section', { class: 'part' }, h('h2', { text: title }));
  place.append(box);
  return box;
}

/** @type {import('../list.js').Kind<Delivery>} */
const deliveries = {
  path: '/webhook-deliveries',
  label: 'Deliveries',
  one: 'delivery',
  many: 'deliveries',
  isMoving: ({ status, next_attempt_at: next }) =>
    status === 'pending' && next !== null && Date.parse(next) < Date.now() + 60_000,
  learn: async (items) => {
    if (items.every(({ endpoint_id: id }) => addresses.has(id))) return;
    const found = await list('/webhook-endpoints', { pageSize: 100 });
    await endpoints.learn?.(found.data);
  },
  empty: {
    title: 'Nothing was sent yet',
    text: 'Once an address is registered, each event to it is listed here.',
  },
  filters: [
    { name: 'status', label: 'Status', choices: choicesOf(DELIVERY) },
    { name: 'event', label: 'Event', choices: EVENTS.map((name) => [name, name]) },
  ],
  columns: [
    {
      head: 'Event',
      kind: 'main',
      cell: (each) => stacked(each.event, addresses.get(each.endpoint_id) ?? 'Removed address'),
    },
    { head: 'Status', kind: 'status', cell: stateCell },
    { head: 'Attempts', cell: (each) => counted(each.attempt_count, 'attempt', 'attempts') },
    { head: 'When', cell: whenCell },
    { head: 'Actions', kind: 'actions', cell: actionsCell },
  ],
};

showList(part('Addresses'), endpoints);
const shown = showList(part('Deliveries'), deliveries);
