/** What rows and dialogs are made of. */

import { copyText } from '/embed/app/clipboard.js';
import { h } from '/embed/app/dom.js';
import { Refusal } from './api.js';

const COPIED_FOR_MS = 2500;

/** @typedef {'primary' | 'quiet' | 'danger' | 'name' | ''} Look a `name` is what is pressed to read more */

/**
 * A button that does one thing at a time, and says what went wrong.
 *
 * @param {string} label
 * @param {() => unknown} act
 * @param {{look?: Look, of?: string}} [more] `of` tells readers whom it is about
 */
export function action(label, act, { look = '', of = '' } = {}) {
  const control = h('button', {
    type: 'button',
    class: look === 'name' ? 'strong name' : `button ${look}`.trim(),
    'aria-label': of ? `${label}: ${of}` : undefined,
    text: look === 'name' ? of : label,
  });
  control.addEventListener('click', async () => {
    if (control.getAttribute('aria-busy')) return;
    control.setAttribute('aria-busy', 'true');
    try {
      await act();
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      announceTrouble(error.message);
    } finally {
      control.removeAttribute('aria-busy');
    }
  });
  return control;
}

/** @param {string} label @param {string} text @param {{of?: string, look?: Look}} [more] */
export function copyButton(label, text, { of = '', look = '' } = {}) {
  const control = action(
    label,
    async () => {
      const isCopied = await copyText(text);
      if (!isCopied) {
        announceTrouble('Your browser does not allow copying here. Mark the text and copy it.');
        return;
      }
      control.textContent = 'Copied';
      announce('Copied.');
      setTimeout(() => {
        control.textContent = label;
      }, COPIED_FOR_MS);
    },
    { of, look },
  );
  return control;
}

/** A text to copy, in sight. @param {string} label @param {string} text */
export function copyField(label, text) {
  const field = h('input', { readonly: true, value: text, spellcheck: 'false' });
  field.addEventListener('focus', () => field.select());
  return h(
    'div',
    { class: 'copy-field' },
    h('label', { class: 'field' }, h('span', { text: label }), field),
    copyButton('Copy', text, { of: label, look: 'primary' }),
  );
}

/** A snippet of several lines to copy. @param {string} label @param {string} text */
export function copyBlock(label, text) {
  return h(
    'div',
    { class: 'copy-block' },
    h(
      'p',
      { class: 'copy-head' },
      h('b', { text: label }),
      copyButton('Copy', text, { of: label }),
    ),
    h('pre', { tabindex: '0', 'aria-label': label }, h('code', { text })),
  );
}

/** @param {{text: string, tone: string}} words */
export const chip = ({ text, tone }) => h('span', { class: `chip ${tone}`, text });

/** One line above another. @param {Node | string} first @param {Node | string} second */
export const stacked = (first, second) =>
  h(
    'span',
    { class: 'stacked' },
    typeof first === 'string' ? h('b', { text: first }) : first,
    h('span', { class: 'soft' }, second),
  );

/** What stands between backticks is what to type. @param {string} text */
export const withCode = (text) =>
  h(
    'span',
    {},
    ...text.split('`').map((part, index) => (index % 2 ? h('code', { text: part }) : part)),
  );

const whole = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'short' });
const days = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' });
const thisYear = new Intl.DateTimeFormat(undefined, {
  day: 'numeric',
  month: 'short',
  hour: 'numeric',
  minute: '2-digit',
});

/** In the reader's own time and manner; of another year the day alone. @param {string | null | undefined} at @returns {HTMLElement} */
export function moment(at) {
  if (!at) return h('span', { class: 'soft', text: '–' });
  const date = new Date(at);
  const isNear = date.getFullYear() === new Date().getFullYear();
  const text = (isNear ? thisYear : days).format(date);
  return h('time', { datetime: at, title: whole.format(date), text });
}

/** @param {string} text */
export const announce = (text) => show('news', text);

/** @param {string} text */
export const announceTrouble = (text) => show('trouble', text);

const SHOWN_FOR_MS = 6000;
let shown = 0;

/** @param {'news' | 'trouble'} place @param {string} text */
function show(place, text) {
  const number = ++shown;
  for (const each of ['news', 'trouble']) {
    const region = document.getElementById(each);
    if (region) region.textContent = each === place ? text : '';
  }
  setTimeout(() => {
    const region = document.getElementById(place);
    if (region && number === shown) region.textContent = '';
  }, SHOWN_FOR_MS);
}
