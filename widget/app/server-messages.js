/** What each message of the server changes. One entry per message; unknown ones are ignored. */

import { withTranscript, withUtterance } from './captions.js';

/** @typedef {import('./wire.js').Message} Message */
/** @typedef {import('./interview.js').Interview} Interview */

const number = (/** @type {unknown} */ value) => (typeof value === 'number' ? value : 0);
const text = (/** @type {unknown} */ value) => (typeof value === 'string' ? value : '');

/**
 * @param {Interview} interview
 */
export function createReader(interview) {
  const { store } = interview;
  let isFirst = true;
  /** The candidate's own wish about pausing, until the server has heard of it. @type {boolean | null} */
  let expected = null;

  /** @type {Record<string, (message: Message) => void>} */
  const readers = {
    ready(message) {
      if (isOverState(message.state)) return interview.finish('already_over', false);
      const inProgress = message.state === 'in_progress';
      noteConsent(message.consent);
      noteQuestion(message.question);
      interview.admitted({ isFirst, inProgress, needsConsent: message.consent !== null });
      isFirst = false;
      if (inProgress && text(message.phase)) noteFloor(text(message.phase));
      return undefined;
    },
    state(message) {
      const { deadline } = message;
      store.update({
        questionNumber: number(message.question_no),
        questionCount: number(message.of) || interview.view.questionCount,
        deadlineAt: typeof deadline === 'number' ? performance.now() + deadline : null,
      });
      interview.host.post('progress', { question_no: message.question_no, of: message.of });
      noteFloor(text(message.phase));
    },
    utt(message) {
      const captions = withUtterance(
        interview.view.captions,
        text(message.text),
        number(message.utt),
      );
      store.update({ captions });
    },
    utt_end: (message) =>
      interview.audio.speaker.end(number(message.utt), number(message.pts_total)),
    cancel: (message) => interview.audio.speaker.cancel(number(message.utt)),
    duck: (message) => interview.audio.speaker.duck(message.on === true),
    pause_playback: (message) => interview.audio.speaker.holdForServer(message.on === true),
    vad: (message) => store.update({ isCandidateSpeaking: message.speaking === true }),
    transcript(message) {
      const piece = {
        who: /** @type {'candidate' | 'interviewer'} */ (
          message.who === 'candidate' ? 'candidate' : 'interviewer'
        ),
        turn: number(message.turn),
        text: text(message.text),
        final: message.final === true,
        revision: number(message.revision),
      };
      store.update({ captions: withTranscript(interview.view.captions, piece) });
    },
    warn: (message) => heed(text(message.code)),
    error(message) {
      const code = text(message.code) || 'generic';
      if (code.startsWith('consent')) store.update({ isConsentMissing: true });
      else if (message.retryable !== true) interview.fail(code);
    },
    ended: (message) => interview.finish(text(message.reason), message.review === true),
  };

  function heed(/** @type {string} */ code) {
    if (code === 'microphone_zero_audio' || code === 'microphone_silent') {
      interview.audio.microphone.doubt();
    } else if (code === 'microphone_clipping') {
      interview.announce('mic.too_loud');
    } else if (code === 'microphone_noisy') {
      interview.announce('mic.noisy');
    }
  }

  /** @param {unknown} terms */
  function noteConsent(terms) {
    if (terms === null || typeof terms !== 'object') return;
    const consent = /** @type {import('./view-state.js').ConsentTerms} */ (terms);
    if (Array.isArray(consent.items)) store.update({ consent });
  }

  /** @param {unknown} question `{no, of}`, or null before the start */
  function noteQuestion(question) {
    if (question === null || typeof question !== 'object') return;
    const { no, of } = /** @type {{no?: unknown, of?: unknown}} */ (question);
    const questionCount = number(of) || interview.view.questionCount;
    store.update({ questionNumber: number(no), questionCount });
  }

  function noteFloor(/** @type {string} */ phase) {
    const isPaused = phase === 'paused';
    if (expected !== null && expected !== isPaused) return; // said before the server heard our wish
    expected = null;
    const { phase: shown, floor } = interview.view;
    // A page that was loaded anew knows of no silence.
    if (isPaused && shown === 'live' && floor !== 'opening')
      store.update({ pauseReason: 'silence' });
    store.update({ floor: /** @type {import('./view-state.js').Floor} */ (phase) });
    interview.apply({ type: isPaused ? 'paused' : 'resumed' });
  }

  return {
    message: (/** @type {Message} */ message) => readers[message.t]?.(message),
    /** @param {boolean} isPaused */
    expectPause(isPaused) {
      expected = isPaused;
    },
  };
}

/** @param {unknown} state */
function isOverState(state) {
  return state === 'completed' || state === 'failed' || state === 'cancelled';
}
