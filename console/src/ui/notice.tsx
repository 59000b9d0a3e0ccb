/** Something one should know, where it belongs. */
import './notice.css';
import type { ReactNode } from 'react';
import { useText } from '../i18n/text.js';
import { ServerError } from '../server/call.js';
import { Icon } from './icon.js';

interface Props {
  readonly kind: 'bad' | 'warn' | 'good' | 'plain';
  readonly children: ReactNode;
}

export function Notice({ kind, children }: Props) {
  return (
    <div className={`notice ${kind}`} role={kind === 'bad' ? 'alert' : 'status'}>
      <Icon name={kind === 'good' ? 'check' : 'warning'} />
      <div>{children}</div>
    </div>
  );
}

/** What went wrong with a call of the service, and the request's id for those who look into it. */
export function Trouble({ error, onRetry }: { readonly error: unknown; readonly onRetry?: () => void }) {
  const t = useText();
  const isServers = error instanceof ServerError;
  return (
    <Notice kind="bad">
      <p>{isServers ? error.message : t.common.unreachable}</p>
      {isServers && (
        <p className="notice-detail">
          {error.code}
          {error.requestId !== null && ` · ${t.common.requestId} ${error.requestId}`}
        </p>
      )}
      {onRetry !== undefined && (
        <button type="button" className="button small" onClick={onRetry}>
          {t.common.retry}
        </button>
      )}
    </Notice>
  );
}
