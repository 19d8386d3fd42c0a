/** The candidate's microphone. */

import {
  askForMicrophone,
  cancelsEcho,
  listMicrophones,
  nameOf,
  watchPermission,
} from './mic-access.js';
import { MicHealth } from './mic-health.js';
import { loadWorklets } from './sound.js';

const SETTLE_MS = 300; // a headset comes as several changes
const ASK_AGAIN_MS = 5000; // no browser says when another program lets go of the device

/** @typedef {'unknown'|'waiting'|'granted'|import('./mic-access.js').MicTrouble} MicState */

/**
 * @typedef {object} MicrophoneEvents
 * @property {(frame: Int16Array, level: number) => void} onFrame valid only during the call
 * @property {(state: MicState) => void} onState
 * @property {(label: string) => void} onDeviceChanged
 * @property {(health: MicHealth) => void} onHealth after each frame of an attached device
 * @property {() => void} onLost
 * @property {(devices: MediaDeviceInfo[]) => void} onDevices
 * @property {(isCancelled: boolean) => void} onEcho
 */

export class Microphone {
  /**
   * @param {import('./timers.js').Timers} timers
   * @param {MicrophoneEvents} events
   */
  constructor(timers, events) {
    this.timers = timers;
    this.events = events;
    this.health = new MicHealth();
    /** @type {AudioContext | null} */
    this.context = null;
    /** @type {AudioContext | null} a second context, where the first one refuses the device's rate */
    this.ownContext = null;
    /** @type {AudioWorkletNode | null} */
    this.node = null;
    /** @type {MediaStreamAudioSourceNode | null} */
    this.source = null;
    /** @type {MediaStream | null} */
    this.stream = null;
    /** What the candidate chose; '' follows the system. */
    this.chosenId = '';
    this.systemGroup = '';
    /** @type {MicState} */
    this.state = 'unknown';
    /** The newest wish counts; whatever the browser grants to an older one is given back. */
    this.asked = 0;
    this.isWatching = false;
    this.cancelSettle = () => {};
    this.cancelRetry = () => {};
    this.stopWatchingPermission = () => {};
    this.onDeviceChange = () => this.#settle();
  }

  /** Call once the worklets of the context are loaded. */
  attach(/** @type {AudioContext} */ context) {
    this.context = context;
    this.#startNode(context);
    if (this.stream) this.#connect(this.stream);
  }

  /**
   * Asks for the microphone; call in a tap, the first time.
   *
   * @param {string} [deviceId]
   * @returns {Promise<boolean>} whether it was granted
   */
  acquire(deviceId = this.chosenId) {
    this.chosenId = deviceId;
    return this.#acquire(deviceId);
  }

  /** The interviewer waits, and the server hears nothing. */
  doubt() {
    this.health.doubt();
    if (this.stream) this.#acquire(this.#current ?? '');
  }

  /** The page is back, and may have missed what happened to the device. */
  check() {
    if (!this.isWatching) return;
    this.health.suspect();
    this.#settle();
  }

  release() {
    this.asked += 1;
    this.#stopWatching();
    this.#dropStream();
    this.#stopNode();
    this.#closeOwnContext();
  }

