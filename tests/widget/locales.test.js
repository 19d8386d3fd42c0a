import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { chooseLocale, LANGUAGES, translator } from '../../widget/app/i18n.js';

const WIDGET = new URL('../../widget/', import.meta.url);
const FOLDER = new URL('locales/', WIDGET);

const readTexts = async (name) => JSON.parse(await readFile(new URL(name, FOLDER), 'utf8'));
const english = await readTexts('en.json');
const placeholders = (text) => (text.match(/\{\w+\}/g) ?? []).sort();

for (const name of (await readdir(FOLDER)).filter((each) => each.endsWith('.json'))) {
  test(`${name} has every text of en.json with the same placeholders`, async () => {
    const texts = await readTexts(name);
    assert.deepEqual(Object.keys(texts).sort(), Object.keys(english).sort());
    for (const [key, text] of Object.entries(texts)) {
      assert.ok(text.trim(), `${key} is empty`);
      assert.deepEqual(placeholders(text), placeholders(english[key]), key);
    }
  });

  test(`${name} belongs to a language that is offered`, () => {
    assert.ok(LANGUAGES.includes(name.replace('.json', '')));
  });
}

test('every language that is offered has its texts', async () => {
  const files = (await readdir(FOLDER)).filter((name) => name.endsWith('.json'));
  const present = files.map((name) => name.replace('.json', ''));
  assert.deepEqual(present.sort(), [...LANGUAGES].sort());
});

/** Every source of the frame application in one string. */
async function readSources() {
  const names = (await readdir(new URL('app/', WIDGET), { recursive: true })).filter((name) =>
    name.endsWith('.js'),
  );
  const texts = await Promise.all(
    names.map((name) => readFile(new URL(`app/${name}`, WIDGET), 'utf8')),
  );
  return texts.join('\n');
}

test('every text that the screens name exists', async () => {
  const source = await readSources();
  const named = [
    ...source.matchAll(
      /'((?:app|action|intro|queue|consent|check|mic|live|paused|done|error)\.[a-z_]+)'/g,
    ),
  ];
  assert.ok(named.length > 50);
  for (const [, key] of named) assert.ok(key in english, key);
});

test('a candidate gets the nearest language, or English', () => {
  assert.equal(chooseLocale(['auto', 'de-AT', 'en']), 'de');
  assert.equal(chooseLocale(['pt-BR']), 'br');
  assert.equal(chooseLocale(['pt-PT']), 'pt');
  assert.equal(chooseLocale(['nb-NO']), 'no');
  assert.equal(chooseLocale(['zh_Hans_CN']), 'zh');
  assert.equal(chooseLocale([null, undefined, 'tlh', 'sv']), 'sv');
  assert.equal(chooseLocale(['tlh']), 'en');
});

test('a missing text falls back to English, and values are put in once', () => {
  const t = translator({ 'a.b': 'Hallo {name}' }, { 'a.b': 'Hello {name}', 'a.c': 'Of {count}' });
  assert.equal(t('a.b', { name: '{count}' }), 'Hallo {count}');
  assert.equal(t('a.c', { count: 3 }), 'Of 3');
  assert.equal(t('a.d'), 'a.d');
});
