/**
 * The wire format of `vv.v1`: sixteen bytes that say where some audio belongs, then the audio;
 * everything else is one JSON object per text message. Pure, so that both ends can be tested.
 */

export const PROTOCOL = 'vv.v1';
export const VERSION = '1';
export const HEADER_BYTES = 16;
export const MIC_RATE = 16_000;
export const AGENT_RATE = 24_000;
export const FRAME_SAMPLES = 512;
export const FRAME_MS = (FRAME_SAMPLES * 1000) / MIC_RATE;

export const KIND = Object.freeze({ MIC: 1, AGENT: 2 });
export const CODEC = Object.freeze({ PCM16: 0 });
export const FLAG = Object.freeze({
  FIRST: 1,
  LAST: 2,
  MUTED: 4,
  DISCONTINUITY: 8,
  RETRANSMIT: 16,
});

/** What the server's close codes mean for the client. */
export const CLOSE = Object.freeze({
  PROTOCOL: 4400,
  TICKET: 4401,
  ORIGIN: 4403,
  SESSION: 4404,
  IDLE: 4408,
  REPLACED: 4409,
  ENDED: 4410,
  TOO_BIG: 4413,
  RATE: 4429,
  INTERNAL: 4500,
  CAPACITY: 4503,
});

/**
 * @typedef {object} AudioFrame
 * @property {number} kind
 * @property {number} flags
 * @property {number} rate in Hz
 * @property {number} seq
 * @property {number} utt 0 for the microphone
 * @property {number} pts index of the first sample
 * @property {Int16Array} samples
 */

/** @typedef {{t: string} & Record<string, unknown>} Message */

const LITTLE_ENDIAN_HOST = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/**
 * Writes the frame into `target`, which may be reused once the bytes were handed to the socket.
 *
 * @param {AudioFrame} frame
 * @param {ArrayBuffer} [target] of at least `HEADER_BYTES + 2 * samples` bytes
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function encodeFrame(frame, target) {
  const length = HEADER_BYTES + frame.samples.length * 2;
  const buffer = target ?? new ArrayBuffer(length);
  const view = new DataView(buffer, 0, length);
  view.setUint8(0, frame.kind);
  view.setUint8(1, CODEC.PCM16);
  view.setUint8(2, frame.flags);
  view.setUint8(3, frame.rate / 1000);
  view.setUint32(4, frame.seq, true);
  view.setUint32(8, frame.utt, true);
  view.setUint32(12, frame.pts, true);
  if (LITTLE_ENDIAN_HOST) {
    new Int16Array(buffer, HEADER_BYTES, frame.samples.length).set(frame.samples);
  } else {
    frame.samples.forEach((sample, i) => {
      view.setInt16(HEADER_BYTES + 2 * i, sample, true);
    });
  }
  return new Uint8Array(buffer, 0, length);
}

/**
 * @param {ArrayBuffer} buffer
 * @returns {AudioFrame | null} null when it is not audio that is understood here
 */
export function decodeFrame(buffer) {
  const bytes = buffer.byteLength - HEADER_BYTES;
  if (bytes <= 0 || bytes % 2 !== 0) return null;
  const view = new DataView(buffer);
  const kind = view.getUint8(0);
  if ((kind !== KIND.MIC && kind !== KIND.AGENT) || view.getUint8(1) !== CODEC.PCM16) return null;
  return {
    kind,
    flags: view.getUint8(2),
    rate: view.getUint8(3) * 1000,
    seq: view.getUint32(4, true),
    utt: view.getUint32(8, true),
    pts: view.getUint32(12, true),
    samples: readSamples(view, bytes / 2),
  };
}

/**
 * @param {DataView} view
 * @param {number} count
 */
function readSamples(view, count) {
  const samples = new Int16Array(count);
  for (let i = 0; i < count; i += 1) samples[i] = view.getInt16(HEADER_BYTES + 2 * i, true);
  return samples;
}

/**
 * @param {string} text
 * @returns {Message | null} null for anything but an object with a type
 */
export function decodeMessage(text) {
  let value;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  return value !== null && typeof value === 'object' && typeof value.t === 'string' ? value : null;
}

/**
 * @param {string} type
 * @param {Record<string, unknown>} [fields]
 */
export function encodeMessage(type, fields) {
  return JSON.stringify({ t: type, ...fields });
}
