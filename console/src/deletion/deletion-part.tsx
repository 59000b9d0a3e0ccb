/** Deleting those logs of a logstore that a search finds, for good: first counted, then named, then done. */
import './deletion.css';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import type { DeletionRequest } from '../../../src/api/deletions.js';
import { useText } from '../i18n/text.js';
import { useZone } from '../preferences/use-zone.js';
import { TimePicker } from '../search/time-picker.js';
import { deletionsOf, useBeginDeletion, usePreviewDeletion } from '../server/deletions.js';
import { absoluteRange, lastRange, printRange, type Range, resolveRange } from '../time/range.js';
import { Confirm } from '../ui/confirm.js';
import { Trouble } from '../ui/notice.js';
import { printCount } from '../ui/print-number.js';
import { DeletionTable } from './deletion-table.js';

interface Props {
  readonly project: string;
  readonly logstore: string;
  readonly mayManage: boolean;
}

export function DeletionPart({ project, logstore, mayManage }: Props) {
  const t = useText();
  const deletions = useQuery({ ...deletionsOf(project, logstore), enabled: mayManage });
  if (!mayManage) return <p>{t.deletion.notAllowed}</p>;
  return (
    <>
      <NewDeletion project={project} logstore={logstore} />
      {deletions.isError && <Trouble error={deletions.error} onRetry={() => void deletions.refetch()} />}
      {deletions.data !== undefined && deletions.data.length > 0 && (
        <DeletionTable project={project} logstore={logstore} deletions={deletions.data} />
      )}
    </>
  );
}

function NewDeletion({ project, logstore }: Omit<Props, 'mayManage'>) {
  const t = useText();
  const [range, setRange] = useState<Range>(lastRange('24h'));
  const [isTimeOpen, setTimeOpen] = useState(false);
  /** What was counted: the same is deleted, wherever now is by then. */
  const [request, setRequest] = useState<DeletionRequest | null>(null);
  const [isAsking, setAsking] = useState(false);
  const preview = usePreviewDeletion(project, logstore);
  const forget = () => {
    setRequest(null);
    preview.reset();
  };
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    const text = (name: string) => String(fields.get(name) ?? '').trim();
    const { fromMs, toMs } = resolveRange(range, Date.now());
    const asked = {
      query: text('query'),
      from: fromMs / 1000,
      to: toMs / 1000,
      everything: isEverything(text('query')),
      reference: text('reference'),
    };
    setRequest(asked);
    preview.mutate(asked);
  };
  return (
    <section className="card" aria-label={t.deletion.title}>
      <div className="card-head">
        <h2>{t.deletion.title}</h2>
        <p>{t.deletion.hint}</p>
      </div>
      <form className="deletion-form" onSubmit={submit} onChange={forget}>
        <input
          className="input mono"
          name="query"
          aria-label={t.editor.label}
          placeholder="user_id:4711"
          spellCheck={false}
          autoComplete="off"
        />
        <TimePicker
          range={range}
          onRange={(next) => {
            setRange(next);
            forget();
          }}
          isOpen={isTimeOpen}
          onOpenChange={setTimeOpen}
        />
        <input
          className="input"
          name="reference"
          aria-label={t.deletion.reference}
          placeholder={t.deletion.reference}
          title={t.deletion.referenceHint}
          maxLength={200}
          autoComplete="off"
        />
        <button type="submit" className="button" disabled={preview.isPending}>
          {t.deletion.count}
        </button>
      </form>
      {preview.isError && <Trouble error={preview.error} />}
      {preview.data !== undefined && request !== null && (
        <div className="card-body deletion-preview">
          <p role="status">{t.deletion.counted(printCount(preview.data.logs))}</p>
          {preview.data.samples.map(({ id, log }) => (
            <pre key={id}>{JSON.stringify(log)}</pre>
          ))}
          <button
            type="button"
            className="button danger"
            disabled={preview.data.logs === 0}
            onClick={() => setAsking(true)}
          >
            {t.deletion.remove}
          </button>
        </div>
      )}
      {isAsking && request !== null && (
        <ConfirmDeletion
          project={project}
          logstore={logstore}
          request={request}
          count={preview.data?.logs ?? 0}
          onDone={() => {
            setAsking(false);
            forget();
          }}
          onClose={() => setAsking(false)}
        />
      )}
    </section>
  );
}

interface ConfirmProps {
  readonly project: string;
  readonly logstore: string;
  readonly request: DeletionRequest;
  readonly count: number;
  readonly onDone: () => void;
  readonly onClose: () => void;
}

function ConfirmDeletion({ project, logstore, request, count, onDone, onClose }: ConfirmProps) {
  const t = useText();
  const zone = useZone();
  const begin = useBeginDeletion(project, logstore);
  const range = absoluteRange({ fromMs: request.from * 1000, toMs: request.to * 1000 });
  return (
    <Confirm
      title={t.deletion.remove}
      name={logstore}
      action={t.deletion.remove}
      change={begin}
      onConfirm={() => begin.mutate(request, { onSuccess: onDone })}
      onClose={onClose}
    >
      <p>{t.deletion.loses(printCount(count), logstore)}</p>
      <pre className="snippet">{request.query || '*'}</pre>
      <p>{printRange(range, zone)}</p>
      {request.everything === true && <p>{t.deletion.everything}</p>}
    </Confirm>
  );
}

function isEverything(query: string): boolean {
  return query === '' || query === '*';
}
