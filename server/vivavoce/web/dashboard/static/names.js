/** Lists answer with ids; people want names. Each is asked for once. */

import { list, Refusal, read } from './api.js';

const MOST = 100; // ids that are asked for at once

/** @type {Map<string, {name: string, email: string | null}>} */
const people = new Map();
/** @type {Map<string, {name: string}>} */
const templates = new Map();

/** @param {Iterable<string>} ids */
export async function learnPeople(ids) {
  const wanted = [...new Set(ids)].filter((id) => !people.has(id)).slice(0, MOST);
  if (wanted.length === 0) return;
  const found = await list('/participants', { ids: wanted.join(','), pageSize: MOST });
  for (const { id, name, email } of found.data) people.set(id, { name, email });
}

/** @param {Iterable<string>} ids */
export async function learnTemplates(ids) {
  const wanted = [...new Set(ids)].filter((id) => !templates.has(id));
  await Promise.all(wanted.map(learnTemplate));
}

/** @param {string} id */
async function learnTemplate(id) {
  try {
    const found = await read(`/evaluation-templates/${encodeURIComponent(id)}`);
    templates.set(id, { name: found.template_name });
  } catch (error) {
    if (!(error instanceof Refusal) || error.status !== 404) throw error;
    templates.set(id, { name: 'Removed template' });
  }
}

/** The newest templates, to choose from. @param {string} [status] @returns {Promise<[string, string][]>} */
export async function templateChoices(status) {
  const found = await list('/evaluation-templates', { status, pageSize: MOST });
  for (const each of found.data) templates.set(each.id, { name: each.template_name });
  return found.data.map((each) => [each.id, each.template_name]);
}

/** Whether there is somebody to read about, who was not deleted. @param {string} id */
export const isKnown = (id) => people.has(id);

/** @param {string} id */
export const personName = (id) => people.get(id)?.name ?? 'Deleted candidate';

/** @param {string} id */
export const personEmail = (id) => people.get(id)?.email ?? '';

/** @param {string} id */
export const templateName = (id) => templates.get(id)?.name ?? '';

/** What the rows of a list are about. @param {{candidate_id: string, evaluation_template_id: string}[]} items */
export const learnBoth = (items) =>
  Promise.all([
    learnPeople(items.map((each) => each.candidate_id)),
    learnTemplates(items.map((each) => each.evaluation_template_id)),
  ]);
