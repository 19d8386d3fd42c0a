/** The interview socket. */

import { backoffMs } from './backoff.js';
import { Refusal } from './sessions.js';
import {
  CLOSE,
  decodeFrame,
  decodeMessage,
  encodeMessage,
  KIND,
  PROTOCOL,
  VERSION,
} from './wire.js';

const PING_EVERY_MS = 3000;
const SILENT_FOR_MS = 10_000;
const ANSWER_WITHIN_MS = 3000;
const REMEMBERED_TRIPS = 4;
const GIVE_UP_AFTER_MS = 10 * 60_000;
/** Kept, and sent again, until the server has them; anything else would be stale by then. */
const KEPT = new Set(['control', 'answer_text', 'signal', 'mic']);

/** @type {Record<number, string>} close codes after which the same session cannot go on */
const FINAL = {
  [CLOSE.PROTOCOL]: 'protocol',
  [CLOSE.ORIGIN]: 'not_allowed',
  [CLOSE.SESSION]: 'session_over',
  [CLOSE.IDLE]: 'idle',
  [CLOSE.REPLACED]: 'replaced',
  [CLOSE.ENDED]: 'session_over',
  [CLOSE.TOO_BIG]: 'protocol',
};

/**
 * @typedef {object} ConnectionEvents
 * @property {(message: import('./wire.js').Message) => void} onMessage
 * @property {(frame: import('./wire.js').AudioFrame) => void} onAudio
 * @property {() => void} onLost
 * @property {(code: string) => void} onFailed
 * @property {(handle: string) => void} onHandle
 * @property {(ms: number) => void} onRoundTrip the longest of the last few
 */

/**
 * @typedef {object} ConnectionParts
 * @property {(place: {session_id: string, resume_handle: string}) => Promise<import('./sessions.js').Grant>} renew
 * @property {import('./timers.js').Timers} timers
 * @property {import('./mic-sender.js').MicSender} sender
 * @property {() => {locale: string, caps: string[]}} introduce
 * @property {import('./resume-store.js').Unsent} unsent
 * @property {ConnectionEvents} events
 */

export class Connection {
  /** @param {ConnectionParts} parts */
  constructor({ renew, timers, sender, introduce, unsent, events }) {
    this.renew = renew;
    this.timers = timers;
    this.sender = sender;
    this.introduce = introduce;
    this.unsent = unsent;
    this.events = events;
    /** @type {import('./sessions.js').Grant | null} */
    this.grant = null;
    /** @type {WebSocket | null} */
    this.socket = null;
    /** By the names under which the server acknowledges them. @type {Map<string, string>} */
    this.outbox = new Map();
    /** @type {string[]} */
    this.opening = [];
    this.isReady = false;
    this.isClosed = false;
    this.isRecording = false;
    this.isResuming = false;
    this.attempt = 0;
    this.lostAt = 0;
    this.heardAt = 0;
    this.pings = 0;
    this.pingedAt = 0;
    /** @type {number[]} */
    this.trips = [];
    this.cancelRetry = () => {};
    this.stopPings = timers.every(PING_EVERY_MS, () => this.#checkAlive());
    this.onOnline = () => this.doubt();
    addEventListener('online', this.onOnline);
  }

  /**
   * @param {import('./sessions.js').Grant} grant
   * @param {{isResuming: boolean}} how
   */
  open(grant, { isResuming }) {
    this.grant = grant;
    this.isResuming = isResuming;
    this.outbox = new Map(this.unsent.load(grant.session_id));
    this.#dial(grant);
  }

  /** @param {{policy_version: string, items: string[]}} consent */
  agree(consent) {
    this.#sendOpening('consent', consent);
  }

  /** From here on every frame counts: they are numbered from 0 and kept for sending again. */
  startRecording() {
    this.#sendOpening('control', { op: 'start' });
    this.isRecording = true;
    this.sender.restart();
  }

  /**
   * @param {string} type
   * @param {Record<string, unknown>} [fields]
   */
  send(type, fields) {
    const id = KEPT.has(type) ? Math.random().toString(36).slice(2) : undefined;
    const text = encodeMessage(type, { ...fields, id });
    if (id) this.#keep(() => this.outbox.set(id, text));
    if (this.isReady && this.socket?.readyState === WebSocket.OPEN) this.socket.send(text);
  }

  /** A page that is loaded anew sends it, too. @param {() => void} change */
  #keep(change) {
    change();
    if (this.grant) this.unsent.save(this.grant.session_id, [...this.outbox]);
  }

