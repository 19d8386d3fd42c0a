/** Engines: who plays which role on this installation, and what would change that. */

import { h } from '/embed/app/dom.js';
import { Refusal, read } from '../api.js';
import { chip, stacked } from '../parts.js';
import { ghostOf, tableOf } from '../table.js';
import { ENGINE_ROLE, plain } from '../words.js';

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
    cell: ({ reason, advice }) => (advice ? stacked(h('span', { text: reason }), advice) : reason),
  },
];

const place = /** @type {HTMLElement} */ (document.getElementById('page'));
const rows = h('div', { class: 'rows-box', 'aria-busy': 'true' }, ghostOf(COLUMNS.length));
const note = h('p', { class: 'note', hidden: true });
place.append(rows, note);

/** @param {Engine[]} engines */
function show(engines) {
  const items = engines.map((each) => ({ id: each.role, ...each }));
  rows.replaceChildren(tableOf('Engines', COLUMNS, items));
  const isEmbedded = engines.some((each) => each.embedded);
  note.hidden = !isEmbedded;
  note.textContent =
    'An embedded engine needs no download and shows how everything works. With models it sounds like a conversation; docs/self-hosting.md says how to get them.';
}

try {
  show((await read('/engines')).engines);
} catch (error) {
  if (!(error instanceof Refusal)) throw error;
  rows.replaceChildren(h('p', { class: 'empty failed', role: 'alert', text: error.message }));
}
rows.setAttribute('aria-busy', 'false');
