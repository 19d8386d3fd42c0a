import assert from 'node:assert/strict';
import { test } from 'node:test';
import { advance, FIRST, isOver } from '../../widget/app/phases.js';

const ADMITTED = { type: 'admitted', needsConsent: true, inProgress: false };

function after(...events) {
  return events.reduce(advance, FIRST);
}

const LIVE = [ADMITTED, { type: 'agreed' }, { type: 'started' }];

test('a first interview goes from the introduction to the end', () => {
  const seen = [
    ADMITTED,
    { type: 'agreed' },
    { type: 'started' },
    { type: 'ended', review: true },
    { type: 'submitted' },
  ];
  const phases = seen.map((_, i) => after(...seen.slice(0, i + 1)).phase);
  assert.deepEqual(phases, ['consent', 'devicecheck', 'live', 'review', 'done']);
});

test('without a review the end is the end', () => {
  assert.equal(after(...LIVE, { type: 'ended', review: false }).phase, 'done');
});

test('consent that was given before is not asked for again', () => {
  assert.equal(after({ ...ADMITTED, needsConsent: false }).phase, 'devicecheck');
});

test('a reload in the middle leads straight back into the conversation', () => {
  assert.equal(after({ ...ADMITTED, inProgress: true }).phase, 'live');
});

test('whoever finds no place waits, and goes on as from the introduction', () => {
  const queued = { type: 'queued' };
  assert.equal(after(queued).phase, 'queue');
  assert.equal(after(queued, queued, ADMITTED).phase, 'consent');
  assert.equal(after(queued, { type: 'left_queue' }).phase, 'intro');
  assert.equal(after(queued, { type: 'failed', code: 'link_invalid' }).phase, 'error');
  assert.equal(after(ADMITTED, queued).phase, 'consent', 'nobody is sent back out');
});

test('a lost connection returns to where it was lost', () => {
  const lost = { type: 'connection_lost' };
  const restored = { type: 'connection_restored' };
  assert.equal(after(...LIVE, lost).phase, 'reconnecting');
  assert.equal(after(...LIVE, lost, restored).phase, 'live');
  assert.equal(after(...LIVE, { type: 'paused' }, lost, restored).phase, 'paused');
  assert.equal(after(...LIVE, lost, { type: 'paused' }, restored).phase, 'paused');
  assert.equal(
    after(...LIVE, { type: 'paused' }, lost, { type: 'resumed' }, restored).phase,
    'live',
  );
});

test('before the interview a lost connection changes no screen', () => {
  assert.equal(after(ADMITTED, { type: 'connection_lost' }).phase, 'consent');
});

test('a failure keeps its code and can be tried again', () => {
  const failed = after(ADMITTED, { type: 'failed', code: 'capacity' });
  assert.equal(failed.phase, 'error');
  assert.equal(failed.code, 'capacity');
  assert.deepEqual(advance(failed, { type: 'restarted' }), FIRST);
});

test('no order of events leaves the known phases or comes back from the end', () => {
  const events = [
    ADMITTED,
    { type: 'queued' },
    { type: 'left_queue' },
    { ...ADMITTED, inProgress: true },
    { type: 'agreed' },
    { type: 'started' },
    { type: 'paused' },
    { type: 'resumed' },
    { type: 'connection_lost' },
    { type: 'connection_restored' },
    { type: 'submitted' },
    { type: 'ended', review: false },
  ];
  const known = new Set([
    'intro',
    'queue',
    'consent',
    'devicecheck',
    'live',
    'reconnecting',
    'paused',
    'review',
    'done',
    'error',
  ]);
  let seed = 7;
  for (let history = 0; history < 500; history += 1) {
    let state = FIRST;
    for (let step = 0; step < 20; step += 1) {
      seed = (seed * 48_271) % 2_147_483_647;
      const next = advance(state, events[seed % events.length]);
      assert.ok(known.has(next.phase));
      if (isOver(state.phase)) assert.equal(next, state);
      state = next;
    }
  }
});
