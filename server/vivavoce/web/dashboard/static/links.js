/** Addresses of other pages of the same account. */

import { account } from './api.js';

/** @param {string} name of a page; empty for home @param {Record<string, string>} [query] */
export function pageAddress(name, query = {}) {
  const search = new URLSearchParams({ accountSlug: account, ...query });
  return `/dashboard${name ? `/${name}` : ''}?${search}`;
}

/** Transcript, sound and evidence of one interview. @param {string} sessionId */
export const resultAddress = (sessionId) =>
  `/results/${encodeURIComponent(sessionId)}?${new URLSearchParams({ accountSlug: account })}`;
