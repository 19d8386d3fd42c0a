import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MicHealth } from '../../widget/app/mic-health.js';

const ZEROS = { level: 0, silent: true, stuck: false };
const ROOM = { level: 0.0004, silent: false, stuck: false };
const VOICE = { level: 0.05, silent: false, stuck: false };
const QUIET_VOICE = { level: 0.008, silent: false, stuck: false };

function hear(health, frame, seconds, isMuted = false) {
  let retries = 0;
  for (let i = 0; i < seconds * 31.25; i += 1) retries += health.observe(frame, isMuted);
  return retries;
}

test('somebody who is silent behind noise suppression is never called unheard', () => {
  const health = new MicHealth();
  hear(health, ROOM, 0.5);
  hear(health, VOICE, 1);
  const retries = hear(health, ZEROS, 120);
  assert.equal(health.isDead, false);
  assert.equal(health.isUnheard, false);
  assert.equal(retries, 0, 'and the device is left alone');
});

test('a microphone that stays at one value is dead after three seconds', () => {
  const health = new MicHealth();
  hear(health, { level: 0.3, silent: false, stuck: true }, 2.9);
  assert.equal(health.isDead, false);
  hear(health, { level: 0.3, silent: false, stuck: true }, 0.2);
  assert.equal(health.isDead, true);
  hear(health, ROOM, 0.1);
  assert.equal(health.isDead, false);
});

test('a driver that crackles now and then does not hide that the microphone is stuck', () => {
  const health = new MicHealth();
  const stuck = { level: 0.3, silent: false, stuck: true };
  hear(health, stuck, 2);
  hear(health, { ...stuck, stuck: false }, 0.032);
  hear(health, stuck, 1.4);
  assert.equal(health.isDead, true);
});

test('a source that says that it is muted is believed after a second, until it goes on', () => {
  const health = new MicHealth();
  hear(health, ZEROS, 0.9, true);
  assert.equal(health.isDead, false);
  hear(health, ZEROS, 0.2, true);
  assert.equal(health.isDead, true);
  hear(health, ZEROS, 0.1, false);
  assert.equal(health.isDead, false);
});

test('zeros from the start are asked about in the sound check, and the device is taken anew, ever less often', () => {
  const health = new MicHealth();
  assert.equal(hear(health, ZEROS, 2.9), 0);
  assert.equal(health.isUnheard, false);
  assert.equal(hear(health, ZEROS, 0.2), 1);
  assert.equal(health.isUnheard, true);
  assert.equal(hear(health, ZEROS, 8), 0);
  assert.equal(hear(health, ZEROS, 2), 1);
  assert.equal(hear(health, ZEROS, 34), 0);
  assert.equal(health.isUnheard, true);
});

test('a room without a voice is asked about after ten seconds, and a quiet voice settles it', () => {
  const health = new MicHealth();
  hear(health, ROOM, 11);
  assert.equal(health.isUnheard, true);
  hear(health, QUIET_VOICE, 0.3);
  assert.equal(health.isHeard, true);
  assert.equal(health.isUnheard, false);
});

test('a steady noise is not taken for a voice', () => {
  const health = new MicHealth();
  hear(health, { level: 0.03, silent: false, stuck: false }, 10);
  assert.equal(health.isHeard, false);
  hear(health, { level: 0.2, silent: false, stuck: false }, 0.3);
  assert.equal(health.isHeard, true);
});

test('what the interviewer misses is said until something is heard', () => {
  const health = new MicHealth();
  hear(health, ROOM, 0.5);
  hear(health, VOICE, 1);
  health.doubt();
  hear(health, ZEROS, 10);
  assert.equal(health.isDead, true);
  health.attach();
  assert.equal(health.isDead, true, 'another device proves nothing');
  hear(health, VOICE, 0.1);
  assert.equal(health.isDead, false);
});

test('after the page was away zeros are looked into again', () => {
  const health = new MicHealth();
  hear(health, ROOM, 0.5);
  hear(health, VOICE, 1);
  health.suspect();
  assert.equal(hear(health, ZEROS, 4), 1);
});