  /**
   * Said again on a new connection if the server had not begun when the old one was lost.
   *
   * @param {string} type
   * @param {Record<string, unknown>} fields
   */
  #sendOpening(type, fields) {
    const text = encodeMessage(type, fields);
    this.opening.push(text);
    if (this.isReady) this.socket?.send(text);
  }

  close() {
    if (this.isClosed) return;
    this.send('bye');
    this.isClosed = true;
    this.cancelRetry();
    this.stopPings();
    removeEventListener('online', this.onOnline);
    this.#abandon(1000);
  }

  /** @param {import('./sessions.js').Grant} grant */
  #dial(grant) {
    const socket = new WebSocket(grant.ws_url, [PROTOCOL, `vv.ticket.${grant.ticket}`]);
    socket.binaryType = 'arraybuffer';
    socket.onopen = () => this.#greet(socket);
    socket.onmessage = (event) => this.#receive(event.data);
    socket.onclose = (event) => this.#lose(event.code);
    this.socket = socket;
    this.heardAt = performance.now();
  }

  /** @param {WebSocket} socket */
  #greet(socket) {
    const held = this.sender.ring.isEmpty ? 'fresh' : 'ring';
    const comesBack = this.isRecording || this.isResuming;
    const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
    const who = { ver: VERSION, tz: timeZone ?? '', ...this.introduce() };
    socket.send(encodeMessage('hello', { ...who, resume: comesBack ? held : 'none' }));
  }

  /** @param {string | ArrayBuffer} content */
  #receive(content) {
    this.heardAt = performance.now();
    if (typeof content !== 'string') {
      const frame = decodeFrame(content);
      if (frame?.kind === KIND.AGENT) this.events.onAudio(frame);
      return;
    }
    const message = decodeMessage(content);
    if (!message) return;
    if (message.t === 'handle') this.#rotate(message.handle);
    if (message.t === 'ack') this.#keep(() => this.outbox.delete(String(message.id)));
    if (message.t === 'pong' && message.n === this.pings) this.#noteTrip();
    if (message.t === 'ready') this.#settle(message);
    this.events.onMessage(message);
  }

  /** @param {import('./wire.js').Message} ready */
  #settle(ready) {
    const { socket } = this;
    if (!socket) return;
    this.#rotate(ready.handle);
    this.isReady = true;
    this.attempt = 0;
    this.lostAt = 0;
    if (ready.state === 'in_progress') this.isRecording = true;
    else for (const text of this.opening) socket.send(text);
    const ack = typeof ready.mic_ack === 'number' ? ready.mic_ack : -1;
    if (!this.isRecording) this.sender.restart();
    const bufferedBytes = () => socket.bufferedAmount;
    // First what was said before it, which a pause would silence.
    this.sender.attach({ send: (bytes) => socket.send(bytes), bufferedBytes }, ack);
    for (const text of this.outbox.values()) socket.send(text);
    this.#ping();
  }

  /** @param {unknown} handle */
  #rotate(handle) {
    if (typeof handle !== 'string' || handle === '' || !this.grant) return;
    this.grant = { ...this.grant, resume_handle: handle };
    this.events.onHandle(handle);
  }

  /** @param {number} code */
  #lose(code) {
    this.#abandon();
    if (this.isClosed) return;
    const failure = FINAL[code];
    if (failure) return this.#fail(failure);
    if (this.lostAt === 0) {
      this.lostAt = performance.now();
      this.events.onLost();
    }
    return this.#retryLater();
  }

  #retryLater() {
    if (performance.now() - this.lostAt > GIVE_UP_AFTER_MS) return this.#fail('network');
    const delay = backoffMs(this.attempt, Math.random);
    this.attempt += 1;
    this.cancelRetry();
    this.cancelRetry = this.timers.after(delay, () => this.#redial());
    return undefined;
  }

  #retryNow() {
    if (this.isClosed || this.socket || this.lostAt === 0) return;
    this.cancelRetry();
    this.#redial();
  }

  async #redial() {
    this.cancelRetry = () => {};
    if (!this.grant || !this.#isWaiting) return;
    const { session_id, resume_handle } = this.grant;
    try {
      const grant = await this.renew({ session_id, resume_handle });
      if (!this.#isWaiting) return;
      this.grant = grant;
      this.#rotate(grant.resume_handle);
      this.#dial(grant);
    } catch (refusal) {
      this.#handleRefusal(refusal);
    }
  }

  get #isWaiting() {
    return !this.isClosed && !this.socket;
  }

  /** @param {unknown} refusal */
  #handleRefusal(refusal) {
    if (!(refusal instanceof Refusal)) throw refusal;
    if (this.isClosed) return;
    if (refusal.isTemporary) this.#retryLater();
    else this.#fail(refusal.code === 'session_ended' ? 'session_over' : 'replaced');
  }

  /** @param {string} code */
  #fail(code) {
    this.close();
    this.events.onFailed(code);
  }

  /** @param {number} [code] */
  #abandon(code) {
    const { socket } = this;
    this.socket = null;
    this.isReady = false;
    this.sender.detach();
    if (!socket) return;
    socket.onopen = null;
    socket.onmessage = null;
    socket.onclose = null;
    socket.close(code);
  }

  #checkAlive() {
    if (!this.socket) return;
    this.sender.pump();
    if (performance.now() - this.heardAt > SILENT_FOR_MS) this.#lose(1006);
    else this.#ping();
  }

  /** The page was away or the network changed: the server has to show that it is still there. */
  doubt() {
    const { socket } = this;
    if (!socket) return this.#retryNow();
    if (!this.isReady) return undefined;
    const doubtedAt = performance.now();
    this.#ping();
    this.timers.after(ANSWER_WITHIN_MS, () => {
      if (this.socket === socket && this.heardAt < doubtedAt) this.#lose(1006);
    });
    return undefined;
  }

  #ping() {
    this.pings += 1;
    this.pingedAt = performance.now();
    this.send('ping', { n: this.pings });
  }

  #noteTrip() {
    this.trips = [performance.now() - this.pingedAt, ...this.trips].slice(0, REMEMBERED_TRIPS);
    this.events.onRoundTrip(Math.round(Math.max(...this.trips)));
  }
}
