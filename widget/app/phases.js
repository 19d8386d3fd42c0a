/** Which screen the candidate is on. */

/** @typedef {'intro'|'queue'|'consent'|'devicecheck'|'live'|'reconnecting'|'paused'|'review'|'done'|'error'} Phase */

/**
 * @typedef {object} PhaseState
 * @property {Phase} phase
 * @property {'live'|'paused'} returnsTo where a restored connection leads
 * @property {string | null} code machine code of the failure
 */

/**
 * @typedef {{type: 'admitted', needsConsent: boolean, inProgress: boolean}
 *   | {type: 'queued'}
 *   | {type: 'left_queue'}
 *   | {type: 'agreed'}
 *   | {type: 'started'}
 *   | {type: 'paused'}
 *   | {type: 'resumed'}
 *   | {type: 'connection_lost'}
 *   | {type: 'connection_restored'}
 *   | {type: 'ended', review: boolean}
 *   | {type: 'submitted'}
 *   | {type: 'failed', code: string}
 *   | {type: 'restarted'}} PhaseEvent
 */

/** @type {PhaseState} */
export const FIRST = Object.freeze({ phase: 'intro', returnsTo: 'live', code: null });

/** @type {readonly Phase[]} */
export const STEPS = Object.freeze(['intro', 'consent', 'devicecheck', 'live', 'done']);

/** @param {Phase} phase */
export function isInInterview(phase) {
  return phase === 'live' || phase === 'paused' || phase === 'reconnecting';
}

/** The candidate pauses, whether or not the connection is there: the microphone is off. */
export function isResting(/** @type {PhaseState} */ { phase, returnsTo }) {
  return phase === 'paused' || (phase === 'reconnecting' && returnsTo === 'paused');
}

/** @param {Phase} phase */
export function isOver(phase) {
  return phase === 'done' || phase === 'error';
}

/**
 * An event that means nothing in the current phase leaves it as it is: the network may deliver late.
 *
 * @param {PhaseState} state
 * @param {PhaseEvent} event
 * @returns {PhaseState}
 */
export function advance(state, event) {
  if (event.type === 'restarted') return state.phase === 'error' ? FIRST : state;
  if (isOver(state.phase)) return state;
  if (event.type === 'failed') return { ...state, phase: 'error', code: event.code };
  if (event.type === 'ended') return { ...state, phase: event.review ? 'review' : 'done' };
  const next = TRANSITIONS[state.phase]?.(event, state);
  return next ? { ...state, ...next } : state;
}

/** @type {Partial<Record<Phase, (event: PhaseEvent, state: PhaseState) => Partial<PhaseState> | null>>} */
const TRANSITIONS = {
  intro: (event) => (event.type === 'queued' ? { phase: 'queue' } : admission(event)),
  queue: (event) => (event.type === 'left_queue' ? { phase: 'intro' } : admission(event)),
  consent: (event) => (event.type === 'agreed' ? { phase: 'devicecheck' } : admission(event)),
  devicecheck: (event) => {
    if (event.type === 'started') return { phase: 'live' };
    return event.type === 'admitted' && event.inProgress ? { phase: 'live' } : null;
  },
  live: (event) => {
    if (event.type === 'paused') return { phase: 'paused' };
    return event.type === 'connection_lost' ? { phase: 'reconnecting', returnsTo: 'live' } : null;
  },
  paused: (event) => {
    if (event.type === 'resumed') return { phase: 'live' };
    return event.type === 'connection_lost' ? { phase: 'reconnecting', returnsTo: 'paused' } : null;
  },
  reconnecting: (event, state) => {
    if (event.type === 'connection_restored') return { phase: state.returnsTo };
    if (event.type === 'paused') return { returnsTo: 'paused' };
    return event.type === 'resumed' ? { returnsTo: 'live' } : null;
  },
  review: (event) => (event.type === 'submitted' ? { phase: 'done' } : null),
};

/**
 * @param {PhaseEvent} event
 * @returns {Partial<PhaseState> | null}
 */
function admission(event) {
  if (event.type !== 'admitted') return null;
  if (event.inProgress) return { phase: 'live' };
  return { phase: event.needsConsent ? 'consent' : 'devicecheck' };
}
