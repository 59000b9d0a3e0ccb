/** The administration of one logstore that is more than a form. */
import type { ReactNode } from 'react';
import type { SessionInfo } from '../../../src/api/session.js';
import { DeletionPart } from '../deletion/deletion-part.js';
import { useText } from '../i18n/text.js';
import { IndexPart } from '../index-editor/index-part.js';
import { LOGSTORE_PARTS, type LogstorePart, type Place, START } from '../location/place.js';
import { go } from '../location/use-place.js';
import { QuarantinePart } from '../quarantine/quarantine-part.js';
import { SchemaPart } from '../schema/schema-part.js';
import { Icon } from '../ui/icon.js';
import { Notice } from '../ui/notice.js';
import { Sheet } from '../ui/sheet.js';

interface PartProps {
  readonly project: string;
  readonly logstore: string;
  readonly mayManage: boolean;
}

const PARTS: Readonly<Record<LogstorePart, (props: PartProps) => ReactNode>> = {
  index: IndexPart,
  fields: SchemaPart,
  quarantine: QuarantinePart,
  deletion: DeletionPart,
};

export function LogstorePage({ place, session }: { readonly place: Place; readonly session: SessionInfo }) {
  const t = useText();
  const { project, logstore, range } = place;
  if (project === null || logstore === null) {
    return (
      <Sheet title={t.shell.page.logstore}>
        <Notice kind="plain">{t.search.choose}</Notice>
      </Sheet>
    );
  }
  const Part = PARTS[place.part];
  return (
    <Sheet
      title={`${project} / ${logstore}`}
      lead={t.logstore.leads[place.part]}
      action={
        <button type="button" className="button" onClick={() => go('visit', { ...START, project, logstore, range })}>
          <Icon name="search" />
          {t.shell.page.search}
        </button>
      }
    >
      <fieldset className="segments" aria-label={t.shell.page.logstore}>
        {LOGSTORE_PARTS.map((part) => (
          <button
            type="button"
            key={part}
            className="button"
            aria-pressed={part === place.part}
            onClick={() => go('visit', { part })}
          >
            {t.logstore.parts[part]}
          </button>
        ))}
      </fieldset>
      <Part
        key={`${project}/${logstore}`}
        project={project}
        logstore={logstore}
        mayManage={session.roles.includes('manage')}
      />
    </Sheet>
  );
}
