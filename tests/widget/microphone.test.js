import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { Microphone } from '../../widget/app/microphone.js';

/** A machine with microphones that the test plugs in and pulls out. */
class Machine extends EventTarget {
  constructor() {
    super();
    this.devices = [];
    this.answer = null; // a refusal, as the browser says it
    this.asked = [];
    this.open = [];
    this.waiting = null;
    this.echoCancellation = true;
  }

  plug(...ids) {
    this.devices = ids.map((id) => {
      const [deviceId, groupId] = id.split('@');
      return { kind: 'audioinput', deviceId, groupId: groupId ?? id, label: `The ${deviceId}` };
    });
    this.dispatchEvent(new Event('devicechange'));
  }

  async enumerateDevices() {
    return this.devices;
  }

  async getUserMedia({ audio }) {
    const wanted = audio.deviceId?.exact;
    this.asked.push(wanted ?? 'any');
    await this.waiting;
    if (this.answer) throw new DOMException('', this.answer);
    const device = this.devices.find((each) => !wanted || each.deviceId === wanted);
    if (!device) throw new DOMException('', wanted ? 'OverconstrainedError' : 'NotFoundError');
    const track = Object.assign(new EventTarget(), {
      label: device.label,
      muted: false,
      readyState: 'live',
      stop: () => {
        track.readyState = 'ended';
      },
      getSettings: () => ({
        deviceId: device.deviceId,
        sampleRate: this.rate,
        echoCancellation: this.echoCancellation,
      }),
      applyConstraints: async () => {},
    });
    this.open.push(track);
    return { getAudioTracks: () => [track], getTracks: () => [track] };
  }

  get live() {
    return this.open.filter((track) => track.readyState === 'live').map((track) => track.label);
  }

  pull() {
    const track = this.open.at(-1);
    track.readyState = 'ended';
    track.dispatchEvent(new Event('ended'));
  }
}

class FakeNode {
  constructor(context) {
    Object.assign(this, { context, port: { postMessage() {} } });
    context.nodes.push(this);
  }

  connect(target) {
    if (target.context && target.context !== this.context)
      throw new DOMException('', 'InvalidAccessError');
  }

  disconnect() {}
}

class FakeContext {
  constructor({ sampleRate = 48_000 } = {}) {
    Object.assign(this, { sampleRate, nodes: [], destination: {}, isClosed: false });
    this.audioWorklet = { addModule: async () => {} };
    FakeContext.all.push(this);
  }

  createMediaStreamSource(stream) {
    const rate = stream.getAudioTracks()[0].getSettings().sampleRate ?? this.sampleRate;
    if (rate !== this.sampleRate) throw new DOMException('', 'NotSupportedError');
    return new FakeNode(this);
  }

  async resume() {}

  async close() {
    this.isClosed = true;
  }
}

let machine;
const kept = {};
beforeEach(() => {
  machine = new Machine();
  FakeContext.all = [];
  kept.navigator = Object.getOwnPropertyDescriptor(globalThis, 'navigator');
  const permissions = { query: async () => machine.permission };
  machine.permission = Object.assign(new EventTarget(), { state: 'granted' });
  Object.defineProperty(globalThis, 'navigator', {
    value: { mediaDevices: machine, permissions },
    configurable: true,
  });
  globalThis.document = { permissionsPolicy: { allowsFeature: () => true } };
  globalThis.AudioWorkletNode = FakeNode;
  globalThis.AudioContext = FakeContext;
});
afterEach(() => {
  if (kept.navigator) Object.defineProperty(globalThis, 'navigator', kept.navigator);
  else delete globalThis.navigator;
  delete globalThis.document;
  delete globalThis.AudioWorkletNode;
  delete globalThis.AudioContext;
});

const settled = () => new Promise((resolve) => setImmediate(resolve));

/** Timers that ring when the test says so. */
function startMicrophone() {
  const waiting = new Set();
  const after = (_ms, action) => {
    const mine = { action };
    waiting.add(mine);
    return () => waiting.delete(mine);
  };
  const ring = async () => {
    for (const each of [...waiting]) {
      waiting.delete(each);
      each.action();
    }
    await settled();
    await settled();
  };
  const told = [];
  const note = (name) => (value) => told.push([name, value]);
  const events = {
    onFrame: () => {},
    onHealth: () => {},
    onDevices: () => {},
    onState: note('state'),
    onDeviceChanged: note('changed'),
    onLost: () => told.push(['lost']),
    onEcho: note('echo'),
  };
  const microphone = new Microphone({ after, every: () => () => {} }, events);
  const frame = { silent: true, stuck: false, level: 0 };
  const receive = (captured) => {
    const node = FakeContext.all
      .flatMap((each) => each.nodes)
      .findLast((each) => each.port.onmessage);
    const samples = new Int16Array(512);
    node.port.onmessage({ data: { ...frame, ...captured, frame: samples } });
  };
  return { microphone, told, ring, receive };
}

const states = (told) => told.filter(([name]) => name === 'state').map(([, value]) => value);

