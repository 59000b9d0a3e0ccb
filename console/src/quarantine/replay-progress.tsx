import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useText } from '../i18n/text.js';
import { replayOf, useCancelReplay } from '../server/quarantine.js';
import { Notice, Trouble } from '../ui/notice.js';
import { printCount } from '../ui/print-number.js';

interface Props {
  readonly project: string;
  readonly logstore: string;
  readonly id: string;
  /** Told once it is over; the same function each time. */
  readonly onDone: () => void;
}

/** How far a replay has come, and its end. */
export function ReplayProgress({ project, logstore, id, onDone }: Props) {
  const t = useText();
  const replay = useQuery(replayOf(project, logstore, id));
  const cancel = useCancelReplay(project, logstore);
  const state = replay.data?.state;
  const isOver = state !== undefined && state !== 'running';
  useEffect(() => {
    if (isOver) onDone();
  }, [isOver, onDone]);
  if (replay.isError) return <Trouble error={replay.error} onRetry={() => void replay.refetch()} />;
  if (replay.data === undefined || state === undefined) return null;
  const { total, counts, trouble } = replay.data;
  const { stored, dropped, stillBad, settledBefore } = counts;
  const looked = stored + dropped + stillBad + settledBefore;
  return (
    <div className="replay-progress">
      <Notice kind={state === 'failed' ? 'bad' : state === 'done' ? 'good' : 'plain'}>
        <p>
          {t.quarantine.states[state]}{' '}
          {t.quarantine.progress(printCount(stored), printCount(dropped), printCount(stillBad))}
        </p>
        {trouble !== null && <p>{trouble}</p>}
        {state === 'running' && total !== null && (
          <progress value={looked} max={Math.max(total, 1)} aria-label={t.quarantine.replay} />
        )}
        {cancel.isError && <Trouble error={cancel.error} />}
        {state === 'running' && (
          <button type="button" className="button small" disabled={cancel.isPending} onClick={() => cancel.mutate(id)}>
            {t.common.cancel}
          </button>
        )}
      </Notice>
    </div>
  );
}