  /** @param {string} deviceId */
  async #acquire(deviceId) {
    this.asked += 1;
    const { asked } = this;
    this.cancelRetry();
    this.#watch();
    const answer = await askForMicrophone(deviceId);
    if (asked !== this.asked) {
      if (typeof answer !== 'string') stop(answer);
      return this.state === 'granted';
    }
    if (typeof answer === 'string') return this.#fail(answer);
    this.#adopt(answer);
    await this.#listDevices();
    return this.#enter('granted');
  }

  /** @param {MicState} state */
  #enter(state) {
    this.state = state;
    this.events.onState(state);
    return state === 'granted';
  }

  /** @param {import('./mic-access.js').MicTrouble} trouble */
  #fail(trouble) {
    this.#dropStream();
    if (trouble === 'in_use') {
      this.cancelRetry = this.timers.after(ASK_AGAIN_MS, () => this.#acquire(this.chosenId));
    }
    return this.#enter(trouble);
  }

  /** @param {MediaStream} stream */
  #adopt(stream) {
    const before = this.stream?.getAudioTracks()[0]?.label;
    this.#dropStream();
    this.stream = stream;
    const track = trackOf(stream);
    track.addEventListener('ended', () => {
      if (this.stream === stream) this.#recover();
    });
    if (before && track.label !== before) this.events.onDeviceChanged(track.label);
    if (track.label !== before) this.health.attach();
    cancelsEcho(track).then((isCancelled) => {
      if (this.stream === stream) this.events.onEcho(isCancelled);
    });
    this.#connect(stream);
  }

  /** @param {MediaStream} stream */
  #connect(stream) {
    const { context } = this;
    this.source?.disconnect();
    this.source = null;
    if (!this.node || !context) return;
    try {
      const source = context.createMediaStreamSource(stream);
      if (this.ownContext) this.#startNode(context);
      this.#closeOwnContext();
      this.source = source;
      source.connect(this.node);
    } catch (error) {
      if (nameOf(error) !== 'NotSupportedError') throw error;
      this.#connectAtOwnRate(stream).catch(() => this.stream === stream && this.#fail('in_use'));
    }
  }

  /** Firefox, after a Bluetooth headset changed the rate of the device. @param {MediaStream} stream */
  async #connectAtOwnRate(stream) {
    const { sampleRate } = trackOf(stream).getSettings();
    const context = new AudioContext(sampleRate ? { sampleRate } : {});
    context.resume().catch(() => {});
    await loadWorklets(context, ['resampler', 'capture']);
    if (this.stream !== stream) return void context.close();
    this.#closeOwnContext();
    this.ownContext = context;
    this.#startNode(context);
    this.source = context.createMediaStreamSource(stream);
    if (this.node) this.source.connect(this.node);
  }

  #closeOwnContext() {
    this.ownContext?.close().catch(() => {});
    this.ownContext = null;
  }

  /** @param {AudioContext} context */
  #startNode(context) {
    this.#stopNode();
    const node = new AudioWorkletNode(context, 'vv-capture', {
      numberOfInputs: 1,
      numberOfOutputs: 1,
      outputChannelCount: [1],
      channelCount: 1,
      channelCountMode: 'explicit',
      channelInterpretation: 'speakers',
    });
    node.port.onmessage = (event) => this.#receive(node, event.data);
    node.connect(context.destination); // silent, but only a connected node is run
    this.node = node;
  }

  #stopNode() {
    this.source?.disconnect();
    this.source = null;
    if (!this.node) return;
    this.node.port.onmessage = null;
    this.node.disconnect();
    this.node = null;
  }

  #dropStream() {
    this.source?.disconnect();
    this.source = null;
    if (this.stream) stop(this.stream);
    this.stream = null;
  }

  /**
   * @param {AudioWorkletNode} node
   * @param {import('./worklet-messages.js').Captured} captured
   */
  #receive(node, captured) {
    this.#judge(captured);
    this.events.onFrame(captured.frame, captured.level);
    node.port.postMessage(captured.frame, [captured.frame.buffer]);
  }

  /** @param {import('./worklet-messages.js').Captured} captured */
  #judge(captured) {
    if (!this.stream) return;
    const shouldRetry = this.health.observe(captured, trackOf(this.stream).muted);
    this.events.onHealth(this.health);
    if (shouldRetry) this.#acquire(this.#current ?? '');
  }

  get #current() {
    return this.stream ? trackOf(this.stream).getSettings().deviceId : undefined;
  }

  #watch() {
    if (this.isWatching || !navigator.mediaDevices) return;
    this.isWatching = true;
    navigator.mediaDevices.addEventListener('devicechange', this.onDeviceChange);
    this.stopWatchingPermission = watchPermission(() => {
      if (this.state !== 'granted') this.#acquire(this.chosenId);
    });
  }

  #stopWatching() {
    this.isWatching = false;
    this.cancelSettle();
    this.cancelRetry();
    this.stopWatchingPermission();
    navigator.mediaDevices?.removeEventListener('devicechange', this.onDeviceChange);
  }

  #settle() {
    this.cancelSettle();
    this.cancelSettle = this.timers.after(SETTLE_MS, () => this.#follow());
  }

  /** Goes where the candidate, or else the system, wants the microphone to be. */
  async #follow() {
    const { asked, systemGroup } = this;
    const devices = await this.#listDevices();
    if (asked !== this.asked || !this.isWatching) return;
    const has = (/** @type {string} */ id) => devices.some((one) => one.deviceId === id);
    const isGone = !this.stream || trackOf(this.stream).readyState === 'ended';
    const current = this.#current;
    if (isGone || (current && !has(current))) return this.#recover();
    const isBack = this.chosenId !== '' && this.chosenId !== current && has(this.chosenId);
    const isMoved = this.chosenId === '' && this.systemGroup !== systemGroup;
    if (isBack || isMoved) this.#acquire(this.chosenId);
  }

  /** The device is gone: the one that was chosen if it can be had, else any. */
  #recover() {
    if (this.stream) this.events.onLost();
    const isRefused = this.state === 'denied' || this.state === 'blocked_by_policy';
    if (!isRefused) this.#acquire(this.chosenId);
  }

  async #listDevices() {
    const devices = await listMicrophones();
    this.systemGroup = devices.find((one) => one.deviceId === 'default')?.groupId ?? '';
    this.events.onDevices(devices);
    return devices;
  }
}

/** @param {MediaStream} stream */
function trackOf(stream) {
  return /** @type {MediaStreamTrack} */ (stream.getAudioTracks()[0]);
}

/** @param {MediaStream} stream */
function stop(stream) {
  for (const track of stream.getTracks()) track.stop();
}
