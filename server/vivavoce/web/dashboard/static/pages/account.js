/** Your account: another password, and the browsers in which you are signed in. */

import { h } from '/embed/app/dom.js';
import { call, post } from '../api.js';
import { ask } from '../dialog.js';
import { onSubmit } from '../form.js';
import { showList } from '../list.js';
import { action, announce, chip, moment } from '../parts.js';

/** @typedef {{id: string, user_agent: string, current: boolean, created_at: string, last_used_at: string}} SignIn */

const BROWSERS = [
  ['Firefox', /Firefox\//],
  ['Edge', /Edg\//],
  ['Opera', /OPR\//],
  ['Chrome', /Chrome\/|CriOS\//],
  ['Safari', /Safari\//],
];
const SYSTEMS = [
  ['Android', /Android/],
  ['iOS', /iPhone|iPad/],
  ['Windows', /Windows/],
  ['macOS', /Mac OS X/],
  ['Linux', /Linux/],
];

/** `Firefox on Linux`, as far as a browser tells. @param {string} agent */
function browserName(agent) {
  const known = (/** @type {(string | RegExp)[][]} */ table) =>
    table.find(([, pattern]) => pattern instanceof RegExp && pattern.test(agent))?.[0];
  const [browser, system] = [known(BROWSERS), known(SYSTEMS)];
  if (browser && system) return `${browser} on ${system}`;
  return String(browser ?? system ?? (agent || 'Unknown browser'));
}

/** @param {SignIn} each */
async function end(each) {
  const name = browserName(each.user_agent);
  const isDone = await ask({
    title: `Sign out of ${name}?`,
    text: 'Whoever uses it has to sign in again.',
    confirm: 'Sign out there',
    danger: true,
    act: () => call('DELETE', `/auth/sign-ins/${each.id}`),
  });
  if (!isDone) return;
  announce(`${name} is signed out.`);
  await shown.load();
}

/** @param {SignIn} each */
const browserCell = ({ user_agent: agent, last_used_at: used }) =>
  h(
    'span',
    { class: 'stacked' },
    h('b', { text: browserName(agent) }),
    h('span', { class: 'soft' }, 'used ', moment(used)),
  );

/** @param {SignIn} each */
function actionsCell(each) {
  if (each.current) return chip({ text: 'This browser', tone: 'good' });
  return h(
    'span',
    { class: 'actions' },
    action('Sign out', () => end(each), { of: browserName(each.user_agent) }),
  );
}

/** @type {import('../list.js').Kind<SignIn>} */
const kind = {
  path: '/auth/sign-ins',
  label: 'Where you are signed in',
  one: 'browser',
  many: 'browsers',
  fixed: {},
  empty: { title: 'Nowhere' },
  columns: [
    { head: 'Browser', kind: 'main', cell: browserCell },
    { head: 'Actions', kind: 'actions', cell: actionsCell },
  ],
};
const place = /** @type {HTMLElement} */ (document.getElementById('sign-ins'));
const shown = showList(place, kind);

const form = /** @type {HTMLFormElement} */ (document.getElementById('password'));
onSubmit(form, async ({ current, wanted }) => {
  await post('/auth/password', { current_password: current, password: wanted });
  form.reset();
  announce('Your password is changed, and every other browser is signed out.');
  await shown.load();
});
