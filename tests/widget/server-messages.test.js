import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Interview } from '../../widget/app/interview.js';
import { createStore } from '../../widget/app/store.js';
import { firstView } from '../../widget/app/view-state.js';

/** An interview of three questions in a page that was just loaded. */
function interviewOnAFreshPage() {
  const consent = { policy_version: '1', text: '', items: [] };
  const undo = () => {};
  const interview = new Interview({
    config: {},
    credential: null,
    store: createStore({ ...firstView(consent, 3), phase: 'live', micState: 'granted' }),
    host: { post: () => {} },
    timers: { after: () => undo, every: () => undo },
    resume: {},
    locale: 'en',
  });
  interview.audio.microphone.acquire = async () => true;
  interview.connection = { send: () => {} };
  return interview;
}

const READY = { t: 'ready', state: 'in_progress', phase: 'live', consent: null };

test('who comes back on a new page sees at once which question it is', () => {
  const interview = interviewOnAFreshPage();
  interview.read.message({ ...READY, question: { no: 2, of: 6 } });
  assert.equal(interview.view.questionNumber, 2);
  assert.equal(interview.view.questionCount, 6);
});

test('where no question is named, what the page was told before stays', () => {
  const interview = interviewOnAFreshPage();
  interview.read.message({ ...READY, question: null });
  assert.equal(interview.view.questionNumber, 0);
  assert.equal(interview.view.questionCount, 3);
});
