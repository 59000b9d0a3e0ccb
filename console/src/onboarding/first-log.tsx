/** A logstore without a log: how to send the first one, and a look-out for it. */
import './first-log.css';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { LogstoreInfo } from '../../../src/api/catalog.js';
import type { SessionInfo } from '../../../src/api/session.js';
import { useText } from '../i18n/text.js';
import { useUpdateLogstore } from '../server/catalog.js';
import { trackingAddress } from '../server/tracking.js';
import { Notice, Trouble } from '../ui/notice.js';
import { Snippet } from '../ui/snippet.js';
import { LookOut } from './look-out.js';
import { snippetTarget, writeSnippets } from './snippets.js';
import { TestLogButton } from './test-log-button.js';

interface Props {
  readonly logstore: LogstoreInfo;
  readonly session: SessionInfo;
  /** The first log is there, and shall be seen. */
  readonly onShow: () => void;
}

export function FirstLog({ logstore, session, onShow }: Props) {
  const t = useText();
  const mayManage = session.roles.includes('manage');
  const mayWrite = mayManage || session.roles.includes('write');
  return (
    <div className="first-log">
      <h2>{t.firstLog.title(logstore.name)}</h2>
      <p>{t.firstLog.lead}</p>
      <LookOut project={logstore.project} logstore={logstore.name} onShow={onShow} />
      {!logstore.webTracking && <SwitchedOff logstore={logstore} mayManage={mayManage} />}
      <Snippets project={logstore.project} logstore={logstore.name} />
      {mayWrite && <TestLogButton project={logstore.project} logstore={logstore.name} />}
    </div>
  );
}

function SwitchedOff({ logstore, mayManage }: { readonly logstore: LogstoreInfo; readonly mayManage: boolean }) {
  const t = useText();
  const change = useUpdateLogstore(logstore.project, logstore.name);
  return (
    <Notice kind="warn">
      <p>{t.firstLog.switchedOff}</p>
      {change.isError && <Trouble error={change.error} />}
      {mayManage && (
        <button
          type="button"
          className="button small"
          disabled={change.isPending}
          onClick={() => change.mutate({ webTracking: true })}
        >
          {t.firstLog.switchOn}
        </button>
      )}
    </Notice>
  );
}

function Snippets({ project, logstore }: { readonly project: string; readonly logstore: string }) {
  const t = useText();
  const address = useQuery(trackingAddress);
  const [chosen, setChosen] = useState('curl');
  if (address.isError) return <Trouble error={address.error} onRetry={() => void address.refetch()} />;
  if (address.data === undefined) return null;
  const snippets = writeSnippets(snippetTarget(address.data, window.location.hostname, project, logstore));
  return (
    <div className="first-log-snippets">
      <fieldset className="segments" aria-label={t.firstLog.ways}>
        {snippets.map(({ name }) => (
          <button
            type="button"
            key={name}
            className="button small"
            aria-pressed={name === chosen}
            onClick={() => setChosen(name)}
          >
            {t.firstLog.snippets[name]}
          </button>
        ))}
      </fieldset>
      <Snippet text={snippets.find(({ name }) => name === chosen)?.text ?? ''} />
    </div>
  );
}
