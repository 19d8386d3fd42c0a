/** The list of interviews, and what can be done about one that has not begun. */

import { h } from '/embed/app/dom.js';
import { may, post } from './api.js';
import { ask } from './dialog.js';
import { resultAddress } from './links.js';
import { learnBoth, personName, templateName } from './names.js';
import { openInterview } from './opening.js';
import { action, announce, chip, copyButton, moment, stacked } from './parts.js';
import { counted, plain, SESSION, wordsFor } from './words.js';

/**
 * @typedef {{
 *   id: string, candidate_id: string, evaluation_template_id: string, interview_id: string | null, status: string,
 *   stage: string,
 *   join_url: string | null, score: number | null, recommendation: string | null, scored_at: string | null,
 *   failure_reason: string | null, channel: string, created_at: string, scheduled_at: string | null,
 *   started_at: string | null, duration_seconds: number | null,
 * }} Session
 */

/** @param {() => unknown} reload what shows them @returns {import('./list.js').Kind<Session>} */
export function sessionList(reload) {
  return {
    path: '/sessions',
    label: 'Interviews',
    one: 'interview',
    many: 'interviews',
    learn: learnBoth,
    isMoving: (each) => each.status === 'in_progress' || isBeingScored(each),
    empty: {
      title: 'No interviews yet',
      text: 'When a candidate is invited or begins one, it appears here by itself.',
    },
    columns: [
      { head: 'Candidate', kind: 'main', cell: candidateCell },
      { head: 'Status', kind: 'status', cell: statusCell },
      { head: 'When', cell: whenCell },
      { head: 'Outcome', cell: outcomeCell },
      { head: 'Actions', kind: 'actions', cell: (each) => actionsCell(each, reload) },
    ],
  };
}

/** @param {Session} each */
const isBeingScored = (each) => each.status === 'completed' && !each.scored_at;

/** @param {Session} each */
function candidateCell(each) {
  const name = personName(each.candidate_id);
  const where = `${templateName(each.evaluation_template_id)} · ${plain(each.stage)}`;
  return stacked(h('a', { href: resultAddress(each.id), class: 'strong', text: name }), where);
}

/** @param {Session} each */
function statusCell(each) {
  const state = chip(
    isBeingScored(each) ? { text: 'Being read', tone: 'live' } : wordsFor(SESSION, each.status),
  );
  if (!each.failure_reason) return state;
  const why = h('span', { class: 'soft', text: plain(each.failure_reason) });
  return h('span', { class: 'stacked' }, state, why);
}

/** @param {Session} each */
function whenCell({ started_at, scheduled_at, created_at, duration_seconds }) {
  if (started_at) {
    const minutes = duration_seconds === null ? '' : durationWords(duration_seconds);
    return stacked(moment(started_at), minutes);
  }
  if (scheduled_at) return stacked(moment(scheduled_at), 'appointment');
  return stacked(moment(created_at), 'invited');
}

/** @param {number} seconds */
const durationWords = (seconds) =>
  seconds < 60
    ? counted(seconds, 'second', 'seconds')
    : counted(Math.round(seconds / 60), 'minute', 'minutes');

/** @param {Session} each */
function outcomeCell({ score, recommendation }) {
  if (!recommendation) return h('span', { class: 'soft', text: '–' });
  const words = plain(recommendation);
  return score === null ? words : stacked(score.toFixed(1), words);
}

/** @param {Session} each @param {() => unknown} reload */
function actionsCell(each, reload) {
  const of = personName(each.candidate_id);
  const mayWrite = may('interviews.write');
  const mayChange = mayWrite && each.status === 'scheduled';
  // A site with an embed has its own way to the candidate.
  const isLost = mayWrite && each.channel === 'web' && each.status === 'failed';
  const isMailed = mayChange && each.channel === 'web' && each.join_url !== null;
  return h(
    'span',
    { class: 'actions' },
    each.join_url ? copyButton('Copy link', each.join_url, { of }) : null,
    isLost ? action('Invite anew', () => inviteAnew(each, reload), { of }) : null,
    isMailed ? action('Invite again', () => invite(each, reload), { of, look: 'quiet' }) : null,
    mayChange ? action('Cancel', () => cancel(each, reload), { of, look: 'quiet' }) : null,
  );
}

/** @param {Session} each @param {() => unknown} reload */
async function invite(each, reload) {
  const name = personName(each.candidate_id);
  const isDone = await ask({
    title: `Invite ${name} again?`,
    text: 'A new invitation goes out with a fresh link. What still waited to be sent is withdrawn.',
    confirm: 'Send invitation',
    act: () => post(`/sessions/${each.id}/invite`),
  });
  if (!isDone) return;
  announce(`An invitation to ${name} is on its way.`);
  await reload();
}

/** What broke off stays as it is; another chance is an interview of its own. @param {Session} each @param {() => unknown} reload */
async function inviteAnew(each, reload) {
  const name = personName(each.candidate_id);
  const isDone = await ask({
    title: `Invite ${name} to a new interview?`,
    text: 'This one broke off and stays as it is. An invitation to a new one of the same stage goes out.',
    confirm: 'Send invitation',
    act: () =>
      openInterview({
        candidate_id: each.candidate_id,
        evaluation_template_id: each.evaluation_template_id,
        interview_id: each.interview_id,
        stage: each.stage,
      }),
  });
  if (!isDone) return;
  announce(`An invitation to ${name} is on its way.`);
  await reload();
}

/** @param {Session} each @param {() => unknown} reload */
async function cancel(each, reload) {
  const name = personName(each.candidate_id);
  const isDone = await ask({
    title: `Cancel the interview of ${name}?`,
    text: 'The link opens nothing any more. Whoever has been invited is told by mail. This cannot be undone.',
    confirm: 'Cancel interview',
    danger: true,
    act: () => post(`/sessions/${each.id}/cancel`),
  });
  if (!isDone) return;
  announce(`The interview of ${name} is cancelled.`);
  await reload();
}
