import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MicRing } from '../../widget/app/mic-ring.js';
import { MicSender, PAUSE_ABOVE_BYTES, RESUME_BELOW_BYTES } from '../../widget/app/mic-sender.js';
import { decodeFrame, FLAG, FRAME_SAMPLES } from '../../widget/app/wire.js';

/** A socket that keeps what it was given; `buffered` is what the network has not taken yet. */
function socket() {
  const sink = {
    frames: [],
    buffered: 0,
    send: (bytes) => sink.frames.push(decodeFrame(bytes.slice().buffer)),
    bufferedBytes: () => sink.buffered,
    seqs: () => sink.frames.map((frame) => frame.seq),
  };
  return sink;
}

function say(sender, count, muted = false) {
  for (let i = 0; i < count; i += 1) {
    sender.push(new Int16Array(FRAME_SAMPLES).fill(sender.ring.next), muted);
  }
}

test('frames are numbered from 0, and the first says that it is the first', () => {
  const sender = new MicSender();
  const wire = socket();
  sender.attach(wire, -1);
  say(sender, 3);
  assert.deepEqual(wire.seqs(), [0, 1, 2]);
  assert.deepEqual(
    wire.frames.map((frame) => frame.flags),
    [FLAG.FIRST, 0, 0],
  );
  assert.deepEqual(
    wire.frames.map((frame) => frame.pts),
    [0, 512, 1024],
  );
});

test('starting the interview numbers the frames anew', () => {
  const sender = new MicSender();
  const wire = socket();
  sender.attach(wire, -1);
  say(sender, 5);
  sender.restart();
  say(sender, 2);
  assert.deepEqual(wire.seqs(), [0, 1, 2, 3, 4, 0, 1]);
  assert.equal(wire.frames[5].flags, FLAG.FIRST);
});

test('after a reconnect everything above the acknowledged frame is sent once more, then live goes on', () => {
  const sender = new MicSender();
  sender.attach(socket(), -1);
  say(sender, 10);
  sender.detach();
  say(sender, 4);
  const wire = socket();
  sender.attach(wire, 6);
  say(sender, 2);
  assert.deepEqual(wire.seqs(), [7, 8, 9, 10, 11, 12, 13, 14, 15]);
  const again = wire.frames.filter((frame) => frame.flags & FLAG.RETRANSMIT);
  assert.deepEqual(
    again.map((frame) => frame.seq),
    [7, 8, 9],
  );
  assert.ok(wire.frames.every((frame) => frame.samples[0] === frame.seq));
});

test('a fresh page goes on after what the server has, and says that something is missing', () => {
  const sender = new MicSender();
  const wire = socket();
  sender.attach(wire, 41);
  say(sender, 2);
  assert.deepEqual(wire.seqs(), [42, 43]);
  assert.equal(wire.frames[0].flags, FLAG.DISCONTINUITY);
});

test('frames captured before the server is ready wait for it', () => {
  const sender = new MicSender();
  say(sender, 3);
  const wire = socket();
  sender.attach(wire, -1);
  assert.deepEqual(wire.seqs(), [0, 1, 2]);
});

test('what the ring no longer holds is skipped openly', () => {
  const sender = new MicSender(new MicRing(8));
  sender.attach(socket(), -1);
  say(sender, 4);
  sender.detach();
  say(sender, 20);
  const wire = socket();
  sender.attach(wire, 3);
  assert.deepEqual(wire.seqs(), [16, 17, 18, 19, 20, 21, 22, 23]);
  assert.ok(wire.frames[0].flags & FLAG.DISCONTINUITY);
  assert.equal(wire.frames[0].samples[0], 16);
});

test('a slow network pauses sending, and nothing is lost when it recovers', () => {
  const sender = new MicSender();
  const wire = socket();
  sender.attach(wire, -1);
  say(sender, 2);
  wire.buffered = PAUSE_ABOVE_BYTES + 1;
  say(sender, 3);
  assert.deepEqual(wire.seqs(), [0, 1]);
  assert.equal(sender.isHeldBack, true);
  wire.buffered = RESUME_BELOW_BYTES + 1;
  say(sender, 1);
  assert.deepEqual(wire.seqs(), [0, 1]);
  wire.buffered = RESUME_BELOW_BYTES;
  say(sender, 1);
  assert.deepEqual(wire.seqs(), [0, 1, 2, 3, 4, 5, 6]);
  assert.ok(wire.frames.every((frame) => !(frame.flags & FLAG.RETRANSMIT)));
});

test('a muted microphone keeps its place in time', () => {
  const sender = new MicSender();
  const wire = socket();
  sender.attach(wire, -1);
  say(sender, 1);
  say(sender, 1, true);
  say(sender, 1);
  assert.deepEqual(
    wire.frames.map((frame) => frame.flags),
    [FLAG.FIRST, FLAG.MUTED, 0],
  );
});

test('the ring holds a minute', () => {
  const ring = new MicRing();
  const frame = new Int16Array(FRAME_SAMPLES);
  for (let i = 0; i < 4_000; i += 1) ring.append(frame, false);
  assert.equal(ring.next - ring.oldest, 1_875);
});
