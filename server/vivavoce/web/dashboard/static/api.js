/** The native API as the signed-in member calls it. Every rule is on its side. */

import { counted } from './words.js';

/** @typedef {{page: number, pageSize: number, total: number, totalPages: number}} Meta */
/** @typedef {Record<string, string | number | null | undefined>} Query */

/** What the server said no to, in words for the person who asked. */
export class Refusal extends Error {
  /** @param {number} status @param {string} code @param {string} message */
  constructor(status, code, message) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

const UNREACHABLE = 'The server cannot be reached. Look at your connection and try again.';
const SIGNED_OUT = 'You have been signed out. Load this page again to sign in.';

export const account = document.body.dataset.account ?? '';
const scopes = new Set((document.body.dataset.scopes ?? '').split(' '));

/** Whether the member's role has a right, so that what would be refused is not offered. @param {string} scope */
export const may = (scope) => scopes.has(scope);

/**
 * @param {string} method
 * @param {string} path below `/api/v1`
 * @param {{query?: Query, body?: unknown}} [sent]
 * @returns {Promise<any>} the JSON of the answer, `null` without one
 */
export async function call(method, path, { query = {}, body } = {}) {
  const answer = await fetch(addressOf(path, query), {
    method,
    credentials: 'same-origin',
    headers: {
      'x-vivavoce-request': '1',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  }).catch(() => {
    throw new Refusal(0, 'unreachable', UNREACHABLE);
  });
  if (!answer.ok) throw await refusalOf(answer);
  return answer.status === 204 ? null : answer.json();
}

/** One object. @param {string} path */
export const read = async (path) => (await call('GET', path)).data;

/** One page of a list. @param {string} path @param {Query} query @returns {Promise<{data: any[], meta: Meta}>} */
export const list = (path, query) => call('GET', path, { query });

/** @param {string} path @param {unknown} [body] */
export const post = async (path, body = {}) => (await call('POST', path, { body }))?.data;

/** @param {string} path @param {Query} query */
function addressOf(path, query) {
  const address = new URL(`/api/v1${path}`, location.origin);
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null && value !== '')
      address.searchParams.set(name, String(value));
  }
  if (account) address.searchParams.set('accountSlug', account);
  return address;
}

/** @param {Response} answer */
async function refusalOf(answer) {
  const told = await answer.json().catch(() => ({}));
  const code = String(told.code ?? '');
  if (answer.status === 429) {
    const seconds = Number(answer.headers.get('retry-after')) || 60;
    return new Refusal(429, code, `Too many tries. Please wait ${waitWords(seconds)}.`);
  }
  if (code === 'cookie' || code === 'credential') return new Refusal(401, code, SIGNED_OUT);
  const first = told.issues?.[0];
  const detail = first ? ` ${first.path.join('.')}: ${first.message}` : '';
  return new Refusal(
    answer.status,
    code,
    `${told.error ?? `The server answered ${answer.status}.`}${detail}`,
  );
}

/** @param {number} seconds */
const waitWords = (seconds) =>
  seconds < 90
    ? counted(seconds, 'second', 'seconds')
    : counted(Math.ceil(seconds / 60), 'minute', 'minutes');
