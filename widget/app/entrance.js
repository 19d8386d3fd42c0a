/** The way in: a credential becomes a session, or a place in the queue for one. */

import { askHost } from './launch.js';
import { askQueue, openSession, Refusal } from './sessions.js';

const SOONEST_MS = 1000;

/** @typedef {import('./sessions.js').QueuePlace} QueuePlace */

/**
 * @typedef {object} EntranceParts
 * @property {Record<string, unknown> | null} credential
 * @property {import('./host-port.js').HostPort} host
 * @property {import('./timers.js').Timers} timers
 * @property {import('./resume-store.js').ResumeStore} resume
 */

export class Entrance {
  /** @param {EntranceParts} parts */
  constructor({ credential, host, timers, resume }) {
    this.credential = credential;
    this.host = host;
    this.timers = timers;
    this.resume = resume;
    this.leave = () => {};
  }

  /** A link is bound to the browser that used it first, so what this one holds goes with it. */
  async exchange() {
    const place = this.resume.load();
    const isResuming = place?.started === true;
    const grant = await this.#withLinkOrPlace(openSession);
    return { grant, isResuming };
  }

  /**
   * Waits in the queue; the place there lasts as long as this goes on asking.
   *
   * @param {{onPlace: (place: QueuePlace) => void, onRefused: (refusal: unknown) => void}} events
   */
  wait({ onPlace, onRefused }) {
    this.leave();
    let isOver = false;
    let cancel = () => {};
    const again = (/** @type {number} */ ms) => {
      cancel = this.timers.after(ms, ask);
    };
    const ask = async () => {
      try {
        const place = await this.#withLinkOrPlace(askQueue);
        if (isOver) return;
        again(Math.max(SOONEST_MS, place.ask_again_seconds * 1000));
        onPlace(place);
      } catch (refusal) {
        if (isOver) return;
        if (isPassing(refusal)) again(5 * SOONEST_MS);
        else onRefused(refusal);
      }
    };
    this.leave = () => {
      isOver = true;
      cancel();
      this.leave = () => {};
    };
    ask();
  }

  /**
   * @template T
   * @param {(credential: object) => Promise<T>} send
   * @returns {Promise<T>}
   */
  async #withLinkOrPlace(send) {
    const place = this.resume.load();
    const credential = this.credential ?? (await askHost(this.host, this.timers));
    if (credential) {
      try {
        return await send({ ...credential, resume_handle: place?.resume_handle });
      } catch (refusal) {
        if (!place || !(refusal instanceof Refusal) || refusal.isTemporary) throw refusal;
      }
    }
    if (!place) throw new Refusal(401, 'no_launch');
    const { session_id, resume_handle } = place;
    return send({ session_id, resume_handle });
  }
}

/**
 * Whoever waits had a link when they came; a host page that is slow to give another must not cost
 * them their place.
 *
 * @param {unknown} refusal
 */
function isPassing(refusal) {
  return refusal instanceof Refusal && (refusal.isTemporary || refusal.code === 'no_launch');
}
