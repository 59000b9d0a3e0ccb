/** The logs of a search, page by page. Another search ends the one before, also in the service. */
import { type InfiniteData, useInfiniteQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { LogsAnswer } from '../../../src/api/query.js';
import { rowOf } from '../rows/row.js';
import { askLogs } from '../server/ask.js';
import { type Asked, keepSame, searchOf, selectionOf } from './use-asked.js';

const PAGE_LOGS = 1000;

export function useLogs(asked: Asked | null) {
  const search = searchOf(asked);
  const logs = useInfiniteQuery({
    queryKey: ['logs', asked, search],
    enabled: asked !== null,
    // An answer belongs to its moment: the same question asked again is another one.
    gcTime: 30_000,
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: keepSame<InfiniteData<LogsAnswer, string | null>>(search),
    initialPageParam: null as string | null,
    queryFn: ({ signal, pageParam }): Promise<LogsAnswer> => {
      if (asked === null) throw new Error('nothing is asked');
      const request = { ...selectionOf(asked), order: asked.order, limit: PAGE_LOGS, after: pageParam };
      return askLogs({ ...asked, signal }, request);
    },
    getNextPageParam: ({ meta }) => meta.next,
  });
  const rows = useMemo(() => logs.data?.pages.flatMap((page) => page.logs.map(rowOf)) ?? [], [logs.data]);
  return { ...logs, rows };
}
