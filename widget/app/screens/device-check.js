/** Can the candidate be heard, and hear? If not, how to go on all the same. */

import { copyText } from '../clipboard.js';
import { button, h, setLabel, setText } from '../dom.js';
import { icon } from '../icons.js';
import { levelMeter } from '../level-meter.js';
import { restingOrb, spread } from './layout.js';

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
  const devices = h('select', {
    on: { change: () => interview.allowMicrophone(devices.value) },
  });
  const device = h(
    'label',
    { class: 'field' },
    h('span', { text: t('check.microphone') }),
    devices,
  );
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
  const rescue = rescueActions(app);
  const ordinary = [lead, meter.element, sound, hint, start];
  const text = h(
    'div',
    { class: 'screen-text' },
    heading,
    lead,
    h('div', { class: 'check-panel' }, status, meter.element, device),
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
      listDevices(devices, view, t);
      device.hidden = view.micState !== 'granted' || view.devices.length < 2;
      rescue.update(view);
    },
  };
}

/** @param {import('../stage.js').App} app */
function rescueActions({ interview, store, texts: { t } }) {
  const again = button(t('check.allow_microphone'), () => interview.allowMicrophone(), {
    icon: icon('microphone'),
    kind: 'primary',
  });
  const ownTab = button(t('mic.open_tab'), () => interview.openOwnTab(), {
    icon: icon('tab'),
    kind: 'primary',
  });
  const typing = button(t('check.continue_typing'), () => interview.startTyping(), {
    icon: icon('keyboard'),
    kind: 'quiet',
  });
  const copy = button(
    t('mic.copy_link'),
    async () => {
      if (await copyText(store.get().ownTabUrl)) interview.announce('mic.link_copied');
    },
    { icon: icon('copy') },
  );
  return {
    elements: [again, ownTab, copy, typing],
    update(/** @type {ViewState} */ view) {
      const { micState, isMovedToTab } = view;
      const isBlocked = micState === 'blocked_by_policy';
      again.hidden = !hasFailed(view) || isBlocked || isMovedToTab;
      setLabel(again, t(micState === 'denied' ? 'check.allow_microphone' : 'action.retry'));
      ownTab.hidden = !isBlocked || isMovedToTab;
      copy.hidden = !isMovedToTab;
      typing.hidden = isMovedToTab;
    },
  };
}

/** Then the way out comes first, and nothing that needs the microphone is shown. */
function hasFailed(/** @type {ViewState} */ { micState }) {
  return micState !== 'granted' && micState !== 'waiting' && micState !== 'unknown';
}

/** @param {ViewState} view */
function tone({ micState, wasHeard, isMicSilent, isMovedToTab }) {
  if (isMovedToTab) return 'good';
  if (micState === 'waiting' || micState === 'unknown') return 'wait';
  if (micState !== 'granted' || isMicSilent) return 'problem';
  return wasHeard ? 'good' : 'wait';
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

/**
 * @param {HTMLSelectElement} select
 * @param {ViewState} view
 * @param {import('../i18n.js').Translate} t
 */
function listDevices(select, { devices, deviceId }, t) {
  const known = devices.map((device) => device.deviceId + device.label).join();
  if (select.dataset.known === known) return;
  select.dataset.known = known;
  const options = devices.map((device) =>
    h('option', { value: device.deviceId, text: device.label || t('check.default_device') }),
  );
  select.replaceChildren(...options);
  if (deviceId) select.value = deviceId;
}
