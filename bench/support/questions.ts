/** What questions take of the store's processors. */

interface MeasuredQuestion {
  readonly question: string;
  /** CPU ms over 2 and 20 million logs of one logstore, on query.md. */
  readonly of2: number;
  readonly of20: number;
}

/** Warm medians of query.md: the second one is given there, the first one as "over a tenth". */
export const QUESTIONS: readonly MeasuredQuestion[] = [
  { question: 'newest 100', of2: 30, of20: 47 },
  { question: 'a rare value of a field', of2: 31, of20: 151 },
  { question: '60 buckets of everything', of2: 30, of20: 179 },
  { question: 'a rare word anywhere', of2: 166, of20: 694 },
  { question: 'distinct sessions', of2: 80, of20: 656 },
  { question: 'top 10 of a field', of2: 194, of20: 1404 },
];

/** CPU seconds of a question over so many logs: the straight line through what was measured. */
export function questionSeconds({ of2, of20 }: MeasuredQuestion, logs: number): number {
  const perMillion = (of20 - of2) / 18;
  return (of2 + perMillion * (logs / 1e6 - 2)) / 1000;
}
