/** An application to read: who it is, what they agreed to, what was decided, and the résumé. */

import { h } from '/embed/app/dom.js';
import { read } from './api.js';
import { tell } from './dialog.js';
import { templateName } from './names.js';
import { moment } from './parts.js';
import { decisionWords, standingOf } from './standing.js';
import { counted, languageName, plain } from './words.js';

/**
 * @typedef {import('./decisions.js').Application} Application
 * @typedef {{email: string | null, phone: string | null, profile: {title: string | null, organization: string | null}}} Person
 * @typedef {{page: number, start: number, end: number, text: string}} Chunk
 * @typedef {{
 *   state: 'none' | 'waiting' | 'ready' | 'failed', error: string | null, url: string | null,
 *   document: {name: string, pages: number, chunks: Chunk[]} | null,
 * }} Resume
 */

/** @param {Application} each @param {string} name */
export async function showApplication(each, name) {
  const person = `/participants/${each.candidate_id}`;
  const [{ email, phone, profile }, resume] = await Promise.all([
    /** @type {Promise<Person>} */ (read(person)),
    /** @type {Promise<Resume>} */ (read(`${person}/resume`)),
  ]);
  const work = [profile.title, profile.organization].filter(Boolean).join(', ');
  await tell(
    name,
    h(
      'dl',
      { class: 'sheet' },
      ...fact('For', templateName(each.evaluation_template_id)),
      ...fact('E-mail address', email && h('a', { href: `mailto:${email}`, text: email })),
      ...fact('Phone', phone && h('a', { href: `tel:${phone.replaceAll(' ', '')}`, text: phone })),
      ...fact('Works as', work),
      ...fact(each.applied_at ? 'Applied' : 'Added', moment(each.applied_at ?? each.created_at)),
      ...fact('Consent', each.consent && consentWords(each.consent)),
      ...fact('Status', standingOf(each).text),
      ...fact('Decided', each.decided_by && decision(each)),
    ),
    ...resumePart(resume),
  );
}

/** Nothing for what is not known. @param {string} name @param {Node | string | null} value */
const fact = (name, value) =>
  value ? [h('div', {}, h('dt', { text: name }), h('dd', {}, value))] : [];

/** @param {{policy_version: string, language: string}} consent */
const consentWords = ({ policy_version: version, language }) =>
  `Given on the form, in ${languageName(language)} (version ${version})`;

/** @param {Application} each */
function decision(each) {
  const { decided_at: at, note } = each;
  const by = h('span', {}, `${decisionWords(each)}, `, moment(at));
  return note ? h('span', { class: 'stacked' }, by, h('span', { class: 'said', text: note })) : by;
}

/** @param {Resume} resume */
function resumePart({ state, error, url, document }) {
  const title = h('h3', { text: 'Résumé' });
  if (document) {
    const about = `${document.name} · ${counted(document.pages, 'page', 'pages')}`;
    return [
      title,
      h('p', { class: 'dialog-text about', text: about }),
      h('pre', {
        class: 'letter prose',
        tabindex: '0',
        'aria-label': 'Text of the résumé',
        dir: 'auto',
        text: textOf(document.chunks),
      }),
    ];
  }
  const words = {
    none: 'None was sent.',
    waiting: `It is being fetched from ${url}.`,
    failed: `It could not be read from ${url}: ${plain(error ?? '').toLowerCase()}.`,
    ready: 'None was sent.',
  };
  return [title, h('p', { class: 'dialog-text about', text: words[state] })];
}

/** Pieces leave out the blanks between them; a longer gap was an empty line. @param {Chunk[]} chunks */
function textOf(chunks) {
  return chunks.reduce((text, chunk, index) => {
    const before = chunks[index - 1];
    if (!before) return chunk.text;
    const gap = chunk.page === before.page ? chunk.start - before.end : 2;
    return text + '\n'.repeat(Math.min(gap, 2)) + chunk.text;
  }, '');
}
