import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { Connection } from '../../widget/app/connection.js';
import { MicSender } from '../../widget/app/mic-sender.js';
import { Refusal } from '../../widget/app/sessions.js';
import { decodeFrame, FLAG, FRAME_SAMPLES } from '../../widget/app/wire.js';

/** A socket whose other end is the test. */
class FakeSocket {
  static OPEN = 1;
  static all = [];
  constructor(url, protocols) {
    Object.assign(this, { url, protocols, readyState: 0, bufferedAmount: 0, sent: [] });
    FakeSocket.all.push(this);
  }
  send(content) {
    this.sent.push(
      typeof content === 'string' ? JSON.parse(content) : decodeFrame(content.slice().buffer),
    );
  }
  close(code) {
    this.closedWith = code ?? 'plain';
  }
  open() {
    this.readyState = 1;
    this.onopen();
  }
  say(message) {
    this.onmessage({ data: JSON.stringify(message) });
  }
  types() {
    return this.sent.filter((each) => each.t && each.t !== 'ping').map((each) => each.t);
  }
  frames() {
    return this.sent.filter((each) => each.samples);
  }
}

/** Timers that ring when the test says so. */
function handTimers() {
  const waiting = new Map();
  let id = 0;
  return {
    waiting,
    after(ms, action) {
      id += 1;
      const mine = id;
      waiting.set(mine, { ms, action });
      return () => waiting.delete(mine);
    },
    every: () => () => {},
    async ring() {
      const due = [...waiting.entries()];
      for (const [key, { action }] of due) {
        waiting.delete(key);
        action();
      }
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

let online;
beforeEach(() => {
  FakeSocket.all = [];
  globalThis.WebSocket = FakeSocket;
  globalThis.addEventListener = (type, listener) => {
    if (type === 'online') online = listener;
  };
  globalThis.removeEventListener = () => {};
});
afterEach(() => {
  delete globalThis.WebSocket;
  delete globalThis.addEventListener;
  delete globalThis.removeEventListener;
});

const GRANT = {
  session_id: 's',
  resume_handle: 'h0',
  ticket: 't0',
  ws_url: 'wss://here.example/ws',
};

/** What a tab remembers of the messages of one session. */
function memory(messages = []) {
  const unsent = {
    messages,
    load: () => unsent.messages,
    save: (sessionId, kept) => {
      assert.equal(sessionId, 's');
      unsent.messages = kept;
    },
  };
  return unsent;
}

function start({ renew = async () => ({ ...GRANT, ticket: 't1' }), unsent = memory() } = {}) {
  const timers = handTimers();
  const sender = new MicSender();
  const seen = { messages: [], lost: 0, failed: [], handles: [], trips: [] };
  const asked = [];
  const connection = new Connection({
    renew: (place) => {
      asked.push(place);
      return renew(place);
    },
    timers,
    sender,
    introduce: () => ({ locale: 'en', caps: [] }),
    unsent,
    events: {
      onMessage: (message) => seen.messages.push(message),
      onAudio: () => {},
      onLost: () => {
        seen.lost += 1;
      },
      onFailed: (code) => seen.failed.push(code),
      onHandle: (handle) => seen.handles.push(handle),
      onRoundTrip: (ms) => seen.trips.push(ms),
    },
  });
  connection.open(GRANT, { isResuming: false });
  return { connection, timers, sender, seen, asked, socket: () => FakeSocket.all.at(-1) };
}

const ready = (fields) => ({
  t: 'ready',
  state: 'scheduled',
  handle: 'h1',
  mic_ack: -1,
  ...fields,
});
const speak = (sender, count) => {
  for (let i = 0; i < count; i += 1) sender.push(new Int16Array(FRAME_SAMPLES), false);
};

test('the ticket goes in the subprotocols and hello comes first', () => {
  const { socket } = start();
  assert.deepEqual(socket().protocols, ['vv.v1', 'vv.ticket.t0']);
  socket().open();
  assert.equal(socket().sent[0].t, 'hello');
  assert.equal(socket().sent[0].resume, 'none');
});

test('frames of the sound check flow, and the interview numbers them anew', () => {
  const { connection, sender, socket } = start();
  socket().open();
  socket().say(ready());
  speak(sender, 3);
  connection.startRecording();
  speak(sender, 2);
  const frames = socket().frames();
  assert.deepEqual(
    frames.map((frame) => frame.seq),
    [0, 1, 2, 0, 1],
  );
  assert.equal(frames[3].flags, FLAG.FIRST);
});

test('a lost socket is replaced with the newest handle, and what was not stored is sent again', async () => {
  const { connection, timers, sender, seen, asked, socket } = start();
  socket().open();
  socket().say(ready());
  connection.startRecording();
  speak(sender, 6);
  socket().say({ t: 'handle', handle: 'h2' });
  socket().onclose({ code: 4500 });
  connection.send('answer_text', { text: 'typed meanwhile' });
  connection.send('played', { utt: 1, pts: 1 });
  speak(sender, 2);
  await timers.ring();
  assert.equal(seen.lost, 1);
  assert.deepEqual(asked, [{ session_id: 's', resume_handle: 'h2' }]);
  socket().open();
  assert.equal(socket().sent[0].resume, 'ring');
  socket().say(ready({ state: 'in_progress', mic_ack: 3 }));
  assert.deepEqual(socket().types(), ['hello', 'answer_text']);
  assert.deepEqual(
    socket()
      .frames()
      .map(({ seq, flags }) => [seq, flags & FLAG.RETRANSMIT]),
    [
      [4, FLAG.RETRANSMIT],
      [5, FLAG.RETRANSMIT],
      [6, 0],
      [7, 0],
    ],
  );
});

test('what has no acknowledgement is said again under its name, by a page that was loaded anew, too', async () => {
  const unsent = memory();
  const { connection, timers, socket } = start({ unsent });
  socket().open();
  socket().say(ready({ state: 'in_progress' }));
  connection.send('answer_text', { text: 'heard' });
  connection.send('answer_text', { text: 'lost on its way' });
  connection.send('control', { op: 'pause' });
  const [, heard, lost, pause] = socket().sent.filter(({ t }) => t !== 'ping');
  assert.equal(new Set([heard.id, lost.id, pause.id]).size, 3);
  socket().say({ t: 'ack', id: heard.id });
  socket().onclose({ code: 1006 });
  await timers.ring();
  socket().open();
  socket().say(ready({ state: 'in_progress' }));
  assert.deepEqual(socket().sent.slice(1, 3), [lost, pause]);

  const anew = start({ unsent: memory(unsent.messages) });
  anew.socket().open();
  anew.socket().say(ready({ state: 'in_progress' }));
  assert.deepEqual(anew.socket().sent.slice(1, 3), [lost, pause]);
  for (const { id } of [lost, pause]) anew.socket().say({ t: 'ack', id });
  assert.equal(anew.connection.outbox.size, 0);
});

test('what was said before a pause is sent before it', async () => {
  const { connection, timers, sender, socket } = start();
  socket().open();
  socket().say(ready());
  connection.startRecording();
  socket().onclose({ code: 1006 });
  speak(sender, 1);
  connection.send('control', { op: 'pause' });
  await timers.ring();
  socket().open();
  socket().say(ready({ state: 'in_progress' }));
  const [, frame, pause] = socket().sent;
  assert.equal(frame.seq, 0);
  assert.equal(pause.op, 'pause');
});

test('consent and start are said again when the server had not begun', async () => {
  const { connection, timers, sender, socket } = start();
  socket().open();
  socket().say(ready());
  connection.agree({ policy_version: '1', items: ['recording'] });
  connection.startRecording();
  speak(sender, 4);
  socket().onclose({ code: 1006 });
  await timers.ring();
  socket().open();
  socket().say(ready());
  assert.deepEqual(socket().types(), ['hello', 'consent', 'control']);
  assert.deepEqual(
    socket()
      .frames()
      .map((frame) => frame.seq),
    [0, 1, 2, 3],
  );
});

test('the wait grows with every failed attempt, and coming online ends it', async () => {
  let reachable = false;
  const renew = async () => {
    if (!reachable) throw new Refusal(0, 'network');
    return { ...GRANT, ticket: 't9' };
  };
  const { timers, asked, socket } = start({ renew });
  socket().open();
  socket().say(ready());
  socket().onclose({ code: 1006 });
  for (let i = 0; i < 12; i += 1) await timers.ring();
  const [{ ms }] = timers.waiting.values();
  assert.ok(ms <= 5_000);
  const before = asked.length;
  reachable = true;
  online();
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(asked.length, before + 1);
  assert.deepEqual(socket().protocols, ['vv.v1', 'vv.ticket.t9']);
});

test('a session that went to another window is not fought over', () => {
  const { timers, seen, socket } = start();
  socket().open();
  socket().say(ready());
  socket().onclose({ code: 4409 });
  assert.deepEqual(seen.failed, ['replaced']);
  assert.equal(timers.waiting.size, 0);
});

test('a handle that is no longer good ends the attempts', async () => {
  const renew = async () => {
    throw new Refusal(409, 'session_ended');
  };
  const { timers, seen, socket } = start({ renew });
  socket().open();
  socket().say(ready());
  socket().onclose({ code: 1006 });
  await timers.ring();
  assert.deepEqual(seen.failed, ['session_over']);
});

test('after closing nothing is heard and nothing comes back', async () => {
  const { connection, timers, seen, socket } = start();
  socket().open();
  socket().say(ready());
  connection.close();
  assert.equal(socket().sent.at(-1).t, 'bye');
  assert.equal(socket().onclose, null);
  await timers.ring();
  assert.equal(FakeSocket.all.length, 1);
  assert.equal(seen.lost, 0);
});

test('after sleep a server that does not answer is given up at once, one that answers is kept', async () => {
  for (const answers of [true, false]) {
    const { connection, timers, seen, socket } = start();
    socket().open();
    socket().say(ready());
    connection.doubt();
    const { n } = socket().sent.at(-1);
    const askedAt = performance.now();
    while (performance.now() === askedAt); // the clock has to move
    if (answers) socket().say({ t: 'pong', n });
    await timers.ring();
    assert.equal(seen.lost, answers ? 0 : 1);
    assert.equal(seen.trips.length, answers ? 1 : 0);
  }
});

test('after seventy seconds without a network the last minute is sent, and the rest is declared missing', async () => {
  const { connection, timers, sender, socket } = start();
  socket().open();
  socket().say(ready());
  connection.startRecording();
  speak(sender, 10);
  socket().onclose({ code: 1006 });
  speak(sender, 2_187); // 70 s
  await timers.ring();
  socket().open();
  socket().say(ready({ state: 'in_progress', mic_ack: 9 }));
  const frames = socket().frames();
  assert.equal(frames.length, 1_875);
  assert.equal(frames[0].seq, 2_197 - 1_875);
  assert.equal(frames[0].flags, FLAG.DISCONTINUITY);
  assert.ok(frames.every((frame, i) => frame.seq === frames[0].seq + i));
});
