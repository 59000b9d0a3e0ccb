/** Logs that could not be taken: why, what a rule would make of them, and taking them after all. */
import './quarantine.css';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useCallback, useMemo, useState } from 'react';
import type { QuarantineSelection } from '../../../src/api/quarantine.js';
import { useText } from '../i18n/text.js';
import { hasValue } from '../query/condition.js';
import { quarantinedLogs, quarantineOf, useEmptyQuarantine } from '../server/quarantine.js';
import { Confirm } from '../ui/confirm.js';
import { IconButton } from '../ui/icon-button.js';
import { Notice, Trouble } from '../ui/notice.js';
import { printCount } from '../ui/print-number.js';
import { LogTable } from './log-table.js';
import { RuleCard } from './rule-card.js';

interface Props {
  readonly project: string;
  readonly logstore: string;
  readonly mayManage: boolean;
}

export function QuarantinePart({ project, logstore, mayManage }: Props) {
  const t = useText();
  const status = useQuery(quarantineOf(project, logstore));
  const [query, setQuery] = useState('');
  const [round, setRound] = useState(0);
  const lookAgain = useCallback(() => setRound((n) => n + 1), []);
  // Everything that waits at this moment: what comes later is looked at by asking again.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the round asks again
  const selection = useMemo<QuarantineSelection>(() => ({ query, from: 0, to: Date.now() / 1000 }), [query, round]);
  const isEverOn = status.data !== undefined && status.data.logstore !== null;
  const logs = useQuery({ ...quarantinedLogs(project, logstore, selection), enabled: isEverOn });
  const [isEmptying, setEmptying] = useState(false);
  if (status.isError) return <Trouble error={status.error} onRetry={() => void status.refetch()} />;
  if (status.data === undefined) return <p>{t.common.loading}</p>;
  const { isOn, ttlDays, waiting } = status.data;
  return (
    <>
      <Notice kind="plain">{isOn ? t.quarantine.on(String(ttlDays)) : t.quarantine.off}</Notice>
      {isEverOn && (
        <section className="card" aria-label={t.quarantine.waiting}>
          <div className="card-head">
            <h2>{t.quarantine.waiting}</h2>
            {waiting.map(({ reason, logs: count }) => (
              <button
                type="button"
                key={reason}
                className="button small"
                onClick={() => setQuery(hasValue('reason', reason))}
              >
                {reason} <strong>{printCount(count)}</strong>
              </button>
            ))}
            <IconButton icon="refresh" size="small" label={t.quarantine.again} onClick={lookAgain} />
            {mayManage && (
              <IconButton icon="trash" size="small" label={t.quarantine.empty} onClick={() => setEmptying(true)} />
            )}
          </div>
          <QueryForm key={query} query={query} onQuery={setQuery} />
          {logs.isError && <Trouble error={logs.error} onRetry={() => void logs.refetch()} />}
          {logs.data?.logs.length === 0 && <p className="card-body">{t.quarantine.none}</p>}
          {logs.data !== undefined && logs.data.logs.length > 0 && <LogTable logs={logs.data.logs} />}
          {logs.data !== undefined && logs.data.next !== null && <p className="card-body">{t.quarantine.more}</p>}
        </section>
      )}
      {isEverOn && mayManage && (
        <RuleCard
          project={project}
          logstore={logstore}
          selection={selection}
          runningId={status.data.replay?.id ?? null}
          onDone={lookAgain}
        />
      )}
      {isEmptying && (
        <EmptyQuarantine
          project={project}
          logstore={logstore}
          count={waiting.reduce((sum, each) => sum + each.logs, 0)}
          onClose={() => setEmptying(false)}
        />
      )}
    </>
  );
}

function QueryForm({ query, onQuery }: { readonly query: string; readonly onQuery: (query: string) => void }) {
  const t = useText();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    onQuery(String(new FormData(event.currentTarget).get('query') ?? '').trim());
  };
  return (
    <form className="quarantine-query" onSubmit={submit}>
      <input
        className="input mono"
        type="search"
        name="query"
        aria-label={t.quarantine.query}
        placeholder={t.quarantine.queryHint}
        defaultValue={query}
        spellCheck={false}
      />
      <button type="submit" className="button">
        {t.search.run}
      </button>
    </form>
  );
}

interface EmptyProps {
  readonly project: string;
  readonly logstore: string;
  readonly count: number;
  readonly onClose: () => void;
}

function EmptyQuarantine({ project, logstore, count, onClose }: EmptyProps) {
  const t = useText();
  const change = useEmptyQuarantine(project, logstore);
  return (
    <Confirm
      title={t.quarantine.empty}
      name={logstore}
      action={t.common.remove}
      change={change}
      onConfirm={() => change.mutate(undefined, { onSuccess: onClose })}
      onClose={onClose}
    >
      <p>{t.quarantine.emptyLoses(printCount(count), logstore)}</p>
    </Confirm>
  );
}
