/** Looks for the first log, and says what came: the log, or a request that was refused, and why. */
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { LogObject } from '../../../src/api/query.js';
import type { RefusalInfo, RefusalList } from '../../../src/api/refusals.js';
import { useText } from '../i18n/text.js';
import { askLogs } from '../server/ask.js';
import { callForJson, logstorePath } from '../server/call.js';
import { Notice } from '../ui/notice.js';

const LOOK_EVERY_MS = 1500;

interface Seen {
  readonly log: LogObject | undefined;
  readonly refusal: RefusalInfo | undefined;
}

interface Props {
  readonly project: string;
  readonly logstore: string;
  readonly onShow: () => void;
}

export function LookOut({ project, logstore, onShow }: Props) {
  const t = useText();
  const [sinceSeconds] = useState(() => Date.now() / 1000);
  const found = useQuery<Seen>({
    queryKey: ['look-out', project, logstore],
    refetchInterval: (query) => (query.state.data?.log === undefined ? LOOK_EVERY_MS : false),
    queryFn: async ({ signal }) => {
      const target = { project, logstore, signal };
      const { logs } = await askLogs(target, { from: 0, to: Date.now() / 1000 + 60, limit: 1 });
      const path = `${logstorePath(project, logstore)}/refusals?limit=1`;
      const { refusals } = await callForJson<RefusalList>(path, { signal });
      return { log: logs[0]?.log, refusal: refusals.find(({ time }) => time >= sinceSeconds) };
    },
  });
  const log = found.data?.log;
  const refusal = found.data?.refusal;
  if (log !== undefined) {
    const names = Object.entries(log).filter(([name]) => !name.startsWith('__'));
    return (
      <Notice kind="good">
        <p>{t.firstLog.arrived}</p>
        <p className="notice-detail">
          {names
            .map(([name, value]) => `${name}=${value}`)
            .join('  ')
            .slice(0, 300)}
        </p>
        <button type="button" className="button small" onClick={onShow}>
          {t.firstLog.show}
        </button>
      </Notice>
    );
  }
  return (
    <>
      <p className="look-out" role="status">
        <span className="look-out-light" aria-hidden="true" />
        {t.firstLog.waiting}
      </p>
      {refusal !== undefined && (
        <Notice kind="bad">
          <p>
            {t.firstLog.refused} {refusal.errorMessage}
          </p>
          <p>{refusal.advice}</p>
          <p className="notice-detail">
            {refusal.method} {refusal.path} · {refusal.origin ?? refusal.client}
          </p>
        </Notice>
      )}
    </>
  );
}
