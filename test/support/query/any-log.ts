/** Random logs. */
import fc from 'fast-check';
import type { Scope } from '../../../src/query/search/ast.js';
import { anyText, PATHS } from './any-text.js';
import type { SampleLog } from './evaluate.js';

/** With fields and tags of these names. */
export function anyLog(names: readonly string[]): fc.Arbitrary<SampleLog> {
  const name = fc.constantFrom(...names);
  const field = fc.oneof(
    { weight: 5, arbitrary: fc.tuple(name, anyText) },
    { weight: 3, arbitrary: fc.tuple(fc.constantFrom('info', 'a'), anyJson) },
    { weight: 1, arbitrary: fc.tuple(fc.constantFrom(...PATHS), anyText) },
  );
  const unique = { selector: ([key]: readonly [string, string]) => key };
  return fc.record({
    topic: anyText,
    source: anyText,
    tags: fc.uniqueArray(fc.tuple(name, anyText), { maxLength: 2, ...unique }),
    fields: fc.uniqueArray(field, { maxLength: 4, ...unique }),
  });
}

/** What searches can be about: every value and name of a log, and where it stands. */
export function valuesOf({ topic, source, tags, fields }: SampleLog): (readonly [Scope, string])[] {
  return [
    [{ kind: 'topic' }, topic],
    [{ kind: 'source' }, source],
    ...[topic, source, ...tags.flat(), ...fields.flat()].map((text) => [ANYWHERE, text] as const),
    ...tags.map(([name, value]) => [{ kind: 'tag', name }, value] as const),
    ...fields.map(([name, value]) => [{ kind: 'field', name }, value] as const),
    ...fields.flatMap(([name, value]) => leavesOf(name, value)),
  ];
}

const ANYWHERE: Scope = { kind: 'anywhere' };

/** Where the value is an object: its texts, numbers and so on by their paths, and by some that lead nowhere. */
function leavesOf(name: string, value: string): (readonly [Scope, string])[] {
  const leaves = [...value.matchAll(/"(\w+)":("?)([^{}[\]",]*)/g)];
  return leaves.flatMap(([, key, , leaf = '']) =>
    [`${name}.${key}`, `${name}.b.${key}`].map((path) => [{ kind: 'field', name: path }, leaf] as const),
  );
}

const anyLeaf: fc.Arbitrary<unknown> = fc.oneof(
  anyText,
  fc.integer({ min: -10, max: 10_000 }),
  fc.constantFrom(1.5, -0.25, true, false, null),
);

/** JSON, but for some texts that only begin like it. */
const anyJson: fc.Arbitrary<string> = fc
  .tuple(
    fc.record(
      {
        a: fc.oneof(anyLeaf, fc.array(anyLeaf, { maxLength: 2 })),
        b: fc.oneof(anyLeaf, fc.record({ c: anyLeaf }, { requiredKeys: [] })),
      },
      { requiredKeys: [] },
    ),
    fc.constantFrom('', '', '', '}'),
  )
  .map(([value, end]) => JSON.stringify(value) + end);
