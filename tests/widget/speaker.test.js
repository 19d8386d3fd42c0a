import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Speaker } from '../../widget/app/speaker.js';

const FRAME = 960;

globalThis.navigator ??= { userAgent: '', maxTouchPoints: 0 };
globalThis.AudioWorkletNode = class {
  constructor(context) {
    this.port = { onmessage: null, postMessage: (command) => context.told.push(command) };
    context.nodes.push(this);
  }

  connect() {}

  disconnect() {}
};

/** An audio context whose worklet notes what it is told and reports what the test says. */
function startContext() {
  const context = { told: [], nodes: [], destination: {} };
  context.report = (event) => context.nodes.at(-1).port.onmessage({ data: event });
  context.pieces = () =>
    context.told.filter(({ t }) => t === 'audio').map(({ utt, pts, last }) => ({ utt, pts, last }));
  return context;
}

function startSpeaker() {
  const played = [];
  const cancelled = [];
  const speaker = new Speaker({
    onPlayed: (utt, pts) => played.push([utt, pts]),
    onCancelled: (utt, pts) => cancelled.push([utt, pts]),
    onLevel: () => {},
  });
  const speak = (utt, number, last = false) =>
    speaker.play({ utt, pts: number * FRAME, samples: new Int16Array(FRAME), flags: 0 }, last);
  return { speaker, speak, played, cancelled };
}

test('what arrives while the sound is rebuilt is not called heard, and is played afterwards', () => {
  const { speaker, speak, played } = startSpeaker();
  speaker.attach(startContext());
  speaker.detach();
  speak(1, 0);
  speak(1, 1, true);
  assert.deepEqual(played, []);
  const next = startContext();
  speaker.attach(next);
  assert.deepEqual(next.pieces(), [
    { utt: 1, pts: 0, last: false },
    { utt: 1, pts: FRAME, last: true },
  ]);
  next.report({ t: 'finished', utt: 1, pts: 2 * FRAME });
  assert.deepEqual(played, [[1, 2 * FRAME]]);
});

test('what the old context had taken and not played is played by the next one', () => {
  const { speaker, speak } = startSpeaker();
  const first = startContext();
  speaker.attach(first);
  for (const number of [0, 1, 2]) speak(1, number);
  first.report({ t: 'played', utt: 1, pts: FRAME + 5 });
  speaker.end(1, 3 * FRAME);
  const next = startContext();
  speaker.attach(next);
  assert.deepEqual(
    next.pieces().map(({ pts }) => pts),
    [FRAME, 2 * FRAME],
  );
  assert.deepEqual(next.told.at(-1), { t: 'end', utt: 1, total: 3 * FRAME });
});

test('nothing that was heard is played again', () => {
  const { speaker, speak } = startSpeaker();
  const first = startContext();
  speaker.attach(first);
  speak(1, 0);
  speak(2, 0, true);
  first.report({ t: 'finished', utt: 2, pts: FRAME });
  const next = startContext();
  speaker.attach(next);
  assert.deepEqual(next.pieces(), []);
});

test('an utterance cancelled meanwhile says how far it was heard, and stays silent', () => {
  const { speaker, speak, cancelled } = startSpeaker();
  const first = startContext();
  speaker.attach(first);
  speak(1, 0);
  first.report({ t: 'played', utt: 1, pts: 700 });
  speaker.detach();
  speaker.cancel(1);
  speak(1, 1);
  assert.deepEqual(cancelled, [[1, 700]]);
  const next = startContext();
  speaker.attach(next);
  assert.deepEqual(next.pieces(), []);
});

test('without Web Audio the text counts as heard, also what came before that was known', () => {
  const { speaker, speak, played } = startSpeaker();
  speak(1, 0);
  speaker.goMute();
  speak(1, 1);
  assert.deepEqual(played, [
    [1, FRAME],
    [1, 2 * FRAME],
  ]);
});
