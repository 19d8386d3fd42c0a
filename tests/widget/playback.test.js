import assert from 'node:assert/strict';
import { test } from 'node:test';
import '../../widget/worklets/resampler.js';
import '../../widget/worklets/cushion.js';
import { IN_RATE, Player } from '../../widget/worklets/playback.js';

const QUANTUM = 128;

/** A player whose audio clock the test turns. */
function startPlayer(outRate = 48_000) {
  const events = [];
  const player = new Player(outRate, (event) => events.push(event));
  const output = new Float32Array(QUANTUM);
  const heard = [];
  const run = (ms) => {
    for (let done = 0; done < (outRate * ms) / 1000; done += QUANTUM) {
      player.render(output);
      heard.push(...output);
    }
  };
  const of = (type) => events.filter((event) => event.t === type);
  return { player, run, heard, of };
}

function speak(player, utt, ms, { from = 0, last = true } = {}) {
  const frame = (IN_RATE * 40) / 1000;
  const total = from + (IN_RATE * ms) / 1000;
  for (let pts = from; pts < total; pts += frame) {
    const samples = new Int16Array(Math.min(frame, total - pts)).fill(8_000);
    player.handle({ t: 'audio', utt, pts, samples, last: last && pts + frame >= total });
  }
  return total;
}

test('an utterance that was played to its end reports every sample', () => {
  for (const rate of [44_100, 48_000]) {
    const { player, run, of } = startPlayer(rate);
    const total = speak(player, 1, 500);
    run(700);
    assert.deepEqual(of('finished'), [{ t: 'finished', utt: 1, pts: total }]);
  }
});

test('marks come every 100 ms and follow the audible sample', () => {
  const { player, run, of } = startPlayer();
  speak(player, 1, 2_000);
  run(1_000);
  const marks = of('played').map((event) => event.pts);
  assert.ok(marks.length >= 9 && marks.length <= 11, `${marks.length} marks in a second`);
  const behind = IN_RATE - marks.at(-1);
  assert.ok(behind >= 0 && behind < IN_RATE * 0.11, `${behind} samples behind`);
});

test('nothing is audible before 80 ms are there, and a short utterance does not wait for them', () => {
  const { player, run, of } = startPlayer();
  speak(player, 1, 40, { last: false });
  run(200);
  assert.equal(of('started').length, 0);
  player.handle({ t: 'end', utt: 1, total: 960 });
  run(100);
  assert.deepEqual(of('finished'), [{ t: 'finished', utt: 1, pts: 960 }]);
});

test('a cancelled utterance is silent within 15 ms and names the sample it reached', () => {
  const { player, run, heard, of } = startPlayer();
  speak(player, 1, 2_000);
  run(500);
  player.handle({ t: 'cancel', utt: 1 });
  run(40);
  const [cancelled] = of('cancelled');
  const reached = (cancelled.pts * 1000) / IN_RATE;
  assert.ok(reached > 500 && reached < 530, `${reached} ms`);
  const tail = heard.slice(-Math.floor(48 * 20));
  assert.ok(tail.every((sample) => Math.abs(sample) < 1e-6));
});

test('frames of a cancelled utterance that come late stay silent', () => {
  const { player, run, of } = startPlayer();
  const pts = speak(player, 1, 400, { last: false });
  run(200);
  player.handle({ t: 'cancel', utt: 1 });
  run(50);
  speak(player, 1, 400, { from: pts });
  run(600);
  assert.equal(of('finished').length, 0);
  assert.equal(of('started').length, 1);
});

test('cancelling what has been heard already answers with all of it', () => {
  const { player, run, of } = startPlayer();
  const total = speak(player, 1, 200);
  run(400);
  player.handle({ t: 'cancel', utt: 1 });
  assert.deepEqual(of('cancelled'), [{ t: 'cancelled', utt: 1, pts: total }]);
});

test('an utterance that was never begun is cancelled at its first sample', () => {
  const { player, run, of } = startPlayer();
  speak(player, 1, 500);
  speak(player, 2, 500);
  run(100);
  player.handle({ t: 'cancel', utt: 2 });
  assert.deepEqual(of('cancelled'), [{ t: 'cancelled', utt: 2, pts: 0 }]);
  run(800);
  assert.equal(of('finished').length, 1);
});

