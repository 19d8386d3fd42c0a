/** Applications, and what is decided about them. */

import { applicationList } from '../decisions.js';
import { showList } from '../list.js';
import { templateChoices } from '../names.js';
import { APPLICATION, choicesOf } from '../words.js';

/**
 * What is asked for is true of all that is found: an invitation that has expired is still one.
 *
 * @type {Record<string, import('../words.js').Words>}
 */
const ASKED = { ...APPLICATION, scheduled: { text: 'Invited', tone: '' } };
const place = /** @type {HTMLElement} */ (document.getElementById('page'));
/** @type {import('../list.js').Kind<import('../decisions.js').Application>} */
const kind = {
  ...applicationList(() => shown.load()),
  isMoving: (each) => each.status === 'in_progress',
  filters: [
    { name: 'status', label: 'Status', choices: choicesOf(ASKED) },
    { name: 'evaluation_template_id', label: 'Template', choices: templateChoices() },
  ],
};
const shown = showList(place, kind);
