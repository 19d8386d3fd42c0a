/** Around every page: the menu on a phone, signing out, how much waits for a decision. */

import { h } from '/embed/app/dom.js';
import { list, may, post, Refusal } from './api.js';
import { announceTrouble } from './parts.js';

const menu = /** @type {HTMLButtonElement} */ (document.getElementById('menu'));
const signOut = /** @type {HTMLButtonElement} */ (document.getElementById('sign-out'));
const side = /** @type {HTMLElement} */ (document.getElementById('side'));

/** @param {boolean} isOpen */
function openMenu(isOpen) {
  menu.setAttribute('aria-expanded', String(isOpen));
  side.classList.toggle('is-open', isOpen);
}

menu.addEventListener('click', () => openMenu(menu.getAttribute('aria-expanded') !== 'true'));
document.addEventListener('keydown', (event) => {
  if (event.key !== 'Escape' || menu.getAttribute('aria-expanded') !== 'true') return;
  openMenu(false);
  menu.focus();
});

signOut.addEventListener('click', async () => {
  try {
    await post('/auth/sign-out');
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    if (error.status !== 401) return announceTrouble(error.message);
  }
  location.assign('/dashboard');
});
// Until now nobody would have heard a press.
for (const control of [menu, signOut]) control.disabled = false;

/** Applications that only a person can move on. @returns {Promise<number>} */
export async function countWaiting() {
  const ask = (/** @type {string} */ status) => list('/applications', { status, pageSize: 1 });
  const [fresh, interviewed] = await Promise.all([ask('applied'), ask('completed')]);
  return fresh.meta.total + interviewed.meta.total;
}

/** Beside the page in the menu. */
export async function showWaiting() {
  const link = document.querySelector('.side [data-page="applications"]');
  if (!link || !may('candidates.write')) return;
  const count = await countWaiting().catch(() => 0); // the page itself says when the server is away
  link.querySelector('.badge')?.remove();
  if (count === 0) return;
  link.append(
    h(
      'span',
      { class: 'badge' },
      String(count),
      h('span', { class: 'visually-hidden', text: ' waiting' }),
    ),
  );
}

showWaiting();
