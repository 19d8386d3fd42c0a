/** The interviewer's voice: feeds the playback worklet and tells the server what was heard. */

/**
 * @typedef {object} SpeakerEvents
 * @property {(utt: number, pts: number) => void} onPlayed
 * @property {(utt: number, pts: number) => void} onCancelled
 * @property {(level: number) => void} onLevel
 */

export class Speaker {
  /** @param {SpeakerEvents} events */
  constructor(events) {
    this.events = events;
    /** @type {AudioWorkletNode | null} */
    this.node = null;
    /** @type {HTMLAudioElement | null} */
    this.element = null;
    this.underruns = 0;
    this.isHeldHere = false;
    this.isHeldByServer = false;
  }

  /** Call once the worklets of the context are loaded. */
  attach(/** @type {AudioContext} */ context) {
    this.detach();
    const node = new AudioWorkletNode(context, 'vv-playback', {
      numberOfInputs: 0,
      outputChannelCount: [1],
    });
    node.port.onmessage = (event) => this.#receive(event.data);
    this.node = node;
    if (needsMediaElement()) this.#playThroughElement(context, node);
    else node.connect(context.destination);
    this.#applyHold();
  }

  detach() {
    this.node?.disconnect();
    if (this.node) this.node.port.onmessage = null;
    this.node = null;
    this.element?.pause();
    this.element = null;
  }

  /** @param {import('./wire.js').AudioFrame} frame @param {boolean} last */
  play(frame, last) {
    const { utt, pts, samples } = frame;
    // Without Web Audio the captions are the interview: the text counts as heard.
    if (!this.node) return this.events.onPlayed(utt, pts + samples.length);
    return this.node.port.postMessage({ t: 'audio', utt, pts, samples, last }, [samples.buffer]);
  }

  end(/** @type {number} */ utt, /** @type {number} */ total) {
    this.#tell({ t: 'end', utt, total });
  }

  cancel(/** @type {number} */ utt) {
    if (!this.node) return this.events.onCancelled(utt, 0);
    return this.#tell({ t: 'cancel', utt });
  }

  duck(/** @type {boolean} */ on) {
    this.#tell({ t: 'duck', on });
  }

  /** The candidate paused. */
  hold(/** @type {boolean} */ on) {
    this.isHeldHere = on;
    this.#applyHold();
  }

  /** The server is not sure yet whether it was interrupted. */
  holdForServer(/** @type {boolean} */ on) {
    this.isHeldByServer = on;
    this.#applyHold();
  }

  /** Output follows the system again when a headset disappears. */
  resetSink() {
    this.element?.setSinkId?.('').catch(() => {});
  }

  #applyHold() {
    this.#tell({ t: 'hold', on: this.isHeldHere || this.isHeldByServer });
  }

  /** @param {object} command */
  #tell(command) {
    this.node?.port.postMessage(command);
  }

  /** @param {import('./worklet-messages.js').PlayerEvent} event */
  #receive(event) {
    switch (event.t) {
      case 'played':
      case 'finished':
        return this.events.onPlayed(event.utt, event.pts);
      case 'cancelled':
        this.holdForServer(false);
        return this.events.onCancelled(event.utt, event.pts);
      case 'level':
        return this.events.onLevel(event.level);
      case 'underrun':
        this.underruns = event.count;
    }
  }

  /**
   * iOS turns down whatever is no media stream while the microphone is open.
   *
   * @param {AudioContext} context
   * @param {AudioWorkletNode} node
   */
  #playThroughElement(context, node) {
    const stream = context.createMediaStreamDestination();
    node.connect(stream);
    this.element = new Audio();
    this.element.srcObject = stream.stream;
    this.element.play().catch(() => node.connect(context.destination));
  }
}

function needsMediaElement() {
  const isApple = /iPad|iPhone|iPod/.test(navigator.userAgent);
  const isDesktopClass = /Macintosh/.test(navigator.userAgent) && navigator.maxTouchPoints > 1;
  return isApple || isDesktopClass;
}
