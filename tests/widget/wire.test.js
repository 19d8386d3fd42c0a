import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  decodeFrame,
  decodeMessage,
  encodeFrame,
  encodeMessage,
  FLAG,
  FRAME_SAMPLES,
  HEADER_BYTES,
  KIND,
} from '../../widget/app/wire.js';

const U32_MAX = 2 ** 32 - 1;

function frame(fields = {}) {
  const samples = Int16Array.from(
    { length: FRAME_SAMPLES },
    (_, i) => ((i * 7919) % 65_536) - 32_768,
  );
  return {
    kind: KIND.MIC,
    flags: FLAG.FIRST,
    rate: 16_000,
    seq: 0,
    utt: 0,
    pts: 0,
    samples,
    ...fields,
  };
}

/** A copy with a buffer of its own, as a socket delivers it. */
function received(bytes) {
  return bytes.slice().buffer;
}

test('a frame survives the way there and back', () => {
  for (const seq of [0, 1, 65_536, U32_MAX]) {
    const sent = frame({
      kind: KIND.AGENT,
      rate: 24_000,
      seq,
      utt: U32_MAX - seq,
      pts: seq,
      flags: 31,
    });
    assert.deepEqual(decodeFrame(received(encodeFrame(sent))), sent);
  }
});

test('the header is sixteen little-endian bytes', () => {
  const bytes = encodeFrame(
    frame({ seq: 0x01020304, utt: 5, pts: 0x0a0b0c0d, flags: 20, samples: Int16Array.of(-2) }),
  );
  assert.deepEqual([...bytes], [1, 0, 20, 16, 4, 3, 2, 1, 5, 0, 0, 0, 13, 12, 11, 10, 254, 255]);
});

test('one buffer serves many frames', () => {
  const scratch = new ArrayBuffer(HEADER_BYTES + FRAME_SAMPLES * 2);
  const first = received(encodeFrame(frame({ seq: 1 }), scratch));
  const second = received(encodeFrame(frame({ seq: 2 }), scratch));
  assert.equal(decodeFrame(first)?.seq, 1);
  assert.equal(decodeFrame(second)?.seq, 2);
});

test('what is no audio frame is refused', () => {
  assert.equal(decodeFrame(new ArrayBuffer(0)), null);
  assert.equal(decodeFrame(new ArrayBuffer(HEADER_BYTES)), null);
  assert.equal(decodeFrame(new ArrayBuffer(HEADER_BYTES + 3)), null);
  const unknownKind = received(encodeFrame(frame({ kind: 9 })));
  assert.equal(decodeFrame(unknownKind), null);
  const opus = received(encodeFrame(frame()));
  new Uint8Array(opus)[1] = 1;
  assert.equal(decodeFrame(opus), null);
});

test('a message carries its type as t', () => {
  assert.deepEqual(decodeMessage(encodeMessage('played', { utt: 3, pts: 480 })), {
    t: 'played',
    utt: 3,
    pts: 480,
  });
});

test('text that is no message is refused', () => {
  for (const text of ['', '{', 'null', '[]', '"ping"', '{"type":"ping"}', '{"t":1}']) {
    assert.equal(decodeMessage(text), null, text);
  }
});
