/** Members: inviting people, giving them a role, and letting them go. */

import { h } from '/embed/app/dom.js';
import { call, list, may, post } from '../api.js';
import { ask, tell } from '../dialog.js';
import { showList } from '../list.js';
import { action, announce, chip, copyField, moment, stacked } from '../parts.js';
import { choicesOf, MEMBER, ROLE, wordsFor } from '../words.js';

/**
 * @typedef {{
 *   id: string, email: string, name: string, role: string, status: string, created_at: string,
 *   accepted_at: string | null, invitation_expires_at: string | null,
 * }} Member
 */

const own = document.body.dataset;
const isOwner = own.role === 'owner';

/** Nobody gives a role that may do more than their own. */
const roles = choicesOf(ROLE).filter(([role]) => isOwner || role !== 'owner');

/** Who can sign in as an owner: two are enough to know that neither is the last. @type {Member[]} */
let owners = [];

async function learnOwners() {
  const query = { role: 'owner', status: 'active', pageSize: 2 };
  owners = (await list('/members', query)).data;
  return owners;
}

/** An organization keeps the last owner who can sign in. @param {Member} each */
const isOnlyOwner = (each) => owners.length === 1 && owners[0]?.id === each.id;

/** @param {Member} each */
const mayChange = (each) => may('members.write') && (isOwner || each.role !== 'owner');

/** @param {Member} each */
function nameCell(each) {
  return stacked(each.id === own.member ? `${each.name} (you)` : each.name, each.email);
}

/** @param {Member} each */
function statusCell({ status, invitation_expires_at: expires }) {
  const state = chip(wordsFor(MEMBER, status));
  if (!expires) return state;
  const isOver = Date.parse(expires) < Date.now();
  const words = h(
    'span',
    { class: 'soft' },
    isOver ? 'link ended ' : 'link until ',
    moment(expires),
  );
  return h('span', { class: 'stacked' }, state, words);
}

/** @param {Member} each */
function roleCell(each) {
  const role = ROLE[each.role] ?? each.role;
  return isOnlyOwner(each) ? stacked(h('span', { text: role }), 'the only one') : role;
}

/** @param {Member} each */
function actionsCell(each) {
  if (!mayChange(each)) return null;
  const of = each.name;
  const isGone = each.status === 'deactivated';
  const isKept = isGone || isOnlyOwner(each);
  return h(
    'span',
    { class: 'actions' },
    isKept ? null : action('Change role', () => changeRole(each), { of }),
    action(isGone ? 'Invite back' : 'New link', () => inviteAgain(each), { of, look: 'quiet' }),
    isKept ? null : action('Deactivate', () => deactivate(each), { of, look: 'quiet' }),
  );
}

/** @param {Member} each */
async function changeRole(each) {
  const isDone = await ask({
    title: `Which role has ${each.name}?`,
    text: 'It counts from the next click on.',
    fields: [{ name: 'role', label: 'Role', kind: 'select', choices: roles, value: each.role }],
    confirm: 'Change role',
    act: ({ role }) => call('PATCH', `/members/${each.id}`, { body: { role } }),
  });
  if (isDone) await changed(`The role of ${each.name} is changed.`);
}

/** @param {Member} each */
async function inviteAgain(each) {
  let link = '';
  const isDone = await ask({
    title: `Make a new link for ${each.name}?`,
    text: 'For somebody who lost the link or the password, or who comes back. The link before opens nothing any more.',
    confirm: 'Make link',
    act: async () => {
      link = (await post(`/members/${each.id}/invite`)).invitation_url;
    },
  });
  if (isDone) await handOver(each.name, link);
}

async function invite() {
  let [link, name] = ['', ''];
  const isDone = await ask({
    title: 'Invite somebody',
    fields: [
      { name: 'email', label: 'E-mail address', kind: 'email', required: true, longest: 254 },
      { name: 'name', label: 'Name', required: true, longest: 300 },
      { name: 'role', label: 'Role', kind: 'select', choices: roles, value: 'reviewer' },
    ],
    confirm: 'Make invitation',
    act: async (values) => {
      link = (await post('/members', values)).invitation_url;
      name = values.name ?? '';
    },
  });
  if (isDone) await handOver(name, link);
}

/** The one time that the link is shown. @param {string} name @param {string} link */
async function handOver(name, link) {
  await Promise.all([
    shown.load(),
    tell(
      `The link for ${name}`,
      h('p', {
        class: 'dialog-text',
        text: 'It is shown this once and opens one account: hand it over in private. It is good for seven days.',
      }),
      copyField('Invitation link', link),
    ),
  ]);
}

/** @param {Member} each */
async function deactivate(each) {
  const isDone = await ask({
    title: `Deactivate ${each.name}?`,
    text: 'Signed out everywhere at once. What they did keeps their name. API keys that they know stay: revoke those yourself.',
    confirm: 'Deactivate',
    danger: true,
    act: () => call('DELETE', `/members/${each.id}`),
  });
  if (isDone) await changed(`${each.name} is deactivated.`);
}

/** @param {string} words */
async function changed(words) {
  announce(words);
  await shown.load();
}

const place = /** @type {HTMLElement} */ (document.getElementById('page'));
/** @type {import('../list.js').Kind<Member>} */
const kind = {
  path: '/members',
  label: 'Members',
  one: 'member',
  many: 'members',
  empty: { title: 'No members yet' },
  learn: learnOwners,
  columns: [
    { head: 'Member', kind: 'main', cell: nameCell },
    { head: 'Status', kind: 'status', cell: statusCell },
    { head: 'Role', cell: roleCell },
    { head: 'Since', cell: (each) => moment(each.accepted_at) },
    { head: 'Actions', kind: 'actions', cell: actionsCell },
  ],
};
const shown = showList(place, kind);
if (may('members.write'))
  document
    .getElementById('head-actions')
    ?.append(action('Invite somebody', invite, { look: 'primary' }));
