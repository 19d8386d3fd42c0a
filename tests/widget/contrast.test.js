import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';

const css = await readFile(new URL('../../widget/style/tokens.css', import.meta.url), 'utf8');

/** The custom properties of the first block after `selector`. */
function readTokens(selector) {
  const block = css.slice(css.indexOf(selector)).split('{')[1].split('}')[0];
  return Object.fromEntries(
    [...block.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6})/g)].map((m) => [m[1], m[2]]),
  );
}

/** Relative luminance as WCAG 2.2 defines it. */
function luminance(hex) {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(first, second) {
  const [dark, light] = [luminance(first), luminance(second)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

const TEXT = [
  ['ink', 'ground'],
  ['ink', 'surface'],
  ['ink', 'candidate-soft'],
  ['ink-soft', 'ground'],
  ['ink-soft', 'surface'],
  ['ink-soft', 'sunken'],
  ['ink-soft', 'candidate-soft'],
  ['on-accent', 'accent'],
  ['on-accent', 'accent-hover'],
  ['interviewer', 'ground'],
  ['interviewer', 'surface'],
  ['interviewer', 'accent-soft'],
  ['candidate', 'ground'],
  ['candidate', 'surface'],
  ['candidate', 'candidate-soft'],
  ['danger', 'ground'],
  ['danger', 'surface'],
  ['danger', 'danger-soft'],
];
const SHAPES = [
  ['line-strong', 'ground'],
  ['line-strong', 'surface'],
  ['focus', 'ground'],
  ['focus', 'surface'],
  ['good', 'ground'],
];

for (const [theme, selector] of [
  ['light', ':root {'],
  ['dark', ':root[data-theme="dark"]'],
]) {
  const tokens = readTokens(selector);
  test(`every text can be read in the ${theme} theme`, () => {
    for (const [text, ground] of TEXT) {
      const ratio = contrast(tokens[text], tokens[ground]);
      assert.ok(ratio >= 4.5, `${text} on ${ground}: ${ratio.toFixed(2)}`);
    }
  });

  test(`every outline can be seen in the ${theme} theme`, () => {
    for (const [shape, ground] of SHAPES) {
      const ratio = contrast(tokens[shape], tokens[ground]);
      assert.ok(ratio >= 3, `${shape} on ${ground}: ${ratio.toFixed(2)}`);
    }
  });
}

test('dark looks the same whether the page or the system asks for it', () => {
  assert.deepEqual(
    readTokens(':root:not([data-theme="light"])'),
    readTokens(':root[data-theme="dark"]'),
  );
});
