/** The requests of the candidate's path: a credential becomes a session or waits for one, a session moves to a tab. */

/**
 * @typedef {object} Grant
 * @property {string} session_id
 * @property {string} resume_handle
 * @property {string} ticket
 * @property {string} ws_url
 */

/**
 * @typedef {object} QueuePlace
 * @property {number} position from 1
 * @property {number} of
 * @property {number | null} wait_seconds null when nothing is known about it
 * @property {boolean} may_enter
 * @property {number | null} enter_within_seconds
 * @property {boolean} passed_over was invited, did not come, and is last again
 * @property {number} ask_again_seconds
 */

/** @type {Record<string, string>} */
const BY_CODE = {
  no_launch: 'no_launch',
  session_ended: 'session_over',
  attempts_used: 'session_over',
  invitation_expired: 'link_invalid',
  interview_closed: 'link_invalid',
  campaign_closed: 'link_invalid',
};

/** @type {Record<number, string>} */
const BY_STATUS = {
  0: 'network',
  401: 'link_invalid',
  403: 'link_invalid',
  404: 'link_invalid',
  409: 'link_used',
  429: 'too_many',
  503: 'capacity',
};

export class Refusal extends Error {
  /**
   * @param {number} status 0 when the server was not reached
   * @param {string} code machine code of the server
   */
  constructor(status, code) {
    super(`The server refused: ${code}`);
    this.status = status;
    this.code = code;
  }

  /** Which of the candidate's texts explains it; the server's own code where none does. */
  get screenCode() {
    return BY_CODE[this.code] ?? BY_STATUS[this.status] ?? this.code;
  }

  /** There is a queue for a place. */
  get isFull() {
    return this.code === 'capacity';
  }

  /** Worth another attempt with the same credential. */
  get isTemporary() {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

/** @param {object} credential @returns {Promise<Grant>} */
export function openSession(credential) {
  return post('/api/v1/embed/sessions', credential);
}

/** @param {object} credential @returns {Promise<QueuePlace>} */
export function askQueue(credential) {
  return post('/api/v1/embed/queue', credential);
}

/** @param {{session_id: string, resume_handle: string}} place @returns {Promise<{url: string}>} */
export function requestOwnTab(place) {
  return post('/api/v1/embed/popout', place);
}

/**
 * @param {string} path
 * @param {object} body
 */
async function post(path, body) {
  const response = await fetch(path, {
    method: 'POST',
    credentials: 'omit',
    cache: 'no-store',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  }).catch(() => null);
  if (!response) throw new Refusal(0, 'network');
  const answer = await response.json().catch(() => null);
  if (response.ok && answer?.data) return answer.data;
  throw new Refusal(response.status, String(answer?.code ?? response.status));
}
