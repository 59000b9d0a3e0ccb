/** Nothing was found in the range: when the query last matched before it, or first behind it. */
import { useQuery } from '@tanstack/react-query';
import { useText } from '../i18n/text.js';
import { go } from '../location/use-place.js';
import { useZone } from '../preferences/use-zone.js';
import { rowOf } from '../rows/row.js';
import { askLogs, type Target } from '../server/ask.js';
import { printShort } from '../time/print-time.js';
import { absoluteRange } from '../time/range.js';
import { printDuration } from '../ui/print-number.js';
import type { Asked } from './use-asked.js';

/** Looked at on each side. */
const REACH_MS = 30 * 86_400_000;

export function NearestMatch({ asked }: { readonly asked: Asked }) {
  const t = useText();
  const zone = useZone();
  const { fromMs, toMs } = asked;
  const nearestMs = useQuery({
    queryKey: ['nearest', asked],
    queryFn: ({ signal }) => findNearest(asked, signal),
  }).data;
  if (nearestMs === undefined || nearestMs === null) return null;
  const isBefore = nearestMs < fromMs;
  const distance = printDuration(isBefore ? fromMs - nearestMs : nearestMs - toMs);
  const show = () => {
    const halfMs = Math.ceil(Math.max(toMs - fromMs, 1000) / 2);
    go('visit', { range: absoluteRange({ fromMs: nearestMs - halfMs, toMs: nearestMs + halfMs }) });
  };
  return (
    <p className="nearest-match">
      {isBefore
        ? t.empty.lastBefore(distance, printShort(nearestMs, zone))
        : t.empty.firstAfter(distance, printShort(nearestMs, zone))}{' '}
      <button type="button" className="link-button" onClick={show}>
        {t.empty.goThere}
      </button>
    </p>
  );
}

/** Unix milliseconds of the newest match before the range; without one, of the oldest behind it; null without either. */
async function findNearest(asked: Asked, signal: AbortSignal): Promise<number | null> {
  const target: Target = { ...asked, signal };
  const { query, fromMs, toMs } = asked;
  const before = { query, from: (fromMs - REACH_MS) / 1000, to: fromMs / 1000, limit: 1 };
  const [last] = (await askLogs(target, before)).logs;
  if (last !== undefined) return rowOf(last).timeMs;
  if (toMs >= Date.now()) return null;
  const after = { query, from: toMs / 1000, to: (toMs + REACH_MS) / 1000, limit: 1, order: 'oldestFirst' } as const;
  const [first] = (await askLogs(target, after)).logs;
  return first === undefined ? null : rowOf(first).timeMs;
}
