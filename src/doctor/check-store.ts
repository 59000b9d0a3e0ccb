/** What the service needs of a ClickHouse server: an answer, an entry, and what statements are made of. */
import type { ServerAccess } from '../store/connect.js';
import { inspectServer } from '../store/inspect-server.js';
import { type Finding, ok, problem } from './finding.js';

const ANSWER_MS_MAX = 15_000;

/** One finding for each server. */
export function checkServers(urls: readonly string[], access: ServerAccess): Promise<Finding[]> {
  return Promise.all(
    urls.map(async (url) => {
      try {
        const { version } = await inspectServer(url, access, AbortSignal.timeout(ANSWER_MS_MAX));
        return ok(`${url} is a ClickHouse ${version} that can store logs`);
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        return problem(`${url} cannot store logs: ${reason}`, 'docs/operating.md, On a ClickHouse server');
      }
    }),
  );
}
