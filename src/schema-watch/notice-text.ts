/** A notice as its readers see it. */
import type { SchemaNotice } from '../api/schema.js';
import type { StoredNotice } from './stored-schema.js';

export function describeNotice(
  notice: StoredNotice,
  { project, name }: { readonly project: string; readonly name: string },
): SchemaNotice {
  const { id, kind, timeMs, field, from, to, origin, version, times, endedMs, isAcknowledged } = notice;
  return {
    ...{ id, project, logstore: name, kind, time: timeMs / 1000, field, from, to },
    origin: origin || null,
    version: version || null,
    text: sentenceOf(notice),
    ...{ times, endedAt: endedMs === null ? null : endedMs / 1000, isAcknowledged },
  };
}

function sentenceOf({ kind, field, from, to, origin, version, example }: StoredNotice): string {
  switch (kind) {
    case 'typeChanged':
      return (
        `Values of ${field} were ${from} and now are ${to}${sender(version, origin)}: searches, comparisons and charts that ` +
        `expect ${from} miss them.`
      );
    case 'fieldVanished': {
      const since = version === '' ? '' : `, now that most of them are of version ${version}`;
      return `${field} was in ${from} of the logs${origin === '' ? '' : ` (most of ${origin})`} and has not come any more${since}.`;
    }
    case 'manyNewKeys':
      return `${Number(to) - Number(from)} keys came at once that were never seen before, such as ${example}: values seem to be sent as keys.`;
    case 'keysOverCap':
      return (
        `The logstore has the ${from} keys it may have (keysMax); further ones, such as ${example}, go together into the field ` +
        '__overflow__ of their logs.'
      );
  }
}

function sender(version: string, origin: string): string {
  const parts = [version === '' ? '' : ` in version ${version}`, origin === '' ? '' : ` from ${origin}`];
  return parts.join('');
}
