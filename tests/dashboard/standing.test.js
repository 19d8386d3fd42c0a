import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  decidedWords,
  heldWords,
  standingOf,
} from '../../server/vivavoce/web/dashboard/static/standing.js';

const PAST = '2020-01-01T00:00:00.000Z';
const FUTURE = '2999-01-01T00:00:00.000Z';
const held = (status, expires_at = null) => ({ status, expires_at });
const words = (status, ...sessions) => standingOf({ status, sessions }).text;

test('an interview is ahead until its invitation expires', () => {
  assert.equal(words('scheduled', held('scheduled')), 'Interview ahead');
  assert.equal(words('scheduled', held('scheduled', FUTURE)), 'Interview ahead');
  assert.equal(words('scheduled', held('scheduled', PAST)), 'Invitation expired');
  assert.equal(heldWords(held('scheduled', FUTURE)).text, 'Not started');
  assert.equal(heldWords(held('scheduled', PAST)).text, 'Expired');
});

test('a broken-off interview is said until there is another one or a decision', () => {
  assert.equal(words('approved', held('failed')), 'Interview cut off');
  assert.equal(words('approved', held('failed', PAST)), 'Interview cut off');
  assert.equal(words('approved', held('completed'), held('failed')), 'Interview cut off');
  assert.equal(words('scheduled', held('failed'), held('scheduled')), 'Interview ahead');
  assert.equal(words('in_progress', held('failed'), held('in_progress')), 'Interview going on');
  assert.equal(words('rejected', held('failed')), 'Rejected');
  assert.equal(words('withdrawn', held('scheduled', PAST)), 'Withdrawn');
});

test('without an interview the state stands for itself', () => {
  assert.equal(words('applied'), 'New');
  assert.equal(words('approved'), 'Approved');
  assert.equal(words('approved', held('cancelled')), 'Approved');
  assert.equal(words('completed', held('completed', PAST)), 'Interviewed');
});

test('nobody is said to have interrupted an interview by approving it', () => {
  const said = (status, ...sessions) => decidedWords({ status, sessions, decided_by: 'Ada Quill' });
  assert.equal(said('approved'), 'by Ada Quill');
  assert.equal(said('rejected', held('failed')), 'by Ada Quill');
  assert.equal(said('approved', held('failed')), 'approved by Ada Quill');
  assert.equal(said('scheduled', held('scheduled')), 'approved by Ada Quill');
});
