/** Can the candidate be heard, and hear? If not, how to go on all the same. */

import { button, h, setText } from '../dom.js';
import { icon } from '../icons.js';
import { levelMeter } from '../level-meter.js';
import { restingOrb, spread } from './layout.js';
import { deviceChoice, hasFailed, isUnheard, rescueActions } from './mic-rescue.js';

/** @typedef {import('../view-state.js').ViewState} ViewState */

/** @type {import('../stage.js').MakeScreen} */
export function deviceCheckScreen(app) {
  const { interview, texts } = app;
  const { t } = texts;
  const { levels } = interview.audio;
  const orb = restingOrb(() => ({ mode: 'idle', speaker: 0, microphone: levels.microphone }));
  const meter = levelMeter(t('check.level_label'), () => levels.microphone);
  const heading = h('h1', { tabindex: -1, text: t('check.heading') });
  const status = h('p', { class: 'check-status', role: 'status' });
  const device = deviceChoice(app);
  const soundPlayed = h('span', { class: 'fine', role: 'status' });
  const playSound = button(
    t('check.play_sound'),
    () => {
      interview.testSound();
      setText(soundPlayed, t('check.sound_played'));
    },
    { icon: icon('speaker') },
  );
  const sound = h('div', { class: 'check-sound' }, playSound, soundPlayed);
  const hint = h('p', { class: 'fine', text: t('check.headphones') });
  const lead = h('p', { class: 'lead', text: t('check.lead') });
  const start = button(t('action.start'), () => interview.start(), { kind: 'primary' });
  const rescue = rescueActions(app, () => interview.startTyping());
  const ordinary = [lead, meter.element, sound, hint, start];
  const text = h(
    'div',
    { class: 'screen-text' },
    heading,
    lead,
    h('div', { class: 'check-panel' }, status, meter.element, device.element),
    sound,
    hint,
    h('div', { class: 'actions' }, start, ...rescue.elements),
  );
  return {
    element: spread(text, orb.element),
    heading,
    dispose() {
      orb.dispose();
      meter.dispose();
    },
    update(view) {
      const isReady = view.micState === 'granted' && view.connection !== 'lost';
      start.toggleAttribute('disabled', !isReady);
      for (const part of ordinary) part.hidden = view.isMovedToTab || hasFailed(view);
      status.dataset.tone = tone(view);
      setText(status, describe(view, app));
      device.update(view);
      setText(hint, t(view.isEchoing ? 'mic.echo' : 'check.headphones'));
      rescue.update(view);
    },
  };
}

/** @param {ViewState} view */
function tone(view) {
  if (view.isMovedToTab) return 'good';
  if (hasFailed(view) || isUnheard(view)) return 'problem';
  return view.micState === 'granted' && view.wasHeard ? 'good' : 'wait';
}

/**
 * @param {ViewState} view
 * @param {import('../stage.js').App} app
 */
function describe(view, { texts: { t }, host }) {
  if (view.isMovedToTab) return t('mic.tab_opened');
  if (view.connection === 'lost') return t('check.connecting');
  if (view.micState === 'granted') {
    if (view.isMicSilent) return t('check.silent');
    return t(view.wasHeard ? 'check.heard' : 'check.listening');
  }
  if (hasFailed(view)) return t(`mic.${view.micState}`);
  // Browsers ask in the name of the page in the address bar, which is not ours inside a frame.
  const site = host.origin ? new URL(host.origin).host : location.host;
  return t('check.site_prompt', { site });
}
