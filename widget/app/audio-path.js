/** Sound in and out of the page as one thing: unlocked by a tap, rebuilt after an interruption. */

import { Microphone } from './microphone.js';
import { playChime, Sound } from './sound.js';
import { Speaker } from './speaker.js';

/**
 * @typedef {object} AudioEvents
 * @property {(frame: Int16Array, level: number) => void} onFrame
 * @property {(utt: number, pts: number) => void} onPlayed
 * @property {(utt: number, pts: number) => void} onCancelled
 * @property {(leadMs: number) => void} onLead
 * @property {(gap: {utt: number, pts: number, ms: number}) => void} onGap
 * @property {() => void} onInterrupted
 */

export class AudioPath {
  /**
   * @param {import('./timers.js').Timers} timers
   * @param {AudioEvents & Omit<import('./microphone.js').MicrophoneEvents, 'onFrame'>} events
   */
  constructor(timers, events) {
    /** What the level displays follow, 0 to 1. */
    this.levels = { microphone: 0, speaker: 0 };
    this.sound = new Sound(timers);
    this.sound.onInterrupted = events.onInterrupted;
    this.sound.onRebuilt = () => this.#adopt();
    this.speaker = new Speaker({
      onPlayed: events.onPlayed,
      onCancelled: events.onCancelled,
      onLead: events.onLead,
      onGap: events.onGap,
      onLevel: (level) => {
        this.levels.speaker = level;
      },
    });
    this.microphone = new Microphone(timers, {
      ...events,
      onDeviceChanged: (label) => {
        this.speaker.resetSink();
        events.onDeviceChanged(label);
      },
    });
    /** Settles when utterances can be played. */
    this.attached = Promise.resolve();
  }

  /** Call synchronously in a tap. */
  unlock() {
    if (!Sound.isSupported) this.speaker.goMute();
    this.speaker.wake();
    if (this.sound.unlock()) this.#adopt();
  }

  /** The page is back, and may have missed what happened to its devices. */
  check() {
    this.sound.check();
    this.microphone.check();
  }

  #adopt() {
    this.speaker.detach(); // the context before is gone; the next one plays what comes meanwhile
    const { ready } = this.sound;
    this.attached = ready.then(
      (context) => {
        if (!context || context !== this.sound.context) return;
        this.speaker.attach(context);
        this.microphone.attach(context);
      },
      // Without worklets there is no sound; captions and typed answers carry the interview.
      () => {
        if (ready !== this.sound.ready) return; // closed for the next one, which may do better
        this.sound.close();
        this.speaker.goMute();
      },
    );
  }

  get isUnlocked() {
    return this.sound.context !== null;
  }

  chime() {
    if (this.sound.context) playChime(this.sound.context);
  }

  stopListening() {
    this.microphone.release();
    this.levels.microphone = 0;
    this.levels.speaker = 0;
  }

  close() {
    this.stopListening();
    this.speaker.detach();
    this.sound.close();
  }
}
