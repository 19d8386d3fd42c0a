/** A list of the API: filters, pages, and what to say while there is nothing to show. */

import { h } from '/embed/app/dom.js';
import { list, Refusal } from './api.js';
import { filterBar } from './filters.js';
import { ghostOf, tableOf } from './table.js';
import { counted } from './words.js';

const LOOK_AGAIN_MS = 4000;
const PAGE_SIZE = 20;

/** @typedef {import('./filters.js').Filter} Filter */
/** @typedef {{title: string, text?: string}} Emptiness */

/**
 * @template {{id: string}} T
 * @typedef {{
 *   path: string, label: string, one: string, many: string, columns: import('./table.js').Column<T>[],
 *   empty: Emptiness, filters?: Filter[], fixed?: import('./api.js').Query, pageSize?: number,
 *   learn?: (items: T[]) => Promise<unknown>, isMoving?: (item: T) => boolean, quietWhenEmpty?: boolean,
 *   onLoad?: (total: number) => void,
 * }} Kind `fixed` lists are parts of a page: no filters, no pages, nothing in the address; with what
 *   `learn` answers, rows are drawn anew when that has changed
 */

/**
 * @template {{id: string}} T
 * @param {HTMLElement} place @param {Kind<T>} kind
 */
export function showList(place, kind) {
  const shown = new List(place, kind);
  shown.start();
  return shown;
}

/** @template {{id: string}} T */
class List {
  /** @param {HTMLElement} place @param {Kind<T>} kind */
  constructor(place, kind) {
    this.kind = kind;
    this.status = h('p', { class: 'count', role: 'status', tabindex: '-1' });
    this.rows = h('div', { class: 'rows-box', 'aria-busy': 'true' });
    this.pager = h('nav', { class: 'pager', 'aria-label': `Pages of ${kind.many}`, hidden: true });
    this.bar = kind.filters ? filterBar(kind.filters, () => this.choose()) : null;
    place.append(
      h(
        'section',
        { class: 'list', 'aria-label': kind.label },
        this.bar?.form ?? null,
        this.status,
        this.rows,
        this.pager,
      ),
    );
    /** Numbers each request, so that a late answer is known as one. */
    this.asked = 0;
    this.seen = '';
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
  }

  start() {
    this.rows.append(ghostOf(Math.min(4, this.kind.columns.length)));
    if (!this.kind.fixed) addEventListener('popstate', () => this.load());
    document.addEventListener('visibilitychange', () => {
      if (!document.hidden && !document.querySelector('dialog[open]')) this.load();
    });
    this.load();
  }

  /** What is asked for: in the address, so that it can be passed on and gone back to. */
  get query() {
    if (this.kind.fixed) return { ...this.kind.fixed, page: '1' };
    const search = new URLSearchParams(location.search);
    const names = (this.kind.filters ?? []).map((filter) => filter.name);
    const chosen = names.map((name) => [name, search.get(name) ?? '']);
    return { ...Object.fromEntries(chosen), page: search.get('page') ?? '1' };
  }

  /** Another filter begins at the first page. */
  choose() {
    this.go({ ...this.bar?.values(), page: '' });
  }

  /** @param {Record<string, string>} changed */
  go(changed) {
    const address = new URL(location.href);
    for (const [name, value] of Object.entries(changed)) {
      if (value) address.searchParams.set(name, value);
      else address.searchParams.delete(name);
    }
    history.pushState(null, '', address);
    return this.load();
  }

  async load() {
    clearTimeout(this.timer);
    const number = ++this.asked;
    this.rows.setAttribute('aria-busy', 'true');
    this.bar?.show(this.query);
    try {
      const query = { ...this.query, pageSize: this.kind.pageSize ?? PAGE_SIZE };
      const found = await list(this.kind.path, query);
      const learnt = await this.kind.learn?.(found.data);
      if (number === this.asked) this.show(found, learnt);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      if (number === this.asked) this.fail(error);
    }
  }

