/** Everything the screens may show, in one value. */

import { FIRST } from './phases.js';

/** @typedef {'opening'|'listening'|'deciding'|'speaking'|'paused'|'closing'|'hold'} Floor */
/** @typedef {{policy_version: string, text: string, items: {id: string, text: string, required: boolean}[]}} ConsentTerms */
/** @typedef {{kind: import('./signals.js').SignalKind, at: number}} Noted */

/**
 * @typedef {object} OwnState
 * @property {boolean} isBusy a request is under way
 * @property {boolean} isReturning a reload in the middle of the interview
 * @property {import('./sessions.js').QueuePlace | null} queue
 * @property {Floor} floor
 * @property {number} questionNumber 0 before the first
 * @property {number} questionCount
 * @property {number | null} deadlineAt on the page's clock, in ms
 * @property {number | null} startedAt on the page's clock, in ms
 * @property {ConsentTerms} consent
 * @property {boolean} isConsentMissing
 * @property {import('./microphone.js').MicState} micState
 * @property {boolean} isMicSilent there is one, and it carries nothing
 * @property {boolean} isEchoing the browser leaves the interviewer's voice in what the microphone hears
 * @property {MediaDeviceInfo[]} devices
 * @property {string} deviceId
 * @property {boolean} wasHeard the candidate's voice reached us in the sound check
 * @property {boolean} isMuted
 * @property {boolean} isEnding the candidate asked for the end
 * @property {boolean} isTyping
 * @property {boolean} isCandidateSpeaking
 * @property {'good'|'slow'|'lost'} connection
 * @property {boolean} isAwayLong nearly longer than the page can remember what was said
 * @property {readonly import('./captions.js').Caption[]} captions
 * @property {readonly Noted[]} noted
 * @property {'asked'|'silence'|'interrupted'} pauseReason
 * @property {string} endedReason
 * @property {string} ownTabUrl
 * @property {boolean} isMovedToTab
 * @property {{key: string, values?: Record<string, string>} | null} notice
 */

/** @typedef {import('./phases.js').PhaseState & OwnState} ViewState */

/**
 * @param {ConsentTerms} consent
 * @param {number} questionCount
 * @returns {ViewState}
 */
export function firstView(consent, questionCount) {
  return {
    ...FIRST,
    isBusy: false,
    isReturning: false,
    queue: null,
    floor: 'opening',
    questionNumber: 0,
    questionCount,
    deadlineAt: null,
    startedAt: null,
    consent,
    isConsentMissing: false,
    micState: 'unknown',
    isMicSilent: false,
    isEchoing: false,
    devices: [],
    deviceId: '',
    wasHeard: false,
    isMuted: false,
    isEnding: false,
    isTyping: false,
    isCandidateSpeaking: false,
    connection: 'good',
    isAwayLong: false,
    captions: [],
    noted: [],
    pauseReason: 'asked',
    endedReason: '',
    ownTabUrl: '',
    isMovedToTab: false,
    notice: null,
  };
}
