import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withTranscript, withUtterance } from '../../widget/app/captions.js';

const heard = (who, turn, text, final = true, revision = 0) => ({
  who,
  turn,
  text,
  final,
  revision,
});

test('what the interviewer says and its transcript are one caption', () => {
  let captions = withUtterance([], 'Tell me about your work.', 1);
  captions = withTranscript(captions, heard('interviewer', 1, 'Tell me about your work.'));
  assert.equal(captions.length, 1);
  assert.equal(captions[0].final, true);
});

test('a transcript that comes before its utterance is not doubled', () => {
  let captions = withTranscript([], heard('interviewer', 1, 'Welcome. Tell me about your work.'));
  captions = withUtterance(captions, 'Tell me about your work.', 2);
  assert.equal(captions.length, 1);
});

test('clauses of one turn become one caption', () => {
  let captions = withUtterance([], 'That is interesting.', 1);
  captions = withUtterance(captions, 'What came next?', 2);
  assert.deepEqual(
    captions.map((caption) => caption.text),
    ['That is interesting. What came next?'],
  );
});

test('an interrupted utterance is corrected to what was heard', () => {
  let captions = withTranscript([], heard('interviewer', 1, 'Tell me about your work.'));
  captions = withTranscript(captions, heard('interviewer', 1, 'Tell me', true, 1));
  assert.equal(captions[0].text, 'Tell me');
});

test('an older revision never replaces a newer one', () => {
  let captions = withTranscript([], heard('candidate', 2, 'I moved the billing', false, 2));
  captions = withTranscript(captions, heard('candidate', 2, 'I moved', false, 1));
  assert.equal(captions[0].text, 'I moved the billing');
});

test('speakers take turns', () => {
  let captions = withUtterance([], 'First question?', 1);
  captions = withTranscript(captions, heard('interviewer', 1, 'First question?'));
  captions = withTranscript(captions, heard('candidate', 2, 'An answer', false));
  captions = withTranscript(captions, heard('candidate', 2, 'An answer.'));
  captions = withUtterance(captions, 'Second question?', 2);
  assert.deepEqual(
    captions.map(({ who, text }) => [who, text]),
    [
      ['interviewer', 'First question?'],
      ['candidate', 'An answer.'],
      ['interviewer', 'Second question?'],
    ],
  );
});

test('words that move to another turn before they are final are not shown twice', () => {
  let captions = withUtterance([], 'How would you move a table?', 1);
  captions = withTranscript(
    captions,
    heard('interviewer', 18, 'How would you move a table?', false),
  );
  captions = withTranscript(captions, heard('candidate', 18, 'Well', false));
  captions = withTranscript(captions, heard('interviewer', 18, 'How would you'));
  captions = withTranscript(captions, heard('candidate', 19, 'Well I would copy it', false));
  captions = withTranscript(captions, heard('candidate', 19, 'Well I would copy it.'));
  assert.deepEqual(
    captions.map(({ who, text, final }) => [who, text, final]),
    [
      ['interviewer', 'How would you', true],
      ['candidate', 'Well I would copy it.', true],
    ],
  );
});

test('a final answer takes the place of whatever was shown of it, and stays', () => {
  let captions = withTranscript([], heard('candidate', 4, 'I rebuilt', false, 7));
  captions = withTranscript(captions, heard('candidate', 4, 'I rebuilt the billing system.'));
  captions = withTranscript(captions, heard('interviewer', 5, 'Thank you.'));
  captions = withTranscript(captions, heard('candidate', 6, 'Because', false, 9));
  assert.deepEqual(
    captions.map((caption) => caption.text),
    ['I rebuilt the billing system.', 'Thank you.', 'Because'],
  );
});
