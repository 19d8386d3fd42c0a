/** Engines: who plays which role on this installation, and what would change that. */

import { h } from '/embed/app/dom.js';
import { Refusal, read } from '../api.js';
import { chip, stacked, withCode } from '../parts.js';
import { ghostOf, tableOf } from '../table.js';
import { COMMIT_REASON, ENGINE_ROLE, plain } from '../words.js';

/**
 * @typedef {{
 *   role: string, engine: string, embedded: boolean, reason: string, advice: string | null, stand_in: string | null,
 * }} Engine
 */

/** @type {import('../table.js').Column<Engine & {id: string}>[]} */
const COLUMNS = [
  {
    head: 'Role',
    kind: 'main',
    cell: ({ role }) => h('b', { text: ENGINE_ROLE[role] ?? plain(role) }),
  },
  {
    head: 'Kind',
    kind: 'status',
    cell: ({ embedded }) =>
      chip(embedded ? { text: 'Embedded', tone: 'warm' } : { text: 'Model', tone: 'good' }),
  },
  {
    head: 'Engine',
    cell: ({ engine, stand_in: other }) =>
      other ? stacked(h('span', { text: engine }), `${other} while it is away`) : engine,
  },
  {
    head: 'Why',
    cell: ({ reason, advice }) =>
      advice ? stacked(h('span', { text: reason }), withCode(advice)) : reason,
  },
];

/** @typedef {{commit_reason: string, count: number, p50_ms: number, p95_ms: number}} ReplyTimes */

/** @type {import('../table.js').Column<ReplyTimes & {id: string}>[]} */
const TIMES = [
  {
    head: 'The turn was over',
    kind: 'main',
    cell: ({ commit_reason: why }) => h('b', { text: COMMIT_REASON[why] ?? plain(why) }),
  },
  { head: 'Answers', kind: 'number', cell: ({ count }) => count.toLocaleString() },
  { head: 'Half within', kind: 'number', cell: ({ p50_ms: ms }) => `${ms.toLocaleString()} ms` },
  { head: '95 % within', kind: 'number', cell: ({ p95_ms: ms }) => `${ms.toLocaleString()} ms` },
];

const place = /** @type {HTMLElement} */ (document.getElementById('page'));
const rows = h('div', { class: 'rows-box', 'aria-busy': 'true' }, ghostOf(COLUMNS.length));
place.append(rows);

/** @param {Engine[]} engines */
function showEngines(engines) {
  const items = engines.map((each) => ({ id: each.role, ...each }));
  rows.replaceChildren(tableOf('Engines', COLUMNS, items));
  if (!engines.some((each) => each.embedded)) return;
  const text =
    'An embedded engine needs no download and shows how everything works. With models it sounds like a conversation; docs/self-hosting.md says how to get them.';
  rows.after(h('p', { class: 'note', text }));
}

/** @param {ReplyTimes[]} times */
function showTimes(times) {
  const box = h(
    'section',
    { class: 'part' },
    h('h2', { text: 'How soon candidates heard an answer' }),
    h('p', {
      class: 'note',
      text: 'From the last sample of their speech to the first audible one of the answer, in your latest 200 interviews.',
    }),
  );
  const items = times.map((each) => ({ id: each.commit_reason, ...each }));
  const empty = h('div', { class: 'empty' }, h('b', { text: 'Nobody has spoken yet' }));
  const table = items.length ? tableOf('Reply times', TIMES, items) : empty;
  box.append(h('div', { class: 'rows-box' }, table));
  place.append(box);
}

try {
  const found = await read('/engines');
  showEngines(found.engines);
  showTimes(found.reply_times);
} catch (error) {
  if (!(error instanceof Refusal)) throw error;
  rows.replaceChildren(h('p', { class: 'empty failed', role: 'alert', text: error.message }));
}
rows.setAttribute('aria-busy', 'false');
