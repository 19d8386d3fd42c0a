/** Judges from its frames whether a microphone carries anything. */

const SECONDS = 1000 / 32; // frames
const STUCK_FRAMES = 3 * SECONDS;
const CRACKLE_FRAMES = 8; // one frame that a driver broke says little
const MUTED_FRAMES = SECONDS;
const ZERO_FRAMES = Math.round(3 * SECONDS);
const RETRY_GROWTH = 4;
const UNHEARD_FRAMES = 10 * SECONDS;
const SOUND_LEVEL = 0.003; // -50 dBFS; the pauses of a usable microphone are below it
const VOICE_LEVEL = 0.006;
const ABOVE_FLOOR = 3;
const VOICE_FRAMES = 4;
const FLOOR_RISES = 0.005; // in some seconds, so that a word does not lift it

export class MicHealth {
  constructor() {
    this.stuck = 0;
    this.muted = 0;
    this.zeros = 0;
    this.frames = 0;
    this.voiced = 0;
    this.floor = 1;
    /** A voice was heard. */
    this.isHeard = false;
    this.isDoubted = false;
    this.retryAt = ZERO_FRAMES;
  }

  /** Another device: nothing is known of it, but what the interviewer misses is still missing. */
  attach() {
    this.stuck = 0;
    this.muted = 0;
    this.zeros = 0;
    this.frames = 0;
    this.voiced = 0;
    this.floor = 1;
    this.isHeard = false;
  }

  /** The interviewer waits for an answer, and the server hears nothing. */
  doubt() {
    this.isDoubted = true;
  }

  /** The page was away: what the microphone was like before says nothing. */
  suspect() {
    this.isHeard = false;
    this.zeros = 0;
    this.retryAt = ZERO_FRAMES;
  }

  /**
   * @param {{level: number, silent: boolean, stuck: boolean}} frame
   * @param {boolean} isMuted whether the source says that it delivers nothing
   * @returns {boolean} whether the device should be taken anew: some only send zeros until they are
   */
  observe({ level, silent, stuck }, isMuted) {
    this.frames += 1;
    this.stuck = stuck ? this.stuck + 1 : Math.max(0, this.stuck - CRACKLE_FRAMES);
    this.muted = isMuted ? this.muted + 1 : 0;
    this.zeros = silent ? this.zeros + 1 : 0;
    if (level > SOUND_LEVEL) this.isDoubted = false;
    this.#listen(level);
    if (this.isHeard || this.zeros < this.retryAt) return false;
    this.retryAt *= RETRY_GROWTH;
    return true;
  }

  /** Certainly, or as good as. */
  get isDead() {
    return this.stuck >= STUCK_FRAMES || this.muted >= MUTED_FRAMES || this.isDoubted;
  }

  /** Worth a question to somebody who was asked to say something. */
  get isUnheard() {
    return !this.isHeard && (this.zeros >= ZERO_FRAMES || this.frames >= UNHEARD_FRAMES);
  }

  /** @param {number} level */
  #listen(level) {
    const isVoice = level > Math.max(VOICE_LEVEL, ABOVE_FLOOR * this.floor);
    this.floor = Math.min(level, this.floor + (level - this.floor) * FLOOR_RISES);
    this.voiced = isVoice ? this.voiced + 1 : Math.max(0, this.voiced - 0.25);
    if (!isVoice || this.voiced < VOICE_FRAMES) return;
    this.voiced = 0;
    this.isHeard = true;
    this.isDoubted = false;
    this.retryAt = ZERO_FRAMES;
  }
}
