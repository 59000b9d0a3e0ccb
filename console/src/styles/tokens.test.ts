// Goal: what is to be read can be read, in both themes: WCAG 2.2, 1.4.3, contrast of 4.5 and more.
import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import { expect, test } from 'vitest';

const css = readFileSync(path.join(import.meta.dirname, 'tokens.css'), 'utf8');
const tokens = new Map(
  [...css.matchAll(/--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)/g)].map(([, name, light, dark]) => [
    name,
    { light, dark },
  ]),
);

const GROUNDS = ['ground', 'panel', 'raised', 'hover', 'selected'];
const TEXTS = [
  'text',
  'text-soft',
  'text-faint',
  'accent',
  'syntax-name',
  'syntax-text',
  'syntax-word',
  'syntax-number',
];

const PAIRS = [
  ...GROUNDS.flatMap((ground) => TEXTS.map((text) => [text, ground] as const)),
  ['accent-text', 'accent'],
  ['accent-text', 'accent-strong'],
  ['bad-text', 'bad'],
  ...['good', 'warn', 'bad'].map((tone) => [tone, `${tone}-ground`] as const),
] as const;

test.each(['light', 'dark'] as const)('every text stands out from its ground when it is %s', (theme) => {
  const colour = (name: string) => tokens.get(name)?.[theme] ?? '';
  const faint = PAIRS.filter(([text, ground]) => contrast(colour(text), colour(ground)) < 4.5);
  expect(faint).toEqual([]);
});

function contrast(one: string, other: string): number {
  const [low = 0, high = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

/** WCAG 2.2, relative luminance. */
function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
