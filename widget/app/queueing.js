/** Waiting for a place: keeps it by asking, goes in when it is the candidate's turn. */

/**
 * @typedef {object} QueueingParts
 * @property {import('./interview.js').Interview} interview
 * @property {import('./entrance.js').Entrance} entrance
 * @property {import('./resume-store.js').ResumeStore} resume
 */

export class Queueing {
  /** @param {QueueingParts} parts */
  constructor({ interview, entrance, resume }) {
    this.interview = interview;
    this.entrance = entrance;
    this.resume = resume;
  }

  /** All places are taken; the page waits for one, also after it was loaded anew. */
  join() {
    this.resume.saveQueued(true);
    this.interview.apply({ type: 'queued' });
    this.entrance.wait({
      onPlace: (place) => this.#note(place),
      onRefused: (refusal) => this.interview.refuse(refusal),
    });
  }

  /** Whoever presses goes in; the tap unlocks the sound of a page that was loaded anew. */
  enter() {
    this.interview.begin();
  }

  leave() {
    this.stop();
    this.interview.apply({ type: 'left_queue' });
  }

  stop() {
    this.entrance.leave();
    this.resume.saveQueued(false);
    this.interview.store.update({ queue: null });
  }

  /** @param {import('./entrance.js').QueuePlace} place */
  #note(place) {
    const { interview } = this;
    const isTurn = place.may_enter && interview.view.queue?.may_enter !== true;
    interview.store.update({ queue: place });
    if (!isTurn) return;
    interview.audio.chime();
    // Sound needs a tap, and a place should not go to a page that nobody looks at.
    if (interview.audio.isUnlocked && document.visibilityState === 'visible') this.enter();
  }
}
