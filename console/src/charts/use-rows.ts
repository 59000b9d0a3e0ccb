/** The answer of a query with SQL. */
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { RowsAnswer } from '../../../src/api/query.js';
import { type Asked, keepSame, searchOf, selectionOf } from '../search/use-asked.js';
import { askRows } from '../server/ask.js';
import { tableOf } from './data-table.js';

export function useRows(asked: Asked | null) {
  const search = searchOf(asked);
  const answer = useQuery<RowsAnswer>({
    queryKey: ['rows', asked, search],
    placeholderData: keepSame<RowsAnswer>(search),
    enabled: asked !== null,
    gcTime: 30_000,
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: ({ signal }) => {
      if (asked === null) throw new Error('nothing is asked');
      return askRows({ ...asked, signal }, selectionOf(asked));
    },
  });
  const table = useMemo(() => (answer.data === undefined ? undefined : tableOf(answer.data)), [answer.data]);
  return { ...answer, table };
}
