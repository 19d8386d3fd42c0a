/** What a reloaded tab needs to find its way back. Storage may be forbidden in a third-party frame. */

/** @typedef {{session_id: string, resume_handle: string, started: boolean}} Place */

const KEY = 'vivavoce.place.';
const TOKEN_KEY = 'vivavoce.invitation.';
const QUEUE_KEY = 'vivavoce.queue.';
const UNSENT_KEY = 'vivavoce.unsent.';

/** @param {string} embedId */
export function createResumeStore(embedId) {
  return {
    /** @returns {Place | null} */
    load: () => parsePlace(read(KEY + embedId)),
    save: (/** @type {Place} */ place) => write(KEY + embedId, JSON.stringify(place)),
    clear: () => {
      write(KEY + embedId, null);
      write(UNSENT_KEY + embedId, null);
    },
    /** What a session has not acknowledged, by name. */
    unsent: {
      load: (/** @type {string} */ sessionId) => parseUnsent(read(UNSENT_KEY + embedId), sessionId),
      save: (/** @type {string} */ sessionId, /** @type {[string, string][]} */ messages) =>
        write(UNSENT_KEY + embedId, JSON.stringify([sessionId, messages])),
    },
    isQueued: () => read(QUEUE_KEY + embedId) !== null,
    saveQueued: (/** @type {boolean} */ isQueued) =>
      write(QUEUE_KEY + embedId, isQueued ? 'yes' : null),
    loadInvitation: () => read(TOKEN_KEY + embedId),
    saveInvitation: (/** @type {string | null} */ token) => write(TOKEN_KEY + embedId, token),
  };
}

/** @typedef {ReturnType<typeof createResumeStore>} ResumeStore */
/** @typedef {ResumeStore['unsent']} Unsent */

/**
 * @param {string | null} text
 * @param {string} sessionId
 * @returns {[string, string][]}
 */
function parseUnsent(text, sessionId) {
  const [owner, messages] = JSON.parse(text ?? '[]');
  return owner === sessionId ? messages : [];
}

/** @param {string | null} text @returns {Place | null} */
function parsePlace(text) {
  try {
    const place = JSON.parse(text ?? 'null');
    return typeof place?.session_id === 'string' ? place : null;
  } catch {
    return null;
  }
}

function read(/** @type {string} */ key) {
  try {
    return sessionStorage.getItem(key);
  } catch {
    return null;
  }
}

/**
 * @param {string} key
 * @param {string | null} value
 */
function write(key, value) {
  try {
    if (value === null) sessionStorage.removeItem(key);
    else sessionStorage.setItem(key, value);
  } catch {
    // Without storage a reload starts at the introduction; the interview itself is not affected.
  }
}
