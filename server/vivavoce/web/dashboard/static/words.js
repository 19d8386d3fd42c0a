/** The states of things, in plain words and in a colour that is never the only sign. */

/** @typedef {{text: string, tone: '' | 'good' | 'warm' | 'bad' | 'live' | 'still'}} Words */

/** @type {Record<string, Words>} */
export const SESSION = {
  scheduled: { text: 'Not started', tone: '' },
  in_progress: { text: 'In progress', tone: 'live' },
  completed: { text: 'Completed', tone: 'good' },
  failed: { text: 'Interrupted', tone: 'warm' },
  cancelled: { text: 'Cancelled', tone: 'still' },
};

/** @type {Record<string, Words>} */
export const APPLICATION = {
  applied: { text: 'New', tone: '' },
  scheduled: { text: 'Interview ahead', tone: '' },
  in_progress: { text: 'Interview going on', tone: 'live' },
  completed: { text: 'Interviewed', tone: '' },
  approved: { text: 'Approved', tone: 'good' },
  rejected: { text: 'Rejected', tone: 'warm' },
  withdrawn: { text: 'Withdrawn', tone: 'still' },
};

/** @type {Record<string, Words>} */
export const MAIL = {
  pending: { text: 'Waiting', tone: '' },
  sending: { text: 'Being sent', tone: 'live' },
  sent: { text: 'Sent', tone: 'good' },
  failed: { text: 'Failed', tone: 'bad' },
  uncertain: { text: 'Uncertain', tone: 'warm' },
  withdrawn: { text: 'Withdrawn', tone: 'still' },
};

/** @type {Record<string, string>} */
export const MAIL_KIND = {
  invitation: 'Invitation',
  reminder: 'Reminder',
  cancellation: 'Cancellation',
  result: 'Result',
  code: 'Code',
  application: 'Application',
};

/** How an attempt to send a mail ended. @type {Record<string, string>} */
export const SENDING = {
  sent: '',
  deferred: 'the server asks to try later',
  unreachable: 'the mail server cannot be reached',
  timed_out: 'the mail server is too slow',
  unauthenticated: 'the mail server refuses the password',
  refused: 'the mail server refuses it',
  uncertain: 'it may have arrived',
  interrupted: 'the program ended meanwhile',
  overtaken: 'something else settled it first',
};

/** @type {Record<string, Words>} */
export const DELIVERY = {
  pending: { text: 'Waiting', tone: '' },
  delivered: { text: 'Delivered', tone: 'good' },
  failed: { text: 'Failed', tone: 'bad' },
  abandoned: { text: 'Abandoned', tone: 'still' },
};

/** @type {Record<string, string>} */
export const ATTEMPT = {
  under_way: 'Under way',
  delivered: 'Delivered',
  refused: 'Refused',
  redirected: 'Redirected',
  timed_out: 'Timed out',
  unreachable: 'Unreachable',
  forbidden_address: 'Address not allowed',
  interrupted: 'Interrupted',
};

/** @type {Record<string, Words>} */
export const MEMBER = {
  invited: { text: 'Invited', tone: '' },
  active: { text: 'Active', tone: 'good' },
  deactivated: { text: 'Deactivated', tone: 'still' },
};

/** From what may do most to what may do least. @type {Record<string, string>} */
export const ROLE = {
  owner: 'Owner',
  admin: 'Admin',
  recruiter: 'Recruiter',
  reviewer: 'Reviewer',
  viewer: 'Viewer',
};

/** @type {Record<string, Words>} */
export const TEMPLATE = {
  active: { text: 'Active', tone: 'good' },
  draft: { text: 'Draft', tone: 'still' },
};

/** @type {Record<string, string>} */
export const VISIBILITY = {
  merchant_public: 'Public',
  merchant_unlisted: 'Unlisted',
  merchant_invite: 'By invitation',
};

/** @type {Record<string, string>} */
export const ENGINE_ROLE = {
  transcriber: 'Hears',
  language_model: 'Leads the interview',
  synthesizer: 'Speaks',
  turn_detector: 'Knows when an answer is over',
  embedder: 'Finds passages by meaning',
};

/** How it was known that a turn was over. @type {Record<string, string>} */
export const COMMIT_REASON = {
  score: 'It sounded finished',
  patience: 'The silence grew long enough',
  limit: 'The longest silence had passed',
  too_long: 'Five minutes of speech',
};

const languages = new Intl.DisplayNames(undefined, { type: 'language' });

/** @param {string} code */
export const languageName = (code) => languages.of(code) ?? code;

/** `needs_human_review` becomes `Needs human review`. @param {string} code */
export function plain(code) {
  const words = code.replaceAll('_', ' ').replaceAll('.', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** @param {Record<string, Words | string>} words @returns {[string, string][]} */
export const choicesOf = (words) =>
  Object.entries(words).map(([code, each]) => [code, typeof each === 'string' ? each : each.text]);

/** @param {Record<string, Words>} words @param {string} code @returns {Words} */
export const wordsFor = (words, code) => words[code] ?? { text: plain(code), tone: 'still' };

/** @param {number} count @param {string} one @param {string} many */
export const counted = (count, one, many) =>
  `${count.toLocaleString()} ${count === 1 ? one : many}`;
