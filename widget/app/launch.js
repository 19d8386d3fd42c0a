/** Where the right to an interview comes from: the address, the served page, or the host's backend. */

const HOST_ANSWERS_WITHIN_MS = 10_000;

/**
 * @typedef {object} FrameConfig
 * @property {string} instance
 * @property {string} embed_id
 * @property {string[]} allowed_origins
 * @property {string} job_title
 * @property {string} company
 * @property {number} minutes
 * @property {number} questions
 * @property {import('./view-state.js').ConsentTerms} consent
 * @property {'auto'|'light'|'dark'} theme
 * @property {string} locale
 * @property {boolean} standalone
 * @property {Record<string, unknown> | null} launch
 * @property {string} display_name
 */

/**
 * Takes the token out of the address, so that it is in no history, screenshot or referrer.
 *
 * @param {Location} place
 * @param {History} history
 * @returns {Record<string, string> | null}
 */
export function takeFragment(place, history) {
  const fields = new URLSearchParams(place.hash.slice(1));
  const invitation = fields.get('t');
  const code = fields.get('c');
  if (!invitation && !code) return null;
  history.replaceState(null, '', place.pathname + place.search);
  return invitation ? { invitation } : { code: code ?? '' };
}

/**
 * Asks the host page for a fresh token; its backend signs one per candidate.
 *
 * @param {import('./host-port.js').HostPort} host
 * @param {import('./timers.js').Timers} timers
 * @returns {Promise<{launch_token: string} | null>}
 */
export function askHost(host, timers) {
  if (!host.isEmbedded) return Promise.resolve(null);
  return new Promise((resolve) => {
    const giveUp = timers.after(HOST_ANSWERS_WITHIN_MS, () => resolve(null));
    host.on('token', ({ token }) => {
      giveUp();
      resolve(typeof token === 'string' ? { launch_token: token } : null);
    });
    host.post('token.request');
  });
}
