/** What a person decides about an application. Who decided is known from the sign-in. */

import { h } from '/embed/app/dom.js';
import { may, post } from './api.js';
import { ask } from './dialog.js';
import { resultAddress } from './links.js';
import { isKnown, learnBoth, personName, templateName } from './names.js';
import { openInterview } from './opening.js';
import { action, announce, chip, moment, stacked } from './parts.js';
import { showApplication } from './reading.js';
import { showWaiting } from './shell.js';
import { decidedWords, heldWords, standingOf } from './standing.js';
import { plain } from './words.js';

/**
 * @typedef {{session_id: string, stage: string, status: string, expires_at: string | null, score: number | null, recommendation: string | null}} StageResult
 * @typedef {{
 *   id: string, candidate_id: string, evaluation_template_id: string, status: string, created_at: string,
 *   applied_at: string | null, consent: {policy_version: string, language: string} | null,
 *   decided_by: string | null, decided_at: string | null, note: string | null, sessions: StageResult[],
 * }} Application
 */

const MOST = 2000; // characters of a reason
const DECIDED_BY = document.body.dataset.name ?? '';

/** @param {() => unknown} reload what shows them @returns {import('./list.js').Kind<Application>} */
export function applicationList(reload) {
  return {
    path: '/applications',
    label: 'Applications',
    one: 'application',
    many: 'applications',
    learn: learnBoth,
    empty: {
      title: 'No applications yet',
      text: 'Whoever applies, or is added as a candidate for a template, appears here.',
    },
    columns: [
      { head: 'Candidate', kind: 'main', cell: candidateCell },
      { head: 'Status', kind: 'status', cell: statusCell },
      { head: 'Interviews', cell: stagesCell },
      { head: 'Since', cell: (each) => moment(each.created_at) },
      { head: 'Decide', kind: 'actions', cell: (each) => decisionsCell(each, reload) },
    ],
  };
}

/** @param {Application} each */
function candidateCell(each) {
  const of = personName(each.candidate_id);
  const show = () => showApplication(each, of);
  const name = isKnown(each.candidate_id) ? action('Read', show, { of, look: 'name' }) : of;
  return stacked(name, templateName(each.evaluation_template_id));
}

/** @param {Application} each */
function statusCell(each) {
  const state = chip(standingOf(each));
  if (!each.decided_by) return state;
  const words = `${decidedWords(each)}${each.note ? `: ${each.note}` : ''}`;
  return h(
    'span',
    { class: 'stacked' },
    state,
    h('span', { class: 'soft clamp', text: words, title: words }),
  );
}

/** @param {Application} each */
function stagesCell({ sessions }) {
  if (sessions.length === 0) return h('span', { class: 'soft', text: 'None yet' });
  return h('ul', { class: 'stages' }, ...sessions.map(stageOf));
}

/** @param {StageResult} result */
function stageOf(result) {
  const { session_id, stage, status, score, recommendation } = result;
  const verdict = recommendation ? plain(recommendation) : heldWords(result).text;
  const words = [plain(stage), score === null ? null : score.toFixed(1), verdict];
  const text = words.filter((word) => word !== null).join(' · ');
  const hasResult = status !== 'scheduled' && status !== 'cancelled';
  return h('li', {}, hasResult ? h('a', { href: resultAddress(session_id), text }) : text);
}

/**
 * @typedef {{
 *   label: string, act: (each: Application) => Promise<boolean>, done: string, look: import('./parts.js').Look,
 * }} Choice
 */
/** @type {Record<string, Choice>} */
const DECIDE = {
  invite: { label: 'Invite', act: invite, done: 'is invited.', look: 'primary' },
  approve: { label: 'Approve', act: approve, done: 'is approved.', look: 'primary' },
  reject: { label: 'Reject', act: reject, done: 'is rejected.', look: '' },
  withdraw: { label: 'Withdraw', act: withdraw, done: 'has withdrawn.', look: 'quiet' },
};
/** By status, the likeliest first. @type {Record<string, string[]>} */
const CHOICES = {
  applied: ['approve', 'reject'],
  completed: ['approve', 'reject'],
  approved: ['reject', 'withdraw'],
  scheduled: ['reject', 'withdraw'],
  rejected: ['approve'],
};

/** What is offered; whether it may be done is up to the API. @param {Application} each */
function choicesFor({ status, sessions }) {
  const decisions = may('candidates.write') ? (CHOICES[status] ?? []) : [];
  const isUninvited = status === 'approved' && sessions.length === 0;
  return isUninvited && may('interviews.write') ? ['invite', ...decisions] : decisions;
}

/** @param {Application} each @param {() => unknown} reload */
function decisionsCell(each, reload) {
  const of = personName(each.candidate_id);
  const buttons = choicesFor(each).map((name) => {
    const { label, act, done, look } = /** @type {Choice} */ (DECIDE[name]);
    const work = async () => {
      if (!(await act(each))) return;
      announce(`${of} ${done}`);
      await Promise.all([reload(), showWaiting()]);
    };
    // To take back a rejection is possible, and nothing that invites a click.
    return action(label, work, { of, look: each.status === 'rejected' ? 'quiet' : look });
  });
  return h('span', { class: 'actions' }, ...buttons);
}

/** @param {Application} each */
function invite(each) {
  return ask({
    title: `Invite ${personName(each.candidate_id)}?`,
    text: 'The first interview is opened. An invitation goes out by mail where there is an address.',
    confirm: 'Invite',
    act: () =>
      openInterview({
        candidate_id: each.candidate_id,
        evaluation_template_id: each.evaluation_template_id,
        stage: 'interview',
      }),
  });
}

/** @param {Application} each */
function approve(each) {
  return ask({
    title: `Approve ${personName(each.candidate_id)}?`,
    text: 'The next stage opens. Where it is an interview, an invitation goes out.',
    fields: [{ name: 'note', label: 'Note (optional)', kind: 'textarea', longest: MOST }],
    confirm: 'Approve',
    act: ({ note }) => decide(each, 'approve', note),
  });
}

/** @param {Application} each */
function reject(each) {
  return ask({
    title: `Reject ${personName(each.candidate_id)}?`,
    text: 'Interviews that have not begun are cancelled, and whoever was invited to one is told so. The reason stays inside.',
    fields: [{ name: 'note', label: 'Reason', kind: 'textarea', required: true, longest: MOST }],
    confirm: 'Reject',
    danger: true,
    act: ({ note }) => decide(each, 'reject', note),
  });
}

/** @param {Application} each */
function withdraw(each) {
  return ask({
    title: `Has ${personName(each.candidate_id)} withdrawn?`,
    text: 'For a candidate who does not want to go on. Interviews that have not begun are cancelled.',
    fields: [{ name: 'note', label: 'Note (optional)', kind: 'textarea', longest: MOST }],
    confirm: 'Withdraw application',
    danger: true,
    act: ({ note }) => decide(each, 'withdraw', note),
  });
}

/** @param {Application} each @param {string} decision @param {string | undefined} note */
const decide = (each, decision, note) =>
  post(`/applications/${each.id}/${decision}`, { decided_by: DECIDED_BY, note: note || null });
