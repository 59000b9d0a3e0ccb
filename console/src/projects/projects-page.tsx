/** Projects, and the logstores in each. */
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { SessionInfo } from '../../../src/api/session.js';
import { DomainsCard } from '../domains/domains-card.js';
import { useText } from '../i18n/text.js';
import { projectNames } from '../server/catalog.js';
import { Icon } from '../ui/icon.js';
import { Trouble } from '../ui/notice.js';
import { Sheet } from '../ui/sheet.js';
import { NewProject } from './new-project.js';
import { ProjectCard } from './project-card.js';

export function ProjectsPage({ session }: { readonly session: SessionInfo }) {
  const t = useText();
  const names = useQuery(projectNames(session));
  const [isAdding, setAdding] = useState(false);
  const mayManage = session.roles.includes('manage');
  return (
    <Sheet
      title={t.shell.page.projects}
      lead={t.projects.lead}
      action={
        mayManage &&
        session.projects === null && (
          <button type="button" className="button primary" onClick={() => setAdding(true)}>
            <Icon name="plus" />
            {t.projects.createProject}
          </button>
        )
      }
    >
      {names.isError && <Trouble error={names.error} onRetry={() => void names.refetch()} />}
      {names.data?.map((name) => (
        <ProjectCard key={name} project={name} mayManage={mayManage} />
      ))}
      {session.projects === null && names.data !== undefined && (
        <DomainsCard projects={names.data} mayManage={mayManage} />
      )}
      {isAdding && <NewProject onClose={() => setAdding(false)} />}
    </Sheet>
  );
}
