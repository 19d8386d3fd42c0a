import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { Sound } from '../../widget/app/sound.js';

/** An audio context whose fate the test decides. */
class FakeContext extends EventTarget {
  static all = [];
  static starts = 'running';
  static obeys = true;

  constructor() {
    super();
    Object.assign(this, { state: FakeContext.starts, currentTime: 0, sampleRate: 48_000 });
    Object.assign(this, { destination: {}, resumed: 0, obeys: FakeContext.obeys, loaded: [] });
    this.audioWorklet = { addModule: async (url) => this.loaded.push(url.split('/').at(-1)) };
    FakeContext.all.push(this);
  }

  createBuffer() {}

  createBufferSource() {
    return { connect() {}, start() {} };
  }

  async resume() {
    this.resumed += 1;
    if (this.obeys && this.state === 'suspended') this.become('running');
  }

  async close() {
    this.state = 'closed';
  }

  pass(seconds) {
    if (this.state === 'running' && !this.isFrozen) this.currentTime += seconds;
  }

  become(state) {
    this.state = state;
    this.onstatechange?.();
  }
}

let now;
const kept = {};
beforeEach(() => {
  now = 0;
  kept.now = performance.now;
  performance.now = () => now;
  kept.navigator = Object.getOwnPropertyDescriptor(globalThis, 'navigator');
  Object.defineProperty(globalThis, 'navigator', { value: {}, configurable: true });
  FakeContext.all = [];
  FakeContext.starts = 'running';
  FakeContext.obeys = true;
  globalThis.AudioContext = FakeContext;
  globalThis.AudioWorkletNode = class {};
});
afterEach(() => {
  performance.now = kept.now;
  if (kept.navigator) Object.defineProperty(globalThis, 'navigator', kept.navigator);
  else delete globalThis.navigator;
  delete globalThis.AudioContext;
  delete globalThis.AudioWorkletNode;
});

/** A sound whose clock the test turns, half a second at a time. */
function startSound() {
  let due = [];
  const after = (ms, action) => {
    const mine = { at: now + ms, action };
    due.push(mine);
    return () => {
      due = due.filter((each) => each !== mine);
    };
  };
  const every = (ms, action) => {
    let cancel = () => {};
    const again = () => {
      cancel = after(ms, again);
      action();
    };
    cancel = after(ms, again);
    return () => cancel();
  };
  const sound = new Sound({ after, every });
  const told = { interrupted: 0, rebuilt: 0 };
  sound.onInterrupted = () => {
    told.interrupted += 1;
  };
  sound.onRebuilt = () => {
    told.rebuilt += 1;
  };
  const ring = () => {
    const rings = due.filter(({ at }) => at <= now);
    due = due.filter(({ at }) => at > now);
    for (const { action } of rings) action();
  };
  const pass = (seconds) => {
    for (const until = now + seconds * 1000; now < until; ) {
      now += 500;
      sound.context.pass(0.5);
      ring();
    }
  };
  sound.unlock();
  return { sound, told, pass };
}

test('the worklets are loaded in the order in which they need each other', async () => {
  const { sound } = startSound();
  await sound.ready;
  assert.deepEqual(sound.context.loaded, [
    'resampler.js',
    'cushion.js',
    'capture.js',
    'playback.js',
  ]);
});

test('a context that somebody suspended goes on, and nobody is troubled', () => {
  const { sound, told, pass } = startSound();
  pass(2);
  sound.context.become('suspended');
  pass(3);
  assert.equal(sound.context.state, 'running');
  assert.deepEqual([FakeContext.all.length, told], [1, { interrupted: 0, rebuilt: 0 }]);
});

for (const [fate, ruin] of [
  ['was closed', (context) => context.become('closed')],
  [
    'lost its device',
    (context) => {
      context.state = 'suspended';
      context.obeys = false;
      context.dispatchEvent(new Event('error'));
    },
  ],
  [
    'says that it runs, and stands still',
    (context) => {
      context.isFrozen = true;
    },
  ],
]) {
  test(`a context that ${fate} is replaced within four seconds, and nobody is troubled`, () => {
    const { sound, told, pass } = startSound();
    pass(2);
    const [first] = FakeContext.all;
    ruin(first);
    pass(4);
    assert.notEqual(sound.context, first);
    assert.equal(sound.context.state, 'running');
    assert.deepEqual([first.state, told], ['closed', { interrupted: 0, rebuilt: 1 }]);
  });
}

test('where no context runs without a tap the candidate is asked once, and the tap brings it back', () => {
  const { sound, told, pass } = startSound();
  pass(2);
  FakeContext.starts = 'suspended';
  FakeContext.obeys = false;
  FakeContext.all[0].obeys = false;
  FakeContext.all[0].become('suspended');
  pass(10);
  assert.deepEqual(told, { interrupted: 1, rebuilt: 1 });
  assert.equal(FakeContext.all.length, 2, 'no context after another is made in vain');
  sound.context.obeys = true;
  assert.equal(sound.unlock(), false);
  assert.equal(sound.context.state, 'running');
});

test('during a call nothing is tried, and the tap after it makes a new context', () => {
  const { sound, told, pass } = startSound();
  pass(2);
  sound.context.become('interrupted');
  pass(5);
  assert.ok(told.interrupted > 0);
  assert.deepEqual([FakeContext.all.length, sound.context.resumed], [1, 1]);
  assert.equal(sound.unlock(), true);
  assert.equal(sound.context.state, 'running');
});
