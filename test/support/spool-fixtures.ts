/** Groups to append, and ways to wait, for tests of the spool. */
import type { CanonicalBody } from '../../src/model/log-group.js';
import type { SpoolGroup } from '../../src/spool/group.js';

/** A group of `logCount` logs that say `text`. */
export function spoolGroup(group: { text: string; logstoreId?: number; logCount?: number }): SpoolGroup {
  const { text, logstoreId = 1, logCount = 1 } = group;
  return {
    logstoreId,
    ttlDays: 30,
    address: '203.0.113.9',
    appendMeta: false,
    body: canonicalBody({ __logs__: Array.from({ length: logCount }, (_, n) => ({ text, n: String(n) })) }),
  };
}

export function canonicalBody(body: { __logs__: Record<string, string>[] }): CanonicalBody {
  const bytes = Buffer.from(JSON.stringify(body));
  return { bytes, start: 1, end: bytes.length, logCount: body.__logs__.length, hasLogTags: false };
}

/** Lets everything go on that waits for no timer and no delayed disk: a commit takes two or three turns. */
export async function turns(count: number): Promise<void> {
  for (; count > 0; count--) await new Promise((resolve) => setImmediate(resolve));
}
