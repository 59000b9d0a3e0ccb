/** The fields that the newest logs of a logstore have: what an index can be made of. */
import { useQuery } from '@tanstack/react-query';
import { askFields } from '../server/ask.js';

/** Back from now. */
const SEEN_SECONDS = 7 * 86_400;

export function useSeenFields(project: string, logstore: string) {
  return useQuery({
    queryKey: ['seen', project, logstore],
    queryFn: ({ signal }) => {
      const to = Date.now() / 1000;
      return askFields({ project, logstore, signal }, { from: to - SEEN_SECONDS, to });
    },
  });
}
