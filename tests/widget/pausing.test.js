import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Interview } from '../../widget/app/interview.js';
import { isResting } from '../../widget/app/phases.js';
import { createStore } from '../../widget/app/store.js';
import { firstView } from '../../widget/app/view-state.js';

const FRAME = 512;

/** An interview in the given phase whose connection notes what it is told. */
function interviewIn(phase, returnsTo = 'live') {
  const consent = { policy_version: '1', text: '', items: [] };
  const store = createStore({ ...firstView(consent, 3), phase, returnsTo, micState: 'granted' });
  const undo = () => {};
  const interview = new Interview({
    config: {},
    credential: null,
    store,
    host: { post: () => {} },
    timers: { after: () => undo, every: () => undo },
    resume: {},
    locale: 'en',
  });
  interview.audio.microphone.acquire = async () => true;
  const asked = [];
  interview.connection = { send: (_type, { op }) => op && asked.push(op) };
  return { interview, asked };
}

const READY = { t: 'ready', state: 'in_progress', phase: 'live', consent: null };

test('whoever ends a paused interview goes on first, so that the end is the last wish', () => {
  const { interview, asked } = interviewIn('paused');
  interview.end();
  assert.deepEqual(asked, ['resume', 'end']);
});

test('a page shows a pause until the server has heard of it, and sends it once', () => {
  const { interview, asked } = interviewIn('live');
  interview.read.message(READY);
  interview.pause();
  interview.apply({ type: 'connection_lost' });
  interview.read.message(READY);
  interview.read.message({ t: 'state', phase: 'listening', question_no: 1, of: 3 });
  assert.equal(interview.view.phase, 'paused');
  assert.deepEqual(asked, ['pause']);
  interview.read.message({ ...READY, phase: 'paused' });
  interview.read.message({ ...READY, phase: 'live' });
  assert.equal(interview.view.phase, 'live');
});

test('a page that was loaded anew finds the interview paused, and blames no silence', () => {
  const { interview, asked } = interviewIn('live');
  interview.read.message({ ...READY, phase: 'paused' });
  assert.equal(interview.view.phase, 'paused');
  assert.equal(interview.view.pauseReason, 'asked');
  interview.unpause();
  assert.deepEqual(asked, ['resume']);
  for (const phase of ['listening', 'paused']) interview.read.message({ t: 'state', phase });
  assert.equal(interview.view.pauseReason, 'silence');
});

test('nothing of a paused microphone is kept, connection or not', () => {
  for (const [phase, returnsTo, silent] of [
    ['paused', 'live', true],
    ['reconnecting', 'paused', true],
    ['reconnecting', 'live', false],
  ]) {
    const { interview } = interviewIn(phase, returnsTo);
    assert.equal(isResting(interview.view), silent);
    const frame = new Int16Array(FRAME).fill(7);
    interview.audio.microphone.events.onFrame(frame, 0.1);
    assert.equal(interview.sender.ring.samplesAt(0)[0], silent ? 0 : 7);
  }
});
