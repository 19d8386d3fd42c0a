/** Interviews: filtered, page by page, each leading to its transcript and evidence. */

import { sessionList } from '../interviews.js';
import { offerInvitation } from '../inviting.js';
import { showList } from '../list.js';
import { learnPeople, personName, templateChoices } from '../names.js';
import { choicesOf, SESSION } from '../words.js';

const place = /** @type {HTMLElement} */ (document.getElementById('page'));
/** @type {import('../list.js').Kind<import('../interviews.js').Session>} */
const kind = {
  ...sessionList(() => shown.load()),
  filters: [
    { name: 'status', label: 'Status', choices: choicesOf(SESSION) },
    { name: 'evaluation_template_id', label: 'Template', choices: templateChoices() },
    {
      name: 'candidate_id',
      label: 'Only of',
      kind: 'pinned',
      say: async (id) => {
        await learnPeople([id]);
        return personName(id);
      },
    },
  ],
};
const shown = showList(place, kind);
offerInvitation(() => shown.load());
