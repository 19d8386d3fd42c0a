/** Candidates: everybody the organization knows of, and forgetting somebody who asks for it. */

import { h } from '/embed/app/dom.js';
import { call, may } from '../api.js';
import { ask } from '../dialog.js';
import { pageAddress } from '../links.js';
import { showList } from '../list.js';
import { learnTemplates, templateChoices, templateName } from '../names.js';
import { action, announce, moment, stacked } from '../parts.js';

/**
 * @typedef {{
 *   id: string, name: string, email: string | null, evaluation_template_id: string | null,
 *   external_id: string | null, tags: string[], created_at: string,
 *   profile: {title: string | null, organization: string | null},
 * }} Participant
 */

/** @param {Participant} each */
function templateCell({ evaluation_template_id: id, external_id: ownId }) {
  const name = id ? templateName(id) : 'None yet';
  return ownId ? stacked(h('span', { text: name }), `Your id: ${ownId}`) : name;
}

/** @param {Participant} each */
function tagsCell({ tags }) {
  if (tags.length === 0) return h('span', { class: 'soft', text: '–' });
  return h('ul', { class: 'tags' }, ...tags.map((text) => h('li', { text })));
}

/** @param {Participant} each */
function actionsCell(each) {
  const address = pageAddress('sessions', { candidate_id: each.id });
  return h(
    'span',
    { class: 'actions' },
    may('interviews.read')
      ? h('a', {
          class: 'button',
          href: address,
          'aria-label': `Interviews: ${each.name}`,
          text: 'Interviews',
        })
      : null,
    may('candidates.delete')
      ? action('Forget', () => forget(each), { of: each.name, look: 'quiet' })
      : null,
  );
}

/** @param {Participant} each */
async function forget(each) {
  const isDone = await ask({
    title: `Forget ${each.name}?`,
    text: 'Name, address and résumé are erased, and interviews that have not begun are cancelled. This cannot be undone.',
    confirm: 'Forget candidate',
    danger: true,
    act: () => call('DELETE', `/participants/${each.id}`),
  });
  if (!isDone) return;
  announce('The candidate is forgotten.');
  await shown.load();
}

const place = /** @type {HTMLElement} */ (document.getElementById('page'));
/** @type {import('../list.js').Kind<Participant>} */
const kind = {
  path: '/participants',
  label: 'Candidates',
  one: 'candidate',
  many: 'candidates',
  learn: (items) => learnTemplates(items.flatMap((each) => each.evaluation_template_id ?? [])),
  empty: {
    title: 'No candidates yet',
    text: 'Candidates come through the API, an embedded interview or an application.',
  },
  filters: [
    { name: 'email', label: 'E-mail address', kind: 'text' },
    { name: 'evaluation_template_id', label: 'Template', choices: templateChoices() },
    { name: 'tag', label: 'Tag', kind: 'text' },
  ],
  columns: [
    {
      head: 'Candidate',
      kind: 'main',
      cell: (each) => stacked(each.name, each.email ?? 'No e-mail address'),
    },
    { head: 'Template', cell: templateCell },
    { head: 'Tags', cell: tagsCell },
    { head: 'Known since', cell: (each) => moment(each.created_at) },
    { head: 'Actions', kind: 'actions', cell: actionsCell },
  ],
};
const shown = showList(place, kind);
