/** The form above a list. What is chosen stands in the address; the form only shows it. */

import { h } from '/embed/app/dom.js';
import { Refusal } from './api.js';

/**
 * @typedef {[string, string][]} Choices what is asked for, and what it is called
 * @typedef {{
 *   name: string, label: string, kind?: 'select' | 'text' | 'pinned',
 *   choices?: Choices | Promise<Choices>, say?: (value: string) => Promise<string>,
 * }} Filter `pinned` is chosen elsewhere and can only be taken away; `say` is what it is called
 */

/** @param {Filter[]} filters @param {() => void} onChange */
export function filterBar(filters, onChange) {
  const form = h('form', { class: 'filters', 'aria-label': 'Filters' });
  const shown = filters.map((filter) => controlOf(filter, onChange));
  form.append(...shown.map((each) => each.element));
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    onChange();
  });
  const values = () => Object.fromEntries(shown.map((each) => [each.name, each.value()]));
  return {
    form,
    values,
    isFiltered: () => Object.values(values()).some((value) => value !== ''),
    /** @param {Record<string, any>} query */
    show(query) {
      for (const each of shown) each.show(String(query[each.name] ?? ''));
    },
  };
}

/** @typedef {{name: string, element: HTMLElement, value: () => string, show: (value: string) => void}} Control */

/** @param {Filter} filter @param {() => void} onChange @returns {Control} */
function controlOf(filter, onChange) {
  if (filter.kind === 'pinned') return pinnedOf(filter, onChange);
  if (filter.kind === 'text') return textOf(filter, onChange);
  return selectOf(filter, onChange);
}

/** @param {Filter} filter @param {() => void} onChange @returns {Control} */
function selectOf({ name, label, choices = [] }, onChange) {
  let wanted = '';
  const select = h('select', { name }, h('option', { value: '', text: 'All' }));
  const show = () => {
    select.value = wanted;
  };
  select.addEventListener('change', () => {
    wanted = select.value;
    onChange();
  });
  Promise.resolve(choices)
    .then((known) => {
      select.append(...known.map(([value, text]) => h('option', { value, text })));
      show();
    })
    .catch(ignoreRefusal);
  return {
    name,
    element: h('label', { class: 'field' }, h('span', { text: label }), select),
    value: () => wanted,
    show: (value) => {
      wanted = value;
      show();
    },
  };
}

/** The list below asks the same server, and says what is wrong. @param {unknown} error */
function ignoreRefusal(error) {
  if (!(error instanceof Refusal)) throw error;
}

/** @param {Filter} filter @param {() => void} onChange @returns {Control} */
function textOf({ name, label }, onChange) {
  const input = h('input', { name, type: 'search', autocomplete: 'off', spellcheck: 'false' });
  input.addEventListener('change', onChange);
  return {
    name,
    element: h('label', { class: 'field' }, h('span', { text: label }), input),
    value: () => input.value.trim(),
    show: (value) => {
      if (document.activeElement !== input) input.value = value;
    },
  };
}

/** @param {Filter} filter @param {() => void} onChange @returns {Control} */
function pinnedOf({ name, label, say = async (value) => value }, onChange) {
  let pinned = '';
  const words = h('span');
  const remove = h('button', { type: 'button', class: 'button quiet', text: 'Show all' });
  const element = h('div', { class: 'pinned', hidden: true }, words, remove);
  remove.addEventListener('click', () => {
    pinned = '';
    onChange();
  });
  return {
    name,
    element,
    value: () => pinned,
    show: async (value) => {
      pinned = value;
      element.hidden = value === '';
      if (value) words.textContent = `${label}: ${await say(value)}`;
    },
  };
}