test('utterances follow each other in order', () => {
  const { player, run, of } = startPlayer();
  speak(player, 3, 200);
  speak(player, 4, 300);
  run(800);
  assert.deepEqual(
    of('finished').map((event) => event.utt),
    [3, 4],
  );
});

test('a starved utterance says how long it was silent, loses nothing and goes on', () => {
  const { player, run, of } = startPlayer();
  const pts = speak(player, 1, 200, { last: false });
  run(500);
  const total = speak(player, 1, 300, { from: pts });
  run(500);
  const [gap] = of('gap');
  assert.deepEqual([gap.utt, gap.pts], [1, pts]);
  assert.ok(Math.abs(gap.ms - 300) < 5, `${gap.ms} ms`);
  assert.deepEqual(of('finished'), [{ t: 'finished', utt: 1, pts: total }]);
});

test('the end of an utterance is no gap, although its last word may come late', () => {
  const { player, run, of } = startPlayer();
  const pts = speak(player, 1, 200, { last: false });
  run(500);
  player.handle({ t: 'end', utt: 1, total: pts });
  run(100);
  speak(player, 2, 200);
  run(400);
  assert.deepEqual(of('gap'), []);
  assert.equal(of('finished').length, 2);
});

test('time in which the voice is held is not counted as a gap', () => {
  const { player, run, of } = startPlayer();
  const pts = speak(player, 1, 200, { last: false });
  run(250);
  player.handle({ t: 'hold', on: true });
  run(5_000);
  speak(player, 1, 300, { from: pts });
  player.handle({ t: 'hold', on: false });
  run(500);
  assert.ok(of('gap')[0].ms < 100, `${of('gap')[0].ms} ms`);
});

test('what runs out fades within 5 ms, and fades in again', () => {
  const { player, run, heard } = startPlayer(IN_RATE);
  run(10);
  const pts = speak(player, 1, 200, { last: false });
  run(400);
  speak(player, 1, 200, { from: pts });
  run(300);
  const steps = heard.map((sample, i) => Math.abs(sample - (heard[i - 1] ?? sample)));
  const [begin, ...others] = steps.filter((step) => step > 0.003);
  assert.ok(begin > 0.2, 'it begins as it was spoken');
  assert.equal(others.length, 1, 'and ends as it was spoken');
});

test('the first sample of an utterance is reported when it is heard', () => {
  const { player, run, of } = startPlayer();
  speak(player, 1, 1_000);
  run(5);
  assert.deepEqual(of('started'), [{ t: 'started', utt: 1, pts: 0 }]);
});

test('frames that are sent again after a reconnect are not played twice', () => {
  const { player, run, heard, of } = startPlayer();
  speak(player, 1, 200, { last: false });
  const total = speak(player, 1, 400, { from: IN_RATE * 0.1 });
  run(900);
  assert.deepEqual(of('finished'), [{ t: 'finished', utt: 1, pts: total }]);
  const loud = heard.filter((sample) => Math.abs(sample) > 0.2).length / 48;
  assert.ok(Math.abs(loud - 500) < 10, `${loud} ms were audible`);
});

test('an utterance that a lost connection left open does not hold up the next one', () => {
  const { player, run, of } = startPlayer();
  speak(player, 1, 200, { last: false });
  run(400);
  speak(player, 2, 200);
  run(400);
  assert.deepEqual(
    of('finished').map((event) => event.utt),
    [1, 2],
  );
});

test('holding keeps the place and resuming goes on from there', () => {
  const { player, run, of } = startPlayer();
  const total = speak(player, 1, 600);
  run(200);
  player.handle({ t: 'hold', on: true });
  run(1_000);
  assert.equal(of('finished').length, 0);
  player.handle({ t: 'hold', on: false });
  run(600);
  assert.deepEqual(of('finished'), [{ t: 'finished', utt: 1, pts: total }]);
});

test('ducking makes the voice quieter within 50 ms and back', () => {
  const { player, run, heard } = startPlayer();
  speak(player, 1, 1_000);
  run(300);
  const full = Math.abs(heard.at(-1));
  player.handle({ t: 'duck', on: true });
  run(60);
  assert.ok(Math.abs(Math.abs(heard.at(-1)) / full - 0.25) < 0.01);
  player.handle({ t: 'duck', on: false });
  run(60);
  assert.ok(Math.abs(Math.abs(heard.at(-1)) / full - 1) < 0.01);
});
