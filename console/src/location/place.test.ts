// Goal: an address says all that is shown, and whoever opens it is shown the same.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DEFAULT_RANGE } from '../time/range.js';
import {
  CHART_KINDS,
  LOGSTORE_PARTS,
  PAGES,
  type Place,
  parsePlace,
  printPlace,
  REFRESH_SECONDS,
  ROW_VIEWS,
  START,
} from './place.js';

const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 });
const moment = fc.oneof(
  fc.integer({ min: -1e6, max: 0 }).map((count) => ({ kind: 'relative' as const, offsetMs: count * 1000 })),
  fc.integer({ min: 0, max: 4e12 }).map((ms) => ({ kind: 'absolute' as const, ms })),
);

const place: fc.Arbitrary<Place> = fc.record({
  page: fc.constantFrom(...PAGES),
  project: fc.option(text),
  logstore: fc.option(text),
  query: fc.string({ unit: 'grapheme', maxLength: 200 }),
  variables: fc.dictionary(
    fc.stringMatching(/^[A-Za-z_]\w{0,9}$/).filter((name) => name !== '__proto__'),
    fc.string({ unit: 'grapheme', maxLength: 30 }),
    { maxKeys: 5 },
  ),
  refreshSeconds: fc.constantFrom(...REFRESH_SECONDS),
  range: fc.record({ from: moment, to: moment }),
  order: fc.constantFrom('newestFirst', 'oldestFirst'),
  view: fc.constantFrom(...ROW_VIEWS),
  columns: fc.uniqueArray(text, { maxLength: 10 }),
  isWrapped: fc.boolean(),
  isLive: fc.boolean(),
  by: fc.option(text),
  log: fc.option(text),
  chart: fc.option(fc.constantFrom(...CHART_KINDS)),
  dashboard: fc.option(text),
  part: fc.constantFrom(...LOGSTORE_PARTS),
});

test('a place is found again by its address, relative ranges relative and absolute ones absolute', () => {
  fc.assert(
    fc.property(place, (here) => {
      expect(parsePlace(printPlace(here))).toEqual(here);
    }),
  );
});

test('an address without a word is the start', () => {
  expect(parsePlace('')).toEqual(START);
});

test('an address written by hand is taken as far as it is understood', () => {
  const found = parsePlace('?page=nowhere&view=&from=yesterday+noon&query=a&column=&column=b&column=b&order=up');
  expect(found).toEqual({ ...START, query: 'a', columns: ['b'], range: DEFAULT_RANGE });
});
