/** Templates: what can be assessed, and how candidates get there. */

import { h } from '/embed/app/dom.js';
import { list, may } from '../api.js';
import { tell } from '../dialog.js';
import { showList } from '../list.js';
import { action, chip, copyBlock, copyButton, stacked } from '../parts.js';
import {
  choicesOf,
  counted,
  languageName,
  plain,
  TEMPLATE,
  VISIBILITY,
  wordsFor,
} from '../words.js';

/**
 * @typedef {{
 *   id: string, template_name: string, use_case: string, language: string, default_duration_minutes: number,
 *   questions: unknown[], status: string, visibility: string, apply_url: string | null,
 * }} Template
 * @typedef {{id: string, mode: string, allowed_origins: string[]}} Embed
 */

/** @param {Template} each */
function madeOfCell({ questions, default_duration_minutes: minutes }) {
  const asked = questions.length
    ? counted(questions.length, 'question', 'questions')
    : 'Questions are made for each candidate';
  return stacked(h('span', { text: asked }), counted(minutes, 'minute', 'minutes'));
}

/** @param {Template} each */
function visibleCell({ visibility, apply_url: address }) {
  const words = VISIBILITY[visibility] ?? plain(visibility);
  if (!address) return words;
  return stacked(h('a', { href: address, text: 'Page to apply on' }), words);
}

/** @param {Template} each */
function actionsCell(each) {
  const of = each.template_name;
  return h(
    'span',
    { class: 'actions' },
    each.apply_url ? copyButton('Copy link', each.apply_url, { of }) : null,
    may('embeds.read') ? action('Embedding', () => showEmbeds(each), { of }) : null,
  );
}

/** @param {Template} template */
async function showEmbeds(template) {
  const found = await list('/embeds', { evaluation_template_id: template.id, pageSize: 100 });
  const parts = found.data.length ? [...found.data.map(embedPart), signing()] : [noEmbed()];
  await tell(`Embed “${template.template_name}”`, ...parts);
}

function signing() {
  const text =
    'Your server answers at token-url with a token that says who the candidate is. docs/embedding.md has the code that signs it, in seven languages.';
  return h('p', { class: 'dialog-text embed-note', text });
}

function noEmbed() {
  const words = 'No site may show this interview yet. An embed is made through the API: ';
  const link = h('a', { href: '/docs#create_embed', text: 'POST /api/v1/embeds' });
  return h('p', { class: 'dialog-text' }, words, link, '.');
}

/** @param {Embed} embed */
function embedPart({ id, mode, allowed_origins: origins }) {
  const where = origins.length ? origins.join(', ') : 'any site, with signed links only';
  return h(
    'section',
    { class: 'embed-part' },
    h('p', { class: 'dialog-text', text: `${plain(mode)} embed for ${where}.` }),
    copyBlock('For the page', snippet(id)),
  );
}

/** As docs/embedding.md has it. @param {string} embedId */
const snippet = (embedId) => `<script async src="${location.origin}/embed/v1.js"></script>
<viva-interview embed-id="${embedId}" token-url="/api/interview-token"></viva-interview>`;

const place = /** @type {HTMLElement} */ (document.getElementById('page'));
/** @type {import('../list.js').Kind<Template>} */
const kind = {
  path: '/evaluation-templates',
  label: 'Templates',
  one: 'template',
  many: 'templates',
  empty: {
    title: 'No templates yet',
    text: 'A template says what is assessed. It is made through the API.',
  },
  filters: [{ name: 'status', label: 'Status', choices: choicesOf(TEMPLATE) }],
  columns: [
    {
      head: 'Template',
      kind: 'main',
      cell: (each) =>
        stacked(each.template_name, `${plain(each.use_case)} · ${languageName(each.language)}`),
    },
    { head: 'Status', kind: 'status', cell: (each) => chip(wordsFor(TEMPLATE, each.status)) },
    { head: 'Made of', cell: madeOfCell },
    { head: 'Visible', cell: visibleCell },
    { head: 'Actions', kind: 'actions', cell: actionsCell },
  ],
};
showList(place, kind);
