/** The conversation: who speaks, what was said, and every button the candidate may need. */

import { clockText, h, setText } from '../dom.js';
import { icon } from '../icons.js';
import { levelMeter } from '../level-meter.js';
import { answerForm } from './answer-form.js';
import { captionsPanel } from './captions-panel.js';
import { liveControls } from './controls.js';
import { liveCover } from './cover.js';
import { restingOrb } from './layout.js';
import { micHelp } from './mic-help.js';

/** @typedef {import('../view-state.js').ViewState} ViewState */

/** @type {Record<import('../view-state.js').Floor, import('../orb.js').OrbMode>} */
const ORB = {
  opening: 'idle',
  listening: 'listening',
  deciding: 'thinking',
  speaking: 'speaking',
  paused: 'still',
  closing: 'speaking',
  hold: 'idle',
};

/** @type {import('../stage.js').MakeScreen} */
export function liveScreen(app) {
  const { interview, store, texts } = app;
  const { t } = texts;
  const { levels } = interview.audio;
  const heading = h('h1', { class: 'visually-hidden', tabindex: -1, text: t('live.heading') });
  const orb = restingOrb(() => ({ mode: ORB[store.get().floor] ?? 'idle', ...levels }));
  const meter = levelMeter(t('check.level_label'), () => levels.microphone);
  const progress = progressStrip(app);
  const speaker = speakerLine(t);
  const help = micHelp(app);
  const form = answerForm(app);
  const controls = liveControls(app);
  const captions = captionsPanel(t);
  const middle = h('div', { class: 'live-middle' }, orb.element, speaker.element, meter.element);
  const parts = [progress, help, { element: middle }, captions, form, controls];
  const content = h('div', { class: 'live-content' }, ...parts.map((part) => part.element));
  const cover = liveCover(app, content);
  return {
    element: h('div', { class: 'screen live' }, heading, content, cover.element),
    heading,
    dispose() {
      orb.dispose();
      meter.dispose();
      progress.dispose();
      captions.dispose();
    },
    update(view) {
      progress.update(view);
      speaker.update(view);
      meter.element.hidden = view.micState !== 'granted';
      help.update(view);
      form.update(view);
      controls.update(view);
      captions.update(view);
      cover.update(view);
    },
  };
}

/** @param {import('../stage.js').App} app */
function progressStrip({ store, texts: { t } }) {
  const question = h('span', { class: 'question-number' });
  const bar = h('progress', { max: 1, value: 0, 'aria-hidden': 'true' });
  const time = h('span', { class: 'time' });
  const element = h('div', { class: 'progress-strip' }, question, bar, time);
  const showTime = () => {
    const { deadlineAt, startedAt } = store.get();
    const now = performance.now();
    if (deadlineAt !== null) {
      setText(time, `${t('live.time_left')} ${clockText(deadlineAt - now)}`);
    } else if (startedAt !== null) {
      setText(time, `${t('live.time_elapsed')} ${clockText(now - startedAt)}`);
    }
  };
  const ticking = setInterval(showTime, 500);
  return {
    element,
    dispose: () => clearInterval(ticking),
    update(/** @type {ViewState} */ { questionNumber: number, questionCount: total }) {
      question.hidden = number < 1;
      if (number > 0) {
        setText(
          question,
          total ? t('live.question_of', { number, total }) : t('live.question', { number }),
        );
      }
      bar.hidden = total < 1 || number < 1;
      bar.value = total ? Math.min(1, number / total) : 0;
      showTime();
    },
  };
}

/** @param {import('../i18n.js').Translate} t */
function speakerLine(t) {
  const text = h('span', {});
  const mark = h('span', { class: 'speaker-icon' });
  const element = h('p', { class: 'speaker-line' }, mark, text);
  let shown = '';
  return {
    element,
    update(/** @type {ViewState} */ view) {
      const { key, name, who } = whoSpeaks(view);
      if (key === shown) return;
      shown = key;
      element.dataset.who = who;
      mark.replaceChildren(icon(name));
      setText(text, t(`live.${key}`));
    },
  };
}

/**
 * @param {ViewState} view
 * @returns {{key: string, name: import('../icons.js').IconName, who: string}}
 */
function whoSpeaks({ floor, isCandidateSpeaking, isMuted, isTyping, micState }) {
  if (floor === 'speaking')
    return { key: 'speaker_interviewer', name: 'voice', who: 'interviewer' };
  if (floor === 'closing') return { key: 'speaker_closing', name: 'voice', who: 'interviewer' };
  if (floor === 'opening') return { key: 'speaker_opening', name: 'voice', who: 'none' };
  if (floor === 'deciding') return { key: 'speaker_thinking', name: 'list', who: 'none' };
  if (isTyping && micState !== 'granted') {
    return { key: 'speaker_typing', name: 'keyboard', who: 'candidate' };
  }
  if (isMuted) return { key: 'speaker_muted', name: 'microphoneOff', who: 'none' };
  if (isCandidateSpeaking) return { key: 'speaker_candidate', name: 'person', who: 'candidate' };
  if (floor === 'hold') return { key: 'speaker_hold', name: 'think', who: 'none' };
  return { key: 'speaker_listening', name: 'ear', who: 'candidate' };
}
