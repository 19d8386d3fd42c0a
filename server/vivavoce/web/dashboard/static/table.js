/** A list as a table on a desk, and as cards on a phone; readers hear a table on both. */

import { h } from '/embed/app/dom.js';

/**
 * @template T
 * @typedef {{
 *   head: string, cell: (item: T) => Node | string | null,
 *   kind?: 'main' | 'status' | 'number' | 'actions' | 'plain',
 * }} Column the first one says what a row is about
 */

/**
 * @template {{id: string}} T
 * @param {string} caption @param {Column<T>[]} columns @param {T[]} items
 */
export function tableOf(caption, columns, items) {
  return h(
    'table',
    { class: 'table', role: 'table' },
    h('caption', { class: 'visually-hidden', text: caption }),
    h('thead', { role: 'rowgroup' }, h('tr', { role: 'row' }, ...columns.map(headOf))),
    h('tbody', { role: 'rowgroup' }, ...items.map((item) => rowOf(columns, item))),
  );
}

/** Grey shapes where rows will be. @param {number} columns */
export function ghostOf(columns) {
  const cell = () => h('span', { class: 'ghost' });
  const row = () => h('div', { class: 'ghost-row' }, ...Array.from({ length: columns }, cell));
  return h('div', { class: 'ghosts', 'aria-hidden': 'true' }, row(), row(), row(), row());
}

/** @template T @param {Column<T>} column */
const headOf = ({ head, kind = 'plain' }) =>
  h(
    'th',
    { scope: 'col', role: 'columnheader', class: kind },
    kind === 'actions' ? h('span', { class: 'visually-hidden', text: head }) : head,
  );

/** @template {{id: string}} T @param {Column<T>[]} columns @param {T} item */
function rowOf(columns, item) {
  const cells = columns.map((column, index) => cellOf(column, item, index === 0));
  return h('tr', { role: 'row', 'data-id': item.id }, ...cells);
}

/** @template T @param {Column<T>} column @param {T} item @param {boolean} isFirst */
function cellOf({ head, cell, kind = 'plain' }, item, isFirst) {
  const content = cell(item);
  const about = { class: kind, 'data-head': head };
  if (isFirst) return h('th', { scope: 'row', role: 'rowheader', ...about }, content ?? '');
  return h('td', { role: 'cell', ...about }, content ?? '');
}
