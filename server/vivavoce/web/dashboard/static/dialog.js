/** Asking before something is done, and showing what there is to read. */

import { h } from '/embed/app/dom.js';
import { Refusal } from './api.js';

/**
 * @typedef {{
 *   name: string, label: string, kind?: 'text' | 'email' | 'textarea' | 'select', value?: string,
 *   required?: boolean, hint?: string, longest?: number, choices?: [string, string][],
 * }} Field
 */

let numbered = 0;

/**
 * Opens a dialog that does its work when confirmed, and stays open with the reason when that fails.
 *
 * @param {{
 *   title: string, text?: string, fields?: Field[], confirm: string, danger?: boolean,
 *   act: (values: Record<string, string>) => Promise<unknown>,
 * }} asked
 * @returns {Promise<boolean>} whether it was done
 */
export function ask({ title, text, fields = [], confirm, danger = false, act }) {
  const refusal = h('p', { class: 'refusal', role: 'alert', hidden: true });
  const cancel = h('button', { type: 'button', class: 'button', text: 'Cancel', value: 'cancel' });
  const done = h('button', {
    type: 'submit',
    class: `button ${danger ? 'danger' : 'primary'}`,
    text: confirm,
  });
  // What cannot be undone is not under the finger of whoever only presses Enter.
  if (danger && fields.length === 0) cancel.autofocus = true;
  const form = h(
    'form',
    { method: 'dialog' },
    ...(text ? [h('p', { class: 'dialog-text', text })] : []),
    ...fields.map(fieldOf),
    refusal,
    h('div', { class: 'dialog-actions' }, cancel, done),
  );
  const dialog = dialogOf(title, form);
  cancel.addEventListener('click', () => dialog.close('cancel'));
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    if (done.getAttribute('aria-busy')) return;
    done.setAttribute('aria-busy', 'true');
    refusal.hidden = true;
    try {
      await act(valuesOf(form));
      dialog.close('done');
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      refusal.textContent = error.message;
      refusal.hidden = false;
    } finally {
      done.removeAttribute('aria-busy');
    }
  });
  return closed(dialog);
}

/** Opens a dialog with something to read or to copy. @param {string} title @param {...Node} content */
export function tell(title, ...content) {
  const close = h('button', { type: 'submit', class: 'button', text: 'Close' });
  const form = h('form', { method: 'dialog' }, h('div', { class: 'dialog-actions' }, close));
  return closed(dialogOf(title, ...content, form));
}

/** @param {string} title @param {...Node} content */
function dialogOf(title, ...content) {
  const id = `dialog-${++numbered}`;
  const dialog = h('dialog', { 'aria-labelledby': id }, h('h2', { id, text: title }), ...content);
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

/** @param {HTMLDialogElement} dialog @returns {Promise<boolean>} */
function closed(dialog) {
  return new Promise((resolve) =>
    dialog.addEventListener('close', () => {
      dialog.remove();
      resolve(dialog.returnValue === 'done');
    }),
  );
}

/** @param {Field} field */
function fieldOf({ name, label, kind = 'text', value = '', required, hint, longest, choices }) {
  const hintId = hint ? `hint-${++numbered}` : undefined;
  const common = { name, required: required ?? false, 'aria-describedby': hintId };
  const control = controlOf(kind, common, value, longest, choices ?? []);
  return h(
    'div',
    { class: 'dialog-field' },
    h('label', { class: 'field' }, h('span', { text: label }), control),
    hintId ? h('p', { class: 'hint', id: hintId, text: hint }) : null,
  );
}

/**
 * @param {string} kind @param {Record<string, any>} common @param {string} value
 * @param {number | undefined} longest @param {[string, string][]} choices
 */
function controlOf(kind, common, value, longest, choices) {
  if (kind === 'select') {
    const options = choices.map(([code, text]) =>
      h('option', { value: code, text, selected: code === value }),
    );
    return h('select', common, ...options);
  }
  if (kind === 'textarea')
    return h('textarea', { ...common, rows: 4, maxlength: longest, text: value });
  return h('input', { ...common, type: kind, value, maxlength: longest, autocomplete: 'off' });
}

/** @param {HTMLFormElement} form @returns {Record<string, string>} */
const valuesOf = (form) =>
  Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, String(value).trim()]));
