/** What the editor can complete to: the fields and values of the logs that are asked for. */
import { useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { FieldsAnswer } from '../../../src/api/query.js';
import type { Vocabulary } from '../query/complete.js';
import { type Row, TIME } from '../rows/row.js';
import { askFacets } from '../server/ask.js';
import { type Asked, selectionOf } from './use-asked.js';

const VALUES = 50;

/** Rows looked at for names while the list of fields is not there. */
const ROWS_MAX = 100;

export function useVocabulary(asked: Asked | null, rows: readonly Row[]): Vocabulary {
  const cache = useQueryClient();
  return useMemo(
    () => ({
      fieldNames() {
        const listed = cache.getQueriesData<FieldsAnswer>({ queryKey: ['fields'] });
        const known = listed.flatMap(([, answer]) => answer?.fields.map(({ name }) => name) ?? []);
        const seen = rows.slice(0, ROWS_MAX).flatMap(({ log }) => Object.keys(log));
        return [...new Set([...known, ...seen])].filter((name) => name !== TIME);
      },
      async values(field, signal) {
        if (asked === null) return [];
        try {
          // Of all logs of the range: the query is still being written.
          const request = { ...selectionOf({ ...asked, query: '' }), fields: [field], top: VALUES };
          const { facets } = await askFacets({ ...asked, signal }, request);
          return facets[0]?.values.map(({ value }) => value) ?? [];
        } catch {
          // Nothing is suggested; what is wrong is said where the search runs.
          return [];
        }
      },
    }),
    [cache, asked, rows],
  );
}
