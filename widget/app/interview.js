/**
 * One interview from the first tap to the last word: joins the connection, the microphone, the speaker
 * and the host page. What is shown is decided in `phases.js`; how it looks, in `screens/`.
 */

import { AudioPath } from './audio-path.js';
import { Connection } from './connection.js';
import { Entrance } from './entrance.js';
import { listenTo } from './listening.js';
import { MicSender } from './mic-sender.js';
import { advance, isInInterview } from './phases.js';
import { Queueing } from './queueing.js';
import { watchReturns } from './returning.js';
import { createReader } from './server-messages.js';
import { openSession, Refusal, requestOwnTab } from './sessions.js';
import { observe, screenState } from './signals.js';
import { keepAwake } from './wake-lock.js';
import { FLAG, FRAME_MS } from './wire.js';

const AWAY_LONG_MS = 50_000; // the ring of the microphone holds sixty seconds
const STATS_EVERY_MS = 15_000;
const NOTICE_MS = 8_000;

/**
 * @typedef {object} InterviewParts
 * @property {import('./launch.js').FrameConfig} config
 * @property {Record<string, unknown> | null} credential
 * @property {import('./store.js').Store<import('./view-state.js').ViewState>} store
 * @property {import('./host-port.js').HostPort} host
 * @property {import('./timers.js').Timers} timers
 * @property {import('./resume-store.js').ResumeStore} resume
 * @property {string} locale
 */

export class Interview {
  /** @param {InterviewParts} parts */
  constructor({ config, credential, store, host, timers, resume, locale }) {
    this.config = config;
    this.entrance = new Entrance({ credential, host, timers, resume });
    this.queueing = new Queueing({ interview: this, entrance: this.entrance, resume });
    this.store = store;
    this.host = host;
    this.timers = timers;
    this.resume = resume;
    this.locale = locale;
    this.isHostFocused = false;
    this.cleanUp = () => {};
    this.sender = new MicSender();
    this.audio = new AudioPath(timers, {
      ...listenTo(this),
      onPlayed: (utt, pts) => this.connection?.send('played', { utt, pts }),
      onCancelled: (utt, pts) => this.connection?.send('cancelled', { utt, pts }),
      onLead: (ms) => this.connection?.send('lead', { ms }),
      onGap: (gap) => this.connection?.send('gap', gap),
      onInterrupted: () => this.pause('interrupted'),
    });
    /** @type {Connection | null} */
    this.connection = null;
    this.read = createReader(this);
  }

  get view() {
    return this.store.get();
  }

  /** @param {import('./phases.js').PhaseEvent} event */
  apply(event) {
    const before = this.view.phase;
    this.store.update(advance(this.view, event));
    const { phase } = this.view;
    if (phase === before) return;
    this.host.post('state', { phase });
    if (isInInterview(phase) && !isInInterview(before)) this.#enter();
    if (!isInInterview(phase) && isInInterview(before)) this.cleanUp();
  }

  /* What the candidate does. Each is called inside a tap. */

  begin() {
    this.audio.unlock();
    if (this.view.isReturning) this.#askForMicrophone();
    this.#admit();
  }

  /** @param {string[]} items the ids of everything agreed to */
  agree(items) {
    const { policy_version } = this.view.consent;
    this.audio.unlock();
    this.connection?.agree({ policy_version, items });
    this.host.post('consent', { policy_version });
    this.apply({ type: 'agreed' });
    this.#askForMicrophone();
  }

  start() {
    this.audio.unlock();
    this.connection?.startRecording();
    this.apply({ type: 'started' });
    this.host.post('started');
  }

  allowMicrophone(deviceId = this.view.deviceId) {
    this.audio.unlock();
    this.store.update({ deviceId, wasHeard: false });
    this.#askForMicrophone(deviceId);
  }

  startTyping() {
    this.store.update({ isTyping: true });
    this.start();
  }

  testSound() {
    this.audio.unlock();
    this.audio.chime();
  }

  /** @param {'repeat'|'rephrase'|'skip'|'hold'|'resume'} op */
  ask(op) {
    this.connection?.send('control', { op });
  }

