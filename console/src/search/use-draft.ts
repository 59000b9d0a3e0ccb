/** The query as it is being written, until it runs. */
import { useRef, useState } from 'react';
import { readHistory } from './query-history.js';

export function useDraft(query: string) {
  const [draft, setDraft] = useState(query);
  const [shownFor, setShownFor] = useState(query);
  const at = useRef(-1);
  // Another search was opened: its query replaces what was written.
  if (shownFor !== query) {
    setShownFor(query);
    setDraft(query);
  }
  return {
    draft,
    write(text: string) {
      setDraft(text);
    },
    /** The query so many steps back in the history; null at its ends. */
    recall(step: 1 | -1): string | null {
      const queries = readHistory();
      const next = at.current + step;
      if (next < -1 || next >= queries.length) return null;
      at.current = next;
      return next === -1 ? query : (queries[next] ?? null);
    },
  };
}
