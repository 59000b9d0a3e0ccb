/** The answer of a query with SQL. */
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { type Asked, selectionOf } from '../search/use-asked.js';
import { askRows } from '../server/ask.js';
import { tableOf } from './data-table.js';

export function useRows(asked: Asked | null) {
  const answer = useQuery({
    queryKey: ['rows', asked],
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
