/** Inviting somebody who may be new: the candidate, an interview, and its link to pass on. */

import { h } from '/embed/app/dom.js';
import { list, may, post } from './api.js';
import { ask, tell } from './dialog.js';
import { templateChoices } from './names.js';
import { openInterview } from './opening.js';
import { action, announceTrouble, copyField } from './parts.js';

/** Puts the button at the head of a page, for whoever may. @param {() => unknown} reload what shows it */
export function offerInvitation(reload) {
  if (!may('interviews.write') || !may('candidates.write')) return;
  const button = action('Invite a candidate', () => invite(reload), { look: 'primary' });
  document.getElementById('head-actions')?.append(button);
}

/** @param {() => unknown} reload */
async function invite(reload) {
  const choices = await templateChoices('active');
  if (choices.length === 0) {
    announceTrouble('There is no active template to invite anybody to.');
    return;
  }
  let [link, name] = ['', ''];
  const isDone = await ask({
    title: 'Invite a candidate',
    text: 'An invitation goes out by mail. Its link can also be passed on by hand.',
    fields: [
      { name: 'name', label: 'Name', required: true, longest: 300 },
      { name: 'email', label: 'E-mail address', kind: 'email', required: true, longest: 254 },
      { name: 'template', label: 'Template', kind: 'select', choices },
    ],
    confirm: 'Invite',
    act: async (values) => {
      name = values.name ?? '';
      link = await open(name, values.email ?? '', values.template ?? '');
    },
  });
  if (isDone) await Promise.all([reload(), handOver(name, link)]);
}

/** Somebody who is known for the template already is not made twice. @param {string} name @param {string} email @param {string} template */
async function open(name, email, template) {
  const whose = { email, evaluation_template_id: template };
  const known = await list('/participants', { ...whose, pageSize: 1 });
  const { id } = known.data[0] ?? (await post('/participants', { name, ...whose }));
  const order = { candidate_id: id, evaluation_template_id: template, stage: 'interview' };
  return String((await openInterview(order)).join_url);
}

/** @param {string} name @param {string} link */
const handOver = (name, link) =>
  tell(
    `${name} is invited`,
    h('p', {
      class: 'dialog-text',
      text: 'The link opens this one interview. Until it begins, the link is also on the pages Interviews and Mail.',
    }),
    copyField('Link into the interview', link),
  );
