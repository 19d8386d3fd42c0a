/** The candidate's buttons. None of them ever counts against anybody. */

import { button, h, setLabel } from '../dom.js';
import { icon } from '../icons.js';

/** @param {import('../stage.js').App} app */
export function liveControls({ interview, store, texts: { t } }) {
  /**
   * @param {string} name
   * @param {import('../icons.js').IconName} picture
   * @param {() => void} act
   */
  const tool = (name, picture, act) =>
    button(t(`live.${name}`), act, { kind: 'tool', icon: icon(picture), hint: hintOf(name, t) });

  const hold = tool('hold', 'think', () => {
    interview.ask(store.get().floor === 'hold' ? 'resume' : 'hold');
  });
  const mute = tool('mute', 'microphone', () => interview.mute(!store.get().isMuted));
  const type = tool('type', 'keyboard', () => {
    store.update({ isTyping: !store.get().isTyping });
  });
  const dialog = endDialog(interview, t);
  const end = button(t('action.end'), () => dialog.open(), { kind: 'tool', icon: icon('end') });
  end.classList.add('ending');
  const element = h(
    'div',
    { class: 'controls', role: 'group', 'aria-label': t('live.controls_label') },
    tool('repeat', 'repeat', () => interview.ask('repeat')),
    tool('rephrase', 'rephrase', () => interview.ask('rephrase')),
    tool('skip', 'skip', () => interview.ask('skip')),
    hold,
    mute,
    type,
    tool('pause', 'pause', () => interview.pause()),
    end,
    dialog.element,
  );

  return {
    element,
    update(/** @type {import('../view-state.js').ViewState} */ view) {
      end.toggleAttribute('disabled', view.isEnding);
      const isHolding = view.floor === 'hold';
      setLabel(hold, t(isHolding ? 'live.unhold' : 'live.hold'));
      hold.setAttribute('aria-pressed', String(isHolding));
      setLabel(mute, t(view.isMuted ? 'live.unmute' : 'live.mute'));
      mute.querySelector('.icon')?.replaceWith(icon(view.isMuted ? 'microphoneOff' : 'microphone'));
      mute.setAttribute('aria-pressed', String(view.isMuted));
      mute.hidden = view.micState !== 'granted';
      setLabel(type, t(view.isTyping ? 'live.type_close' : 'live.type'));
      type.setAttribute('aria-expanded', String(view.isTyping));
    },
  };
}

/**
 * @param {string} name
 * @param {import('../i18n.js').Translate} t
 */
function hintOf(name, t) {
  return ['repeat', 'rephrase', 'skip', 'hold'].includes(name) ? t(`live.${name}_hint`) : undefined;
}

/**
 * @param {import('../interview.js').Interview} interview
 * @param {import('../i18n.js').Translate} t
 */
function endDialog(interview, t) {
  const keep = button(t('live.end_keep'), () => element.close(), { kind: 'secondary' });
  const end = button(
    t('action.end'),
    () => {
      element.close();
      interview.end();
    },
    { kind: 'danger' },
  );
  const heading = h('h2', { id: 'end-heading', text: t('live.end_heading') });
  const text = h('p', { text: t('live.end_text') });
  const actions = h('div', { class: 'actions' }, end, keep);
  const element = h(
    'dialog',
    { class: 'ask', 'aria-labelledby': 'end-heading' },
    heading,
    text,
    actions,
  );
  const open = () => {
    element.showModal();
    keep.focus(); // a stray Enter must not end anything
  };
  return { element, open };
}
