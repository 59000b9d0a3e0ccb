/** What is known of all logs of a search beside its rows. Each part fails and is repeated by itself. */
import { useQuery } from '@tanstack/react-query';
import type { FieldsAnswer, HistogramAnswer } from '../../../src/api/query.js';
import { askFacets, askFields, askHistogram } from '../server/ask.js';
import { type Asked, keepSame, searchOf, selectionOf } from './use-asked.js';

const KEPT = { gcTime: 30_000, staleTime: Number.POSITIVE_INFINITY } as const;

const BUCKETS = 90;

/** `by` is a field whose frequent values are counted apart. */
export function useHistogram(asked: Asked | null, by: string | null) {
  const inAnyOrder = asked && { ...asked, order: null };
  const search = searchOf(inAnyOrder, by);
  return useQuery<HistogramAnswer>({
    ...KEPT,
    queryKey: ['histogram', inAnyOrder, search],
    placeholderData: keepSame<HistogramAnswer>(search),
    enabled: asked !== null,
    queryFn: ({ signal }) => {
      if (asked === null) throw new Error('nothing is asked');
      const request = { ...selectionOf(asked), buckets: BUCKETS, ...(by === null ? {} : { by }) };
      return askHistogram({ ...asked, signal }, request);
    },
  });
}

/** `mayAsk` says that the rows are there: they come first. */
export function useFields(asked: Asked | null, mayAsk: boolean) {
  const inAnyOrder = asked && { ...asked, order: null };
  const search = searchOf(inAnyOrder);
  return useQuery<FieldsAnswer>({
    ...KEPT,
    queryKey: ['fields', inAnyOrder, search],
    placeholderData: keepSame<FieldsAnswer>(search),
    enabled: asked !== null && mayAsk,
    queryFn: ({ signal }) => {
      if (asked === null) throw new Error('nothing is asked');
      return askFields({ ...asked, signal }, selectionOf(asked));
    },
  });
}

export function useFacet(asked: Asked, field: string) {
  return useQuery({
    ...KEPT,
    queryKey: ['facet', { ...asked, order: null }, field],
    queryFn: async ({ signal }) => {
      const answer = await askFacets({ ...asked, signal }, { ...selectionOf(asked), fields: [field] });
      return { meta: answer.meta, facet: answer.facets[0] };
    },
  });
}