  /** @param {{data: T[], meta: import('./api.js').Meta}} found @param {unknown} learnt */
  show({ data, meta }, learnt) {
    this.rows.setAttribute('aria-busy', 'false');
    if (data.length === 0 && meta.page > 1 && meta.totalPages > 0) {
      this.go({ page: String(meta.totalPages) });
      return;
    }
    const now = JSON.stringify([data, meta, learnt]);
    if (now !== this.seen) this.draw(data, meta);
    this.seen = now;
    this.kind.onLoad?.(meta.total);
    if (data.some((item) => this.kind.isMoving?.(item))) this.lookAgain();
  }

  /** @param {T[]} data @param {import('./api.js').Meta} meta */
  draw(data, meta) {
    const putBack = keepFocus(this.rows);
    const total = counted(meta.total, this.kind.one, this.kind.many);
    const place = meta.totalPages > 1 ? `, page ${meta.page} of ${meta.totalPages}` : '';
    this.status.textContent = meta.total ? total + place : '';
    this.rows.replaceChildren(
      data.length ? tableOf(this.kind.label, this.kind.columns, data) : this.nothing(),
    );
    this.drawPager(meta);
    if (!putBack()) this.status.focus({ preventScroll: true });
  }

  nothing() {
    const isFiltered = this.bar?.isFiltered() ?? false;
    const { title, text = '' } = isFiltered
      ? { title: `No ${this.kind.many} like that`, text: 'Choose something else above.' }
      : this.kind.empty;
    return h('div', { class: 'empty' }, h('p', {}, h('b', { text: title })), h('p', { text }));
  }

  /** @param {Refusal} refusal */
  fail(refusal) {
    this.rows.setAttribute('aria-busy', 'false');
    this.seen = '';
    this.status.textContent = '';
    this.pager.hidden = true;
    const again = h('button', {
      type: 'button',
      class: 'button',
      text: refusal.status === 401 ? 'Sign in' : 'Try again',
    });
    again.addEventListener('click', () =>
      refusal.status === 401 ? location.reload() : this.load(),
    );
    const words = h('p', { role: 'alert', text: refusal.message });
    this.rows.replaceChildren(h('div', { class: 'empty failed' }, words, again));
  }

  /** @param {import('./api.js').Meta} meta */
  drawPager({ page, totalPages }) {
    this.pager.hidden = totalPages < 2;
    const step = (/** @type {string} */ text, /** @type {number} */ to) => {
      const isOff = to < 1 || to > totalPages;
      const control = h('button', { type: 'button', class: 'button', text, disabled: isOff });
      control.addEventListener('click', () => this.turnTo(to));
      return control;
    };
    const where = h('span', { text: `Page ${page} of ${totalPages}` });
    this.pager.replaceChildren(step('Previous', page - 1), where, step('Next', page + 1));
  }

  /** @param {number} page */
  async turnTo(page) {
    await this.go({ page: page > 1 ? String(page) : '' });
    this.status.focus({ preventScroll: true });
    this.status.scrollIntoView({ block: 'nearest' });
  }

  /** While something is on its way, and somebody may be looking. */
  lookAgain() {
    this.timer = setTimeout(() => {
      if (document.hidden || document.querySelector('dialog[open]')) this.lookAgain();
      else this.load();
    }, LOOK_AGAIN_MS);
  }
}

/** To the same control of the same row, if it is still there. @param {HTMLElement} rows */
function keepFocus(rows) {
  const focused = /** @type {HTMLElement | null} */ (document.activeElement);
  const row = focused && rows.contains(focused) ? focused.closest('tr') : null;
  if (!row || !focused) return () => true;
  const controls = 'a, button, select';
  const index = [...row.querySelectorAll(controls)].indexOf(focused);
  return () => {
    const after = rows.querySelector(`tr[data-id="${CSS.escape(row.dataset.id ?? '')}"]`);
    const target = /** @type {HTMLElement | undefined} */ (
      after?.querySelectorAll(controls)[index]
    );
    target?.focus({ preventScroll: true });
    return target !== undefined;
  };
}
