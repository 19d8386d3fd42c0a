/** A form that stands in a page: one answer at a time, the refusal above the fields. */

import { Refusal } from './api.js';

/**
 * @param {HTMLFormElement} form with a `.refusal`
 * @param {(values: Record<string, string>) => Promise<unknown>} act
 */
export function onSubmit(form, act) {
  const refusal = /** @type {HTMLElement} */ (form.querySelector('.refusal'));
  const button = /** @type {HTMLButtonElement} */ (form.querySelector('[type=submit]'));
  button.disabled = false; // until now nobody would have heard a press
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    if (button.getAttribute('aria-busy')) return;
    button.setAttribute('aria-busy', 'true');
    refusal.hidden = true;
    try {
      await act(valuesOf(form));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      refusal.textContent = error.message;
      refusal.hidden = false;
    } finally {
      button.removeAttribute('aria-busy');
    }
  });
}

/** Passwords may begin and end with blanks, so nothing is cut off. @param {HTMLFormElement} form @returns {Record<string, string>} */
const valuesOf = (form) =>
  Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, String(value)]));
