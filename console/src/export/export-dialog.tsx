import { useMutation, useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import type { ExportFormat, ExportRequest } from '../../../src/api/export.js';
import { useText } from '../i18n/text.js';
import { useZone } from '../preferences/use-zone.js';
import { TIME } from '../rows/row.js';
import { type Asked, selectionOf } from '../search/use-asked.js';
import { absoluteRange, printRange } from '../time/range.js';
import { Modal } from '../ui/modal.js';
import { Notice, Trouble } from '../ui/notice.js';
import { printBytes, printCount } from '../ui/print-number.js';
import { fileName, openFile } from './file-sink.js';
import { ExportCutOff, estimateExport, runExport } from './run-export.js';

interface Props {
  /** As it was asked: what arrives later is not in the file. */
  readonly asked: Asked;
  readonly columns: readonly string[];
  readonly onClose: () => void;
}

const FORMATS: readonly ExportFormat[] = ['ndjson', 'csv', 'parquet'];

export function ExportDialog({ asked, columns, onClose }: Props) {
  const t = useText();
  const zone = useZone();
  const [format, setFormat] = useState<ExportFormat>('ndjson');
  const [isGzipped, setGzipped] = useState(false);
  const [isShownOnly, setShownOnly] = useState(columns.length > 0);
  const [bytes, setBytes] = useState(0);
  const stopping = useRef<AbortController | null>(null);
  useEffect(() => () => stopping.current?.abort(), []);

  const isText = format !== 'parquet';
  const request: ExportRequest = {
    ...selectionOf(asked),
    order: asked.order,
    format,
    compression: isGzipped && isText ? 'gzip' : 'none',
    ...(isShownOnly && columns.length > 0 ? { columns: [TIME, ...columns] } : {}),
    ...(isText ? { zone: zone.name } : {}),
  };
  const estimate = useQuery({
    queryKey: ['export-estimate', asked.project, asked.logstore, request],
    queryFn: ({ signal }) => estimateExport(asked, request, signal),
  });
  const run = useMutation({
    mutationFn: async () => {
      const sink = await openFile(fileName(asked.logstore, asked.toMs, format, isGzipped && isText));
      stopping.current = new AbortController();
      setBytes(0);
      return runExport(asked, request, sink, setBytes, stopping.current.signal);
    },
  });
  const isStopped = run.error instanceof DOMException && run.error.name === 'AbortError';

  return (
    <Modal title={t.export.title} onClose={onClose}>
      <p>{t.export.lead(asked.query || '*', printRange(absoluteRange(asked), zone), zone.name)}</p>
      <div className="form">
        <label className="field">
          <span className="label">{t.export.format}</span>
          <select
            className="select"
            value={format}
            onChange={(event) => setFormat(FORMATS.find((one) => one === event.target.value) ?? 'ndjson')}
          >
            {FORMATS.map((one) => (
              <option key={one} value={one}>
                {t.export.formats[one]}
              </option>
            ))}
          </select>
        </label>
        {isText && (
          <label className="check">
            <input type="checkbox" checked={isGzipped} onChange={(event) => setGzipped(event.target.checked)} />
            <span>{t.export.gzip}</span>
          </label>
        )}
        {columns.length > 0 && (
          <label className="check">
            <input type="checkbox" checked={isShownOnly} onChange={(event) => setShownOnly(event.target.checked)} />
            <span>{t.export.shownOnly(columns.join(', '))}</span>
          </label>
        )}
        <p className="figure-line" role="status">
          {estimate.data === undefined
            ? t.export.estimating
            : t.export.size(printCount(estimate.data.logs), printBytes(estimate.data.bytes))}
        </p>
        {estimate.isError && <Trouble error={estimate.error} onRetry={() => void estimate.refetch()} />}
        {run.isPending && <progress max={Math.max(estimate.data?.bytes ?? 0, bytes, 1)} value={bytes} />}
        {run.isPending && <p role="status">{t.export.arrived(printBytes(bytes))}</p>}
        {run.isSuccess && (
          <Notice kind="good">{t.export.done(printCount(run.data.logs), printBytes(run.data.bytes))}</Notice>
        )}
        {run.error instanceof ExportCutOff && <Notice kind="bad">{t.export.cutOff(run.error.message)}</Notice>}
        {run.isError && !isStopped && !(run.error instanceof ExportCutOff) && <Trouble error={run.error} />}
        <div className="modal-actions">
          {run.isPending ? (
            <button type="button" className="button" onClick={() => stopping.current?.abort()}>
              {t.common.cancel}
            </button>
          ) : (
            <button
              type="button"
              className="button primary"
              disabled={!estimate.isSuccess}
              onClick={() => run.mutate()}
            >
              {t.export.start}
            </button>
          )}
        </div>
      </div>
    </Modal>
  );
}
