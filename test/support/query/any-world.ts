/** Random logs, and searches and indexes that are about them. */
import fc from 'fast-check';
import type { IndexConfig } from '../../../src/model/index-config.js';
import type { Query } from '../../../src/query/search/ast.js';
import { anyIndex } from './any-index.js';
import { anyLog, valuesOf } from './any-log.js';
import { anyQuery } from './any-query.js';
import { NAMES } from './any-text.js';
import type { SampleLog } from './evaluate.js';

export interface World {
  readonly logs: readonly SampleLog[];
  readonly searches: readonly (readonly [query: Query, index: IndexConfig | null])[];
}

/** With this many searches. */
export function anyWorld(searchCount: number): fc.Arbitrary<World> {
  return fc
    .uniqueArray(fc.constantFrom(...NAMES), { minLength: 1, maxLength: 3 })
    .map((some) => [...new Set([...some, 'info', 'a'])])
    .chain((names) =>
      fc.array(anyLog(names), { minLength: 1, maxLength: 30 }).chain((logs) => {
        const search = fc.tuple(anyQuery({ names, values: logs.flatMap(valuesOf) }), anyIndex(names));
        const searches = fc.array(search, { minLength: searchCount, maxLength: searchCount });
        return fc.record({ logs: fc.constant(logs), searches });
      }),
    );
}
