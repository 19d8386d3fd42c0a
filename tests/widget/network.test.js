import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Rehearsal } from './network.js';

/** Evenly distributed, and the same in every run. */
function luck(seed = 1) {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state / 2 ** 31;
  };
}

const lost = (gaps) => gaps.reduce((sum, gap) => sum + gap.ms, 0);

for (const [name, ms] of [
  ['nearby', 10],
  ['across an ocean', 75],
  ['by satellite', 150],
  ['very far', 300],
]) {
  test(`speech is continuous to somebody ${name}, from the first word`, () => {
    const world = new Rehearsal({ delay: () => ms });
    for (let i = 0; i < 5; i += 1) world.say(6_000);
    assert.deepEqual(world.gaps(), []);
  });
}

test('delays between 0 and 300 ms are hardly heard at first, and then not at all', () => {
  const random = luck();
  const world = new Rehearsal({ delay: () => 300 * random() });
  for (let i = 0; i < 10; i += 1) world.say(6_000);
  assert.ok(lost(world.gaps()) < 300, `${lost(world.gaps())} ms of a minute`);
  assert.deepEqual(world.gaps(3), []);
});

test('a network that stalled for two seconds may do so again', () => {
  let stall = { from: 0, to: 0 };
  const delay = (now) => (now >= stall.from && now < stall.to ? stall.to - now : 20);
  const world = new Rehearsal({ delay });
  const stallDuring = (ms) => {
    stall = { from: world.now + 2_000, to: world.now + 4_000 };
    world.say(ms);
  };
  stallDuring(8_000);
  assert.equal(world.gaps().length, 1, 'the first one is heard');
  stallDuring(8_000);
  assert.deepEqual(world.gaps(2), []);
});

test('what a bad minute has taught is unlearned when the network is good again', () => {
  const random = luck();
  let worst = 800;
  const world = new Rehearsal({ delay: () => 20 + worst * random() });
  for (let i = 0; i < 3; i += 1) world.say(6_000);
  const learned = world.player.cushion.leadMs;
  worst = 0;
  world.player.handle({ t: 'round-trip', ms: 40 });
  for (let i = 0; i < 12; i += 1) world.say(3_000);
  const { leadMs, leastMs } = world.player.cushion;
  assert.ok(learned > leastMs * 1.5, `${learned} ms at the worst`);
  assert.equal(leadMs, leastMs);
});

test('where sound comes in more slowly than it is played, it begins later and then goes on', () => {
  const world = new Rehearsal({ kbit: 330 }); // of 384
  for (let i = 0; i < 12; i += 1) {
    world.say(5_000);
    world.rest(3_000);
  }
  assert.ok(world.gaps(1).length > 0);
  assert.deepEqual(world.gaps(8), []);
});

test('a server that makes its sentence slowly teaches nobody to wait for it', () => {
  const world = new Rehearsal({});
  const { player } = world;
  for (let clause = 0; clause < 6; clause += 1) {
    const samples = new Int16Array(24_000).fill(8_000); // a second at once, every two seconds
    player.handle({ t: 'audio', utt: 1, pts: clause * 24_000, samples, last: clause === 5 });
    world.rest(2_000);
  }
  assert.equal(world.gaps().length, 5);
  assert.equal(player.cushion.startMs, 80);
});

for (const drift of [-200e-6, 200e-6]) {
  test(`half an hour at ${drift * 1e6} ppm: nothing runs away, runs dry or piles up`, () => {
    const world = new Rehearsal({ drift, delay: () => 40 });
    let most = 0;
    world.onQuantum = () => {
      const pieces = world.player.queue.reduce((sum, each) => sum + each.pieces.length, 0);
      most = Math.max(most, pieces);
    };
    let spoken = 0;
    while (world.now < 30 * 60_000) {
      world.say(12_000);
      spoken += 12_000;
      world.rest(8_000);
    }
    const finished = world.events.filter((event) => event.t === 'finished');
    const heard = finished.reduce((sum, event) => sum + event.pts, 0);
    assert.equal(heard, spoken * 24);
    assert.deepEqual(world.gaps(), []);
    assert.ok(most <= 30, `${most} frames of 40 ms at the most`);
  });
}
