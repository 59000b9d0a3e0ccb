/** The administration of one logstore that is more than a form. */
import type { SessionInfo } from '../../../src/api/session.js';
import { useText } from '../i18n/text.js';
import { IndexPart } from '../index-editor/index-part.js';
import { type Place, START } from '../location/place.js';
import { go } from '../location/use-place.js';
import { Icon } from '../ui/icon.js';
import { Notice } from '../ui/notice.js';
import { Sheet } from '../ui/sheet.js';

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
  return (
    <Sheet
      title={`${project} / ${logstore}`}
      lead={t.index.title}
      action={
        <button type="button" className="button" onClick={() => go('visit', { ...START, project, logstore, range })}>
          <Icon name="search" />
          {t.shell.page.search}
        </button>
      }
    >
      <IndexPart
        key={`${project}/${logstore}`}
        project={project}
        logstore={logstore}
        mayManage={session.roles.includes('manage')}
      />
    </Sheet>
  );
}
