/** The interviewer's voice: feeds the playback worklet and tells the server what was heard. */

/** @typedef {{utt: number, pts: number, samples: Int16Array, last: boolean}} Piece */

/**
 * @typedef {object} SpeakerEvents
 * @property {(utt: number, pts: number) => void} onPlayed
 * @property {(utt: number, pts: number) => void} onCancelled
 * @property {(level: number) => void} onLevel
 * @property {(leadMs: number) => void} onLead how much the server is to send ahead
 * @property {(gap: {utt: number, pts: number, ms: number}) => void} onGap nothing came in time
 */

export class Speaker {
  /** @param {SpeakerEvents} events */
  constructor(events) {
    this.events = events;
    /** @type {AudioWorkletNode | null} */
    this.node = null;
    /** @type {HTMLAudioElement | null} */
    this.element = null;
    this.gaps = 0;
    this.leadMs = 0;
    this.roundTripMs = 0;
    /** Without Web Audio the captions are the interview. */
    this.isMute = false;
    /** What arrived and was not heard yet: a few seconds at most. @type {Piece[]} */
    this.unheard = [];
    /** @type {Map<number, number>} */
    this.totals = new Map();
    this.heard = { utt: 0, pts: 0 };
    this.lastCancelled = 0;
    this.isHeldHere = false;
    this.isHeldByServer = false;
  }

  /** Call once the worklets of the context are loaded; what the one before left is played now. */
  attach(/** @type {AudioContext} */ context) {
    this.detach();
    const node = new AudioWorkletNode(context, 'vv-playback', {
      numberOfInputs: 0,
      outputChannelCount: [1],
    });
    node.port.onmessage = (event) => this.#receive(event.data);
    this.node = node;
    this.isMute = false;
    if (needsMediaElement()) this.#playThroughElement(context, node);
    else node.connect(context.destination);
    this.#applyHold();
    this.#tell({ t: 'round-trip', ms: this.roundTripMs });
    for (const piece of this.unheard) this.#post(piece);
    for (const [utt, total] of this.totals) this.#tell({ t: 'end', utt, total });
  }

  /** From now on whatever arrives is kept for the context to come. */
  detach() {
    this.node?.disconnect();
    if (this.node) this.node.port.onmessage = null;
    this.node = null;
    this.element?.pause();
    this.element = null;
  }

  /** @param {import('./wire.js').AudioFrame} frame @param {boolean} last */
  play(frame, last) {
    const piece = { utt: frame.utt, pts: frame.pts, samples: frame.samples, last };
    if (piece.utt <= this.lastCancelled) return; // was on its way when the server thought better
    if (this.isMute) {
      this.#hear(piece.utt, endOf(piece));
      return;
    }
    this.unheard.push(piece);
    this.#post(piece);
  }

  /** There will be no sound: the text counts as heard. */
  goMute() {
    this.detach();
    this.isMute = true;
    for (const piece of this.unheard) this.#hear(piece.utt, endOf(piece));
  }

  end(/** @type {number} */ utt, /** @type {number} */ total) {
    if (this.unheard.some((piece) => piece.utt === utt)) this.totals.set(utt, total);
    this.#tell({ t: 'end', utt, total });
  }

  cancel(/** @type {number} */ utt) {
    this.unheard = this.unheard.filter((piece) => piece.utt !== utt);
    this.totals.delete(utt);
    this.lastCancelled = utt;
    if (this.node) return this.#tell({ t: 'cancel', utt });
    return this.#receive({ t: 'cancelled', utt, pts: this.heard.utt === utt ? this.heard.pts : 0 });
  }

  roundTrip(/** @type {number} */ ms) {
    this.roundTripMs = ms;
    this.#tell({ t: 'round-trip', ms });
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

  /** Call in a tap: a call may have stopped the element that plays. */
  wake() {
    this.element?.play().catch(() => {});
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

  /** The copy is the worklet's; ours serves the next context, should this one be taken away. */
  #post(/** @type {Piece} */ piece) {
    const samples = piece.samples.slice();
    this.node?.port.postMessage({ t: 'audio', ...piece, samples }, [samples.buffer]);
  }

  /** @param {number} utt @param {number} pts */
  #hear(utt, pts) {
    this.heard = { utt, pts };
    this.unheard = this.unheard.filter(
      (piece) => piece.utt > utt || (piece.utt === utt && endOf(piece) > pts),
    );
    for (const known of this.totals.keys()) {
      if (!this.unheard.some((piece) => piece.utt === known)) this.totals.delete(known);
    }
    this.events.onPlayed(utt, pts);
  }

  /** @param {import('./worklet-messages.js').PlayerEvent} event */
  #receive(event) {
    switch (event.t) {
      case 'played':
      case 'finished':
        return this.#hear(event.utt, event.pts);
      case 'cancelled':
        this.holdForServer(false);
        return this.events.onCancelled(event.utt, event.pts);
      case 'level':
        return this.events.onLevel(event.level);
      case 'started':
        return this.events.onPlayed(event.utt, event.pts + 1);
      case 'lead':
        this.leadMs = event.ms;
        return this.events.onLead(event.ms);
      case 'gap':
        this.gaps += 1;
        return this.events.onGap({ utt: event.utt, pts: event.pts, ms: event.ms });
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

function endOf(/** @type {Piece} */ piece) {
  return piece.pts + piece.samples.length;
}

function needsMediaElement() {
  const isApple = /iPad|iPhone|iPod/.test(navigator.userAgent);
  const isDesktopClass = /Macintosh/.test(navigator.userAgent) && navigator.maxTouchPoints > 1;
  return isApple || isDesktopClass;
}
