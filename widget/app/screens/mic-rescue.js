/** The ways on when the microphone does not work, before the interview and in it. */

import { copyText } from '../clipboard.js';
import { button, h, setLabel } from '../dom.js';
import { icon } from '../icons.js';

/** @typedef {import('../view-state.js').ViewState} ViewState */

/**
 * @param {import('../stage.js').App} app
 * @param {() => void} onTyping
 */
export function rescueActions({ interview, store, texts: { t } }, onTyping) {
  const again = button(t('check.allow_microphone'), () => interview.allowMicrophone(), {
    icon: icon('microphone'),
    kind: 'primary',
  });
  const ownTab = button(t('mic.open_tab'), () => interview.openOwnTab(), {
    icon: icon('tab'),
    kind: 'primary',
  });
  const typing = button(t('check.continue_typing'), onTyping, {
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
    typing,
    update(/** @type {ViewState} */ view) {
      const { micState, isMovedToTab } = view;
      const isBlocked = micState === 'blocked_by_policy';
      again.hidden = !(hasFailed(view) || isUnheard(view)) || isBlocked || isMovedToTab;
      again.classList.toggle('primary', hasFailed(view));
      again.classList.toggle('secondary', !hasFailed(view));
      setLabel(again, t(micState === 'denied' ? 'check.allow_microphone' : 'action.retry'));
      ownTab.hidden = !isBlocked || isMovedToTab;
      copy.hidden = !isMovedToTab;
      typing.hidden = isMovedToTab;
    },
  };
}

/**
 * Which of several microphones; shown only where there is a choice.
 *
 * @param {import('../stage.js').App} app
 */
export function deviceChoice({ interview, texts: { t } }) {
  const select = h('select', {
    on: { change: () => interview.allowMicrophone(select.value) },
  });
  const element = h(
    'label',
    { class: 'field' },
    h('span', { text: t('check.microphone') }),
    select,
  );
  let known = '';
  return {
    element,
    update(/** @type {ViewState} */ { devices, deviceId, micState }) {
      element.hidden = micState !== 'granted' || devices.length < 2;
      const now = devices.map((device) => device.deviceId + device.label).join();
      if (known === now) return;
      known = now;
      const options = devices.map((device) =>
        h('option', { value: device.deviceId, text: device.label || t('check.default_device') }),
      );
      select.replaceChildren(...options);
      if (deviceId) select.value = deviceId;
    },
  };
}

/** Then the way out comes first, and nothing that needs the microphone is shown. */
export function hasFailed(/** @type {ViewState} */ { micState }) {
  return micState !== 'granted' && micState !== 'waiting' && micState !== 'unknown';
}

/** There is a microphone, and it carries nothing. */
export function isUnheard(/** @type {ViewState} */ { micState, isMicSilent, isMuted }) {
  return micState === 'granted' && isMicSilent && !isMuted;
}
