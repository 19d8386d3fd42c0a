import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';

const WIDGET = new URL('../../widget/', import.meta.url);

async function filesIn(folder) {
  const names = await readdir(new URL(`${folder}/`, WIDGET), { recursive: true });
  const files = names.filter((name) => /\.(js|css|html)$/.test(name));
  return Promise.all(files.map((name) => readFile(new URL(`${folder}/${name}`, WIDGET))));
}

const zipped = (files) => files.reduce((sum, file) => sum + gzipSync(file, { level: 9 }).length, 0);

test('the loader is at most 6 KB over the wire', async () => {
  const size = zipped(await filesIn('embed'));
  assert.ok(size <= 6 * 1024, `${size} bytes`);
});

test('the frame application with one language is at most 80 KB over the wire', async () => {
  const english = await readFile(new URL('locales/en.json', WIDGET));
  const parts = await Promise.all(['app', 'worklets', 'style'].map(filesIn));
  const size = zipped([...parts.flat(), english]);
  assert.ok(size <= 80 * 1024, `${size} bytes`);
});

test('nothing in the frame needs an inline script, an inline style or a foreign origin', async () => {
  const page = String(await readFile(new URL('app/index.html', WIDGET)));
  assert.equal(page.match(/<style|style="|onclick=/g), null);
  const scripts = [...page.matchAll(/<script([^>]*)>/g)].map((match) => match[1]);
  assert.ok(scripts.every((each) => each.includes('src=') || each.includes('application/json')));
  assert.equal(page.split('__VV_CONFIG__').length, 2);
  assert.equal(page.match(/https?:/g), null);
});