  /** @param {'asked'|'interrupted'} [reason] */
  pause(reason = 'asked') {
    if (this.view.phase !== 'live') return;
    this.store.update({ pauseReason: reason });
    this.read.expectPause(true);
    this.audio.speaker.hold(true);
    this.connection?.send('control', { op: 'pause' });
    this.apply({ type: 'paused' });
  }

  unpause() {
    this.audio.unlock();
    this.read.expectPause(false);
    this.audio.speaker.hold(false);
    this.connection?.send('control', { op: 'resume' });
    this.apply({ type: 'resumed' });
  }

  mute(/** @type {boolean} */ isMuted) {
    this.store.update({ isMuted });
    this.connection?.send('mic', { state: isMuted ? 'muted' : 'granted' });
    if (isMuted) this.report('microphone_muted', {});
  }

  answer(/** @type {string} */ text) {
    if (text.trim()) this.connection?.send('answer_text', { text: text.trim() });
  }

  end() {
    // First this, or the server would take going on for the newer wish.
    if (this.view.phase === 'paused') this.unpause();
    this.connection?.send('control', { op: 'end' });
    // Whoever ended it has nothing to add: no word of theirs interrupts the goodbye.
    this.store.update({ floor: 'closing', isEnding: true });
  }

  submit() {
    this.apply({ type: 'submitted' });
  }

  retry() {
    this.connection?.close();
    this.connection = null;
    this.apply({ type: 'restarted' });
  }

  /** The host forbids the microphone: the same interview, in a tab where nobody does. */
  async openOwnTab() {
    const place = this.connection?.grant;
    if (!place) return;
    const tab = window.open('', '_blank'); // inside the tap; the address comes later
    try {
      const { session_id, resume_handle } = place;
      const { url } = await requestOwnTab({ session_id, resume_handle });
      if (tab) {
        tab.opener = null;
        tab.location.href = url;
      } else {
        this.host.post('popout.request', { url });
      }
      this.connection?.close();
      this.resume.clear();
      this.store.update({ ownTabUrl: url, isMovedToTab: true });
    } catch (refusal) {
      tab?.close();
      this.refuse(refusal);
    }
  }

  destroy() {
    this.connection?.close();
    this.entrance.leave();
    this.audio.close();
    this.cleanUp();
  }

  /* What happens to it. */

  /** @param {import('./signals.js').SignalKind} kind @param {Record<string, string | number | boolean>} data */
  report(kind, data) {
    if (!isInInterview(this.view.phase)) return;
    const at = Math.round(this.sender.ring.next * FRAME_MS); // the recording's clock
    this.connection?.send('signal', { kind, at, data });
    // That there is no second screen, or no telling, is an answer and not an event.
    const isEvent = kind !== 'extra_screen' || data.state === 'extended';
    if (isEvent) this.store.update({ noted: [...this.view.noted, { kind, at }] });
  }

  fail(/** @type {string} */ code) {
    this.audio.stopListening();
    this.host.post('error', { code });
    this.apply({ type: 'failed', code });
  }

  /** @param {{isFirst: boolean, inProgress: boolean, needsConsent: boolean}} admission */
  admitted({ isFirst, inProgress, needsConsent }) {
    this.store.update({ isBusy: false, connection: 'good', isAwayLong: false });
    if (this.audio.speaker.leadMs) this.connection?.send('lead', { ms: this.audio.speaker.leadMs });
    if (isFirst) {
      this.apply({ type: 'admitted', inProgress, needsConsent });
      if (inProgress || !needsConsent) this.#askForMicrophone();
      return;
    }
    this.apply({ type: 'connection_restored' });
    this.report('reconnected', {});
  }

  /** @param {string} reason @param {boolean} review */
  finish(reason, review) {
    this.audio.stopListening();
    this.resume.clear();
    this.store.update({ endedReason: reason });
    this.apply({ type: 'ended', review });
    if (reason === 'completed') this.host.post('completed', {});
    this.host.post('ended', { reason });
    this.connection?.close(); // what is reviewed is here already
  }

