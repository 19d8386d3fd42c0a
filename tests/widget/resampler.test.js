import assert from 'node:assert/strict';
import { test } from 'node:test';
import '../../widget/worklets/resampler.js';
import { FRAME_SAMPLES, Framer } from '../../widget/worklets/capture.js';

const SECONDS = 1;

/** Level in dB relative to the input of one tone after conversion to 16 kHz. */
function toneThrough(inRate, frequency) {
  const heard = [];
  const framer = new Framer(inRate, ({ frame }) => heard.push(Int16Array.from(frame)));
  const input = new Float32Array(inRate * SECONDS);
  for (let i = 0; i < input.length; i += 1) {
    input[i] = 0.5 * Math.sin((2 * Math.PI * frequency * i) / inRate);
  }
  framer.feed(input);
  const samples = heard.slice(2, -2).flatMap((frame) => [...frame]);
  const energy = samples.reduce((sum, value) => sum + (value / 32767) ** 2, 0) / samples.length;
  return 10 * Math.log10(energy / 0.125 + 1e-20);
}

for (const rate of [44_100, 48_000, 96_000]) {
  test(`tones above 8 kHz do not alias into speech at ${rate} Hz`, () => {
    for (const frequency of [8_000, 8_600, 9_500, 12_000, 15_900, 16_000, 20_000]) {
      const level = toneThrough(rate, frequency);
      assert.ok(level < -60, `${frequency} Hz came through at ${level.toFixed(1)} dB`);
    }
  });

  test(`speech passes unchanged at ${rate} Hz`, () => {
    for (const frequency of [100, 440, 1_000, 3_400, 6_500]) {
      assert.ok(Math.abs(toneThrough(rate, frequency)) < 0.1, `${frequency} Hz`);
    }
  });
}

test('a headset that runs at 8 kHz is brought up without images', () => {
  assert.ok(Math.abs(toneThrough(8_000, 1_000)) < 0.1);
});

test('frames count the time exactly, whatever the rate of the device', () => {
  for (const rate of [8_000, 16_000, 22_050, 44_100, 48_000, 192_000]) {
    let frames = 0;
    const framer = new Framer(rate, () => {
      frames += 1;
    });
    framer.feedSilence(rate * 4);
    assert.equal(frames, Math.floor((16_000 * 4) / FRAME_SAMPLES), `${rate} Hz`);
  }
});

test('frame buffers are used again once they come back', () => {
  const seen = new Set();
  const framer = new Framer(48_000, ({ frame }) => {
    seen.add(frame);
    framer.recycle(frame);
  });
  framer.feedSilence(48_000 * 3);
  assert.ok(seen.size <= 24, `${seen.size} buffers for 93 frames`);
});

test('silence and loudness are told apart', () => {
  const levels = [];
  const framer = new Framer(16_000, ({ level, silent }) => levels.push({ level, silent }));
  framer.feedSilence(FRAME_SAMPLES);
  framer.feed(new Float32Array(FRAME_SAMPLES).fill(0.5));
  assert.deepEqual(levels[0], { level: 0, silent: true });
  assert.equal(levels[1].silent, false);
  assert.ok(Math.abs(levels[1].level - 0.5) < 0.01);
});

test('an utterance at 24 kHz keeps its length at any device rate', () => {
  for (const rate of [44_100, 48_000]) {
    const resampler = new globalThis.vvResampler(24_000, rate);
    let made = 0;
    for (let i = 0; i < 24_000; i += 1) {
      resampler.push(0);
      while (resampler.needed <= 0) {
        resampler.take();
        made += 1;
      }
    }
    assert.ok(Math.abs(made - rate) <= 2, `${made} samples at ${rate} Hz`);
  }
});
