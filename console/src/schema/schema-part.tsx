/** The fields of a logstore as the service sees them arrive, and what has changed about them. */
import './schema.css';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useText } from '../i18n/text.js';
import { useZone } from '../preferences/use-zone.js';
import { noticesOf, schemaOf, useForgetSchema } from '../server/schema.js';
import { printShort } from '../time/print-time.js';
import { Confirm } from '../ui/confirm.js';
import { Trouble } from '../ui/notice.js';
import { printCount } from '../ui/print-number.js';
import { FieldTable } from './field-table.js';
import { NoticeCards } from './notice-cards.js';

interface Props {
  readonly project: string;
  readonly logstore: string;
  readonly mayManage: boolean;
}

export function SchemaPart({ project, logstore, mayManage }: Props) {
  const t = useText();
  const zone = useZone();
  const schema = useQuery(schemaOf(project, logstore));
  const notices = useQuery(noticesOf(project));
  const [isForgetting, setForgetting] = useState(false);
  const own = notices.data?.filter((notice) => notice.logstore === logstore) ?? [];
  return (
    <>
      {notices.isError && <Trouble error={notices.error} onRetry={() => void notices.refetch()} />}
      {own.length > 0 && <NoticeCards project={project} logstore={logstore} notices={own} mayManage={mayManage} />}
      {schema.isError && <Trouble error={schema.error} onRetry={() => void schema.refetch()} />}
      {schema.data !== undefined && schema.data.since === null && <p>{t.schema.none}</p>}
      {schema.data !== undefined && schema.data.since !== null && (
        <section className="card" aria-label={t.fields.title}>
          <div className="card-head">
            <h2>{t.fields.title}</h2>
            <p>
              {t.schema.since(
                printCount(schema.data.sampledLogs),
                printShort(Math.floor(schema.data.since) * 1000, zone),
              )}
              {schema.data.isCut && ` ${t.schema.cut}`}
            </p>
            {mayManage && (
              <button type="button" className="button small" onClick={() => setForgetting(true)}>
                {t.schema.forget}
              </button>
            )}
          </div>
          <FieldTable project={project} logstore={logstore} fields={schema.data.fields} />
        </section>
      )}
      {isForgetting && <ForgetSchema project={project} logstore={logstore} onClose={() => setForgetting(false)} />}
    </>
  );
}

interface ForgetProps {
  readonly project: string;
  readonly logstore: string;
  readonly onClose: () => void;
}

function ForgetSchema({ project, logstore, onClose }: ForgetProps) {
  const t = useText();
  const change = useForgetSchema(project, logstore);
  return (
    <Confirm
      title={t.schema.forget}
      name={logstore}
      action={t.schema.forget}
      change={change}
      onConfirm={() => change.mutate(undefined, { onSuccess: onClose })}
      onClose={onClose}
    >
      <p>{t.schema.forgetLoses(logstore)}</p>
    </Confirm>
  );
}
