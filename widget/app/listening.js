/** What each event of the candidate's microphone changes, and what of it is sent. */

import { isInInterview, isResting } from './phases.js';

/**
 * @param {import('./interview.js').Interview} interview
 * @returns {import('./microphone.js').MicrophoneEvents}
 */
export function listenTo(interview) {
  const { store } = interview;

  const noteBackpressure = () => {
    const { connection } = interview.view;
    if (connection === 'lost') return;
    const now = interview.sender.isHeldBack ? 'slow' : 'good';
    if (now !== connection) store.update({ connection: now });
  };

  return {
    onFrame(frame, level) {
      const { phase, isMuted, isEnding, micState } = interview.view;
      const isOff = isMuted || isEnding || isResting(interview.view) || micState !== 'granted';
      interview.audio.levels.microphone = isOff ? 0 : level;
      if (phase !== 'devicecheck' && !isInInterview(phase)) return;
      if (isOff) frame.fill(0);
      interview.sender.push(frame, isOff);
      noteBackpressure();
    },
    onState(micState) {
      const state = micState === 'unsupported' ? 'blocked_by_policy' : micState;
      store.update({ micState });
      interview.connection?.send('mic', { state });
      interview.host.post('mic', { state });
      if (isInInterview(interview.view.phase) && micState !== 'granted') {
        store.update({ isTyping: true, notice: null }); // the panel says more than a notice
      }
    },
    onHealth({ isHeard, isUnheard, isDead }) {
      const { phase, isMuted, isMicSilent, wasHeard } = interview.view;
      const isChecking = phase === 'devicecheck';
      if (isChecking && isHeard && !wasHeard) store.update({ wasHeard: true });
      const isSilent = isDead || (isChecking && isUnheard);
      if (isSilent === isMicSilent) return;
      store.update({ isMicSilent: isSilent });
      if (isSilent && !isMuted) interview.report('microphone_silent', {});
    },
    onEcho(isCancelled) {
      store.update({ isEchoing: !isCancelled });
      if (!isCancelled && isInInterview(interview.view.phase)) interview.announce('mic.echo');
    },
    onDevices: (devices) => store.update({ devices }),
    onDeviceChanged: (device) => interview.announce('mic.changed', { device }),
    onLost: () => interview.announce('mic.lost'),
  };
}