test('a headset that is pulled out is followed by another microphone at once, and the candidate is told', async () => {
  const { microphone, told } = startMicrophone();
  machine.plug('headset', 'laptop');
  await microphone.acquire('headset');
  machine.devices.shift();
  machine.pull();
  await settled();
  await settled();
  assert.deepEqual(machine.live, ['The laptop']);
  assert.deepEqual(
    told.filter(([name]) => name !== 'state' && name !== 'echo'),
    [['lost'], ['changed', 'The laptop']],
  );
});

test('a headset that comes back is taken again, because it was chosen', async () => {
  const { microphone, told, ring } = startMicrophone();
  machine.plug('headset', 'laptop');
  await microphone.acquire('headset');
  machine.devices.shift();
  machine.pull();
  await settled();
  machine.plug('laptop', 'headset');
  await ring();
  assert.deepEqual(machine.live, ['The headset']);
  assert.deepEqual(told.at(-1), ['state', 'granted']);
  assert.ok(told.some(([name, label]) => name === 'changed' && label === 'The headset'));
});

test("whoever follows the system goes along when the system's choice changes", async () => {
  const { microphone, ring } = startMicrophone();
  machine.plug('default@laptop', 'laptop');
  await microphone.acquire();
  machine.plug('default@headset', 'laptop', 'headset');
  await ring();
  assert.equal(machine.asked.length, 2);
  machine.plug('default@headset', 'laptop', 'headset', 'camera');
  await ring();
  assert.equal(machine.asked.length, 2, 'another device is no reason');
});

test('without any microphone the interview waits for one to be plugged in', async () => {
  const { microphone, told, ring } = startMicrophone();
  await microphone.acquire();
  assert.deepEqual(states(told), ['no_device']);
  machine.plug('headset');
  await ring();
  assert.deepEqual(states(told), ['no_device', 'granted']);
});

test('a permission that is taken away is not asked for again until the candidate gives it back', async () => {
  const { microphone, told, ring } = startMicrophone();
  machine.plug('laptop');
  await microphone.acquire();
  machine.answer = 'NotAllowedError';
  machine.pull();
  await settled();
  await settled();
  assert.deepEqual(states(told), ['granted', 'denied']);
  const asked = machine.asked.length;
  machine.plug('laptop', 'headset');
  await ring();
  assert.equal(machine.asked.length, asked, 'a prompt would come out of nowhere');
  machine.answer = null;
  machine.permission.dispatchEvent(new Event('change'));
  await settled();
  await settled();
  assert.deepEqual(states(told), ['granted', 'denied', 'granted']);
});

test('a microphone that another program holds is asked for again by itself', async () => {
  const { microphone, told, ring } = startMicrophone();
  machine.plug('laptop');
  machine.answer = 'NotReadableError';
  await microphone.acquire();
  machine.answer = null;
  await ring();
  assert.deepEqual(states(told), ['in_use', 'granted']);
});

test('a microphone that is granted after the interview is over is given back at once', async () => {
  const { microphone } = startMicrophone();
  machine.plug('laptop');
  let grant;
  machine.waiting = new Promise((resolve) => {
    grant = resolve;
  });
  const asking = microphone.acquire();
  microphone.release();
  grant();
  await asking;
  assert.deepEqual(machine.live, []);
});

test('of two wishes the newer one counts, in whatever order they are granted', async () => {
  const { microphone } = startMicrophone();
  machine.plug('laptop', 'headset');
  let grant;
  machine.waiting = new Promise((resolve) => {
    grant = resolve;
  });
  const first = microphone.acquire('laptop');
  machine.waiting = null;
  await microphone.acquire('headset');
  grant();
  await first;
  assert.deepEqual(machine.live, ['The headset']);
});

test('a device at another rate gets a context of its own, and the next one the common one again', async () => {
  const { microphone } = startMicrophone();
  machine.plug('laptop', 'bluetooth');
  const common = new FakeContext();
  microphone.attach(common);
  machine.rate = 16_000;
  await microphone.acquire('bluetooth');
  await settled();
  const own = FakeContext.all[1];
  assert.equal(own.sampleRate, 16_000);
  assert.equal(microphone.node.context, own);
  machine.rate = 48_000;
  await microphone.acquire('laptop');
  assert.equal(microphone.node.context, common);
  assert.equal(own.isClosed, true);
});

test('a device that only sends zeros is taken anew, while the one before is still open', async () => {
  const { microphone, receive } = startMicrophone();
  machine.plug('laptop');
  microphone.attach(new FakeContext());
  await microphone.acquire();
  for (let i = 0; i < 94; i += 1) receive({});
  await settled();
  assert.deepEqual(machine.asked, ['any', 'laptop']);
  assert.equal(machine.live.length, 1);
});

test('a browser that leaves the echo in is found out', async () => {
  machine.plug('laptop');
  for (const cancelled of [true, false]) {
    machine.echoCancellation = cancelled;
    const { microphone, told } = startMicrophone();
    await microphone.acquire();
    await settled();
    assert.deepEqual(
      told.filter(([name]) => name === 'echo'),
      [['echo', cancelled]],
    );
  }
});