  async #admit() {
    this.store.update({ isBusy: true });
    try {
      const { grant, isResuming } = await this.entrance.exchange();
      await this.audio.attached;
      this.#remember(grant);
      this.queueing.stop();
      this.resume.saveInvitation(null);
      this.connection?.close();
      this.connection = this.#connect();
      this.connection.open(grant, { isResuming });
    } catch (refusal) {
      this.refuse(refusal);
    }
  }

  #connect() {
    return new Connection({
      renew: openSession,
      timers: this.timers,
      sender: this.sender,
      unsent: this.resume.unsent,
      introduce: () => ({ locale: this.locale, caps: ['pcm16', 'captions', 'typing'] }),
      events: {
        onMessage: (message) => this.read.message(message),
        onAudio: (frame) => this.audio.speaker.play(frame, (frame.flags & FLAG.LAST) !== 0),
        onLost: () => this.#noteLoss(),
        onRoundTrip: (ms) => this.audio.speaker.roundTrip(ms),
        onFailed: (code) => this.fail(code),
        onHandle: (resume_handle) => this.#rotate(resume_handle),
      },
    });
  }

  #noteLoss() {
    this.store.update({ connection: 'lost' });
    this.apply({ type: 'connection_lost' });
    const { connection } = this;
    this.timers.after(AWAY_LONG_MS, () => {
      if (connection?.lostAt) this.store.update({ isAwayLong: true });
    });
  }

  /** @param {import('./sessions.js').Grant} grant */
  #remember({ session_id, resume_handle }) {
    this.resume.save({ session_id, resume_handle, started: isInInterview(this.view.phase) });
  }

  #rotate(/** @type {string} */ resume_handle) {
    const grant = this.connection?.grant;
    if (grant && !this.connection?.isClosed) this.#remember({ ...grant, resume_handle });
  }

  /** @param {unknown} refusal */
  refuse(refusal) {
    this.store.update({ isBusy: false });
    if (!(refusal instanceof Refusal)) throw refusal;
    if (refusal.isFull) return this.queueing.join();
    this.queueing.stop();
    if (!refusal.isTemporary) this.resume.clear();
    return this.fail(refusal.screenCode);
  }

  async #askForMicrophone(deviceId = this.view.deviceId) {
    this.store.update({ micState: 'waiting' });
    await this.audio.microphone.acquire(deviceId);
  }

  #enter() {
    const grant = this.connection?.grant;
    if (grant) this.#remember(grant);
    this.store.update({ startedAt: performance.now() });
    this.report('extra_screen', { state: screenState() });
    const stopObserving = observe((kind, data) => this.report(kind, data), {
      sessionId: grant?.session_id ?? '',
      isHostFocused: () => this.isHostFocused,
      timers: this.timers,
    });
    const letSleep = keepAwake();
    const stopWatching = watchReturns(this.timers, () => this.#comeBack());
    const stopStats = this.timers.every(STATS_EVERY_MS, () => this.#reportStats());
    this.cleanUp = () => {
      stopObserving();
      stopWatching();
      letSleep();
      stopStats();
      this.cleanUp = () => {};
    };
  }

  #comeBack() {
    this.audio.check();
    this.connection?.doubt();
  }

  #reportStats() {
    const { socket } = this.connection ?? {};
    this.connection?.send('stats', {
      gaps: this.audio.speaker.gaps,
      lead_ms: this.audio.speaker.leadMs,
      round_trip_ms: this.audio.speaker.roundTripMs,
      buffered_bytes: socket?.bufferedAmount ?? 0,
      unsent_frames: this.sender.ring.next - this.sender.cursor,
    });
  }

  /**
   * @param {string} key
   * @param {Record<string, string>} [values]
   */
  announce(key, values) {
    this.store.update({ notice: values ? { key, values } : { key } });
    this.timers.after(NOTICE_MS, () => this.#withdraw(key));
  }

  #withdraw(/** @type {string} */ key) {
    if (this.view.notice?.key === key) this.store.update({ notice: null });
  }
}
