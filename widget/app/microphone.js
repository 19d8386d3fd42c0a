/**
 * The candidate's microphone. Its clock never stops: while no device is attached the worklet delivers
 * silence, so a lost headset or a typed interview keeps the same time line.
 */

const CONSTRAINTS = {
  echoCancellation: true,
  noiseSuppression: true,
  autoGainControl: true,
  channelCount: { ideal: 1 },
};
const SILENT_FRAMES = 94; // three seconds of exact zeros: Safari after backgrounding, or a muted device
const SETTLE_MS = 500;
const INSTANT_MS = 200; // a person needs longer than this to refuse

/** @typedef {'unknown'|'waiting'|'granted'|'denied'|'blocked_by_policy'|'no_device'|'in_use'|'unsupported'} MicState */

/**
 * @typedef {object} MicrophoneEvents
 * @property {(frame: Int16Array, level: number) => void} onFrame valid only during the call
 * @property {(state: MicState) => void} onState
 * @property {(label: string) => void} onDeviceChanged
 * @property {(isSilent: boolean) => void} onSilent
 * @property {() => void} onLost
 * @property {(devices: MediaDeviceInfo[]) => void} onDevices
 */

export class Microphone {
  /**
   * @param {import('./timers.js').Timers} timers
   * @param {MicrophoneEvents} events
   */
  constructor(timers, events) {
    this.timers = timers;
    this.events = events;
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
    this.deviceId = '';
    this.zeros = 0;
    this.isSilent = false;
    this.cancelSettle = () => {};
    this.onDeviceChange = () => this.#settle();
  }

  /** Call once the worklets of the context are loaded. */
  attach(/** @type {AudioContext} */ context) {
    this.context = context;
    this.#startNode(context);
    if (this.stream) this.#connect(this.stream);
  }

  /**
   * Asks for the microphone; call in a tap.
   *
   * @param {string} [deviceId]
   * @returns {Promise<boolean>} whether it was granted
   */
  async acquire(deviceId = this.deviceId) {
    if (!navigator.mediaDevices?.getUserMedia) return this.#fail('unsupported');
    this.deviceId = deviceId;
    const askedAt = performance.now();
    const device = deviceId ? { deviceId: { exact: deviceId } } : {};
    try {
      const audio = { ...CONSTRAINTS, ...device };
      const stream = await navigator.mediaDevices.getUserMedia({ audio });
      this.#adopt(stream);
    } catch (error) {
      if (deviceId && nameOf(error) === 'OverconstrainedError') return this.acquire('');
      return this.#fail(explain(error, performance.now() - askedAt));
    }
    navigator.mediaDevices.addEventListener('devicechange', this.onDeviceChange);
    await this.#listDevices();
    this.events.onState('granted');
    return true;
  }

  release() {
    this.cancelSettle();
    navigator.mediaDevices?.removeEventListener('devicechange', this.onDeviceChange);
    this.#dropStream();
    this.#stopNode();
    this.ownContext?.close().catch(() => {});
    this.ownContext = null;
  }

  /** @param {MicState} state */
  #fail(state) {
    this.events.onState(state);
    return false;
  }

  /** @param {MediaStream} stream */
  #adopt(stream) {
    const before = this.stream?.getAudioTracks()[0]?.label;
    this.#dropStream();
    this.stream = stream;
    const track = stream.getAudioTracks()[0];
    track?.addEventListener('ended', () => {
      if (this.stream === stream) this.#recover();
    });
    if (before && track && track.label !== before) this.events.onDeviceChanged(track.label);
    this.zeros = 0;
    if (this.context) this.#connect(stream);
  }

  /** @param {MediaStream} stream */
  #connect(stream) {
    this.source?.disconnect();
    this.source = null;
    if (!this.node || !this.context) return;
    try {
      this.source = this.context.createMediaStreamSource(stream);
      this.source.connect(this.node);
    } catch (error) {
      if (nameOf(error) !== 'NotSupportedError') throw error;
      this.#connectAtOwnRate(stream);
    }
  }

  /** Firefox, after a Bluetooth headset changed the rate of the device. @param {MediaStream} stream */
  async #connectAtOwnRate(stream) {
    const sampleRate = stream.getAudioTracks()[0]?.getSettings().sampleRate;
    const context = new AudioContext(sampleRate ? { sampleRate } : {});
    await context.audioWorklet.addModule('/embed/worklets/capture.js');
    if (this.stream !== stream) return void context.close();
    this.#stopNode();
    this.ownContext?.close().catch(() => {});
    this.ownContext = context;
    this.#startNode(context);
    this.source = context.createMediaStreamSource(stream);
    if (this.node) this.source.connect(this.node);
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
    for (const track of this.stream?.getTracks() ?? []) track.stop();
    this.stream = null;
  }

  /**
   * @param {AudioWorkletNode} node
   * @param {import('./worklet-messages.js').Captured} captured
   */
  #receive(node, { frame, level, silent }) {
    this.#watchSilence(silent);
    this.events.onFrame(frame, level);
    node.port.postMessage(frame, [frame.buffer]);
  }

  #watchSilence(/** @type {boolean} */ silent) {
    if (!this.stream) return;
    this.zeros = silent ? this.zeros + 1 : 0;
    if (!silent) this.#noteSilence(false);
    else if (this.zeros === SILENT_FRAMES) {
      this.#noteSilence(true);
      this.acquire(); // the same device again; until it is heard, it stays silent
    }
  }

  #noteSilence(/** @type {boolean} */ isSilent) {
    if (isSilent === this.isSilent) return;
    this.isSilent = isSilent;
    this.events.onSilent(isSilent);
  }

  #settle() {
    this.cancelSettle();
    this.cancelSettle = this.timers.after(SETTLE_MS, async () => {
      const devices = await this.#listDevices();
      const current = this.stream?.getAudioTracks()[0]?.getSettings().deviceId;
      if (current && !devices.some((device) => device.deviceId === current)) this.#recover();
    });
  }

  #recover() {
    this.events.onLost();
    this.acquire('');
  }

  async #listDevices() {
    const devices = await navigator.mediaDevices.enumerateDevices().catch(() => []);
    const inputs = devices.filter((device) => device.kind === 'audioinput' && device.deviceId);
    this.events.onDevices(inputs);
    return inputs;
  }
}

/** @param {unknown} error */
function nameOf(error) {
  return error instanceof DOMException ? error.name : '';
}

/**
 * @param {unknown} error
 * @param {number} afterMs
 * @returns {MicState}
 */
function explain(error, afterMs) {
  switch (nameOf(error)) {
    case 'NotFoundError':
    case 'OverconstrainedError':
      return 'no_device';
    case 'NotReadableError':
    case 'AbortError':
      return 'in_use';
    case 'SecurityError':
      return 'blocked_by_policy';
    default:
      return isBlockedByHost(afterMs) ? 'blocked_by_policy' : 'denied';
  }
}

/** Only Chromium says so; elsewhere a refusal inside a frame that nobody had time to make is one. */
function isBlockedByHost(/** @type {number} */ afterMs) {
  /** @typedef {{allowsFeature: (name: string) => boolean}} Policy */
  const page = /** @type {{featurePolicy?: Policy, permissionsPolicy?: Policy}} */ (
    /** @type {unknown} */ (document)
  );
  const policy = page.permissionsPolicy ?? page.featurePolicy;
  if (policy) return !policy.allowsFeature('microphone');
  return window.parent !== window && afterMs < INSTANT_MS;
}
