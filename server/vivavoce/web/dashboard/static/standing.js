/** Where an application stands, with what has become of its interviews. */

import { APPLICATION, SESSION, wordsFor } from './words.js';

/**
 * @typedef {import('./words.js').Words} Words
 * @typedef {{status: string, expires_at: string | null}} Held an interview of the application
 */

/** Nobody was there in time, and nobody can begin it any more. @param {Held} held */
const hasExpired = ({ status, expires_at: end }) =>
  status === 'scheduled' && end !== null && Date.parse(end) <= Date.now();

/** @typedef {{status: string, sessions: Held[]}} Application the newest interview comes last */

/** @param {Application} application */
const isBrokenOff = ({ status, sessions }) =>
  status === 'approved' && sessions.at(-1)?.status === 'failed';

/**
 * While nothing else was decided, an interview that has come to nothing is what there is to know.
 *
 * @param {Application} application
 * @returns {Words}
 */
export function standingOf(application) {
  const { status, sessions } = application;
  if (isBrokenOff(application)) return { text: 'Interview cut off', tone: 'warm' };
  const newest = sessions.at(-1);
  if (newest && hasExpired(newest) && status === 'scheduled')
    return { text: 'Invitation expired', tone: 'warm' };
  return wordsFor(APPLICATION, status);
}

/** @param {Held} held @returns {Words} */
export const heldWords = (held) =>
  hasExpired(held) ? { text: 'Expired', tone: 'warm' } : wordsFor(SESSION, held.status);

const DECISIONS = ['approved', 'rejected', 'withdrawn'];

/**
 * Who decided what. An interview goes on by nobody's decision; what was decided came before it.
 *
 * @param {Application & {decided_by: string | null}} application
 */
export const decisionWords = ({ status, decided_by: who }) =>
  `${DECISIONS.includes(status) ? status : 'approved'} by ${who}`;

/** The same beside where it stands, which may have said what was decided. @param {Application & {decided_by: string | null}} application */
export const decidedWords = (application) =>
  DECISIONS.includes(application.status) && !isBrokenOff(application)
    ? `by ${application.decided_by}`
    : decisionWords(application);
