/** What is around every page: the way to the others, and who is signed in. */
import './shell.css';
import type { MouseEvent } from 'react';
import type { SessionInfo } from '../../../src/api/session.js';
import { useText } from '../i18n/text.js';
import { type PageName, START } from '../location/place.js';
import { go, hrefOf, usePlace } from '../location/use-place.js';
import { useSignOut } from '../server/session.js';
import { Icon, type IconName } from '../ui/icon.js';
import { IconButton } from '../ui/icon-button.js';
import { Logo } from './logo.js';
import { Page } from './page.js';
import { PreferencesMenu } from './preferences-menu.js';

/** The pages that the rail leads to; a logstore's is found by its project. */
type RailPage = Exclude<PageName, 'logstore'>;

const RAIL: readonly RailPage[] = ['search', 'dashboards', 'refusals', 'projects', 'keys', 'status'];

const ICONS: Readonly<Record<RailPage, IconName>> = {
  search: 'search',
  dashboards: 'dashboard',
  refusals: 'shield',
  projects: 'stack',
  keys: 'key',
  status: 'pulse',
};

export function Shell({ session }: { readonly session: SessionInfo }) {
  const t = useText();
  const place = usePlace();
  const signOut = useSignOut();
  const mayManage = session.roles.includes('manage');
  const isForAll = session.projects === null;
  const pages = RAIL.filter((page) => isOpenTo(page, mayManage, isForAll));
  return (
    <div className="shell">
      <nav className="rail" aria-label={t.shell.pages}>
        <Logo size={28} />
        <ul>
          {pages.map((page) => (
            <li key={page}>
              <PageLink page={page} isCurrent={page === (place.page === 'logstore' ? 'projects' : place.page)} />
            </li>
          ))}
        </ul>
        <div className="rail-end">
          <PreferencesMenu align="left" />
          <IconButton icon="exit" label={t.shell.signOut(session.id)} onClick={() => signOut.mutate()} />
        </div>
      </nav>
      <Page place={place} session={session} />
    </div>
  );
}

function isOpenTo(page: RailPage, mayManage: boolean, isForAll: boolean): boolean {
  if (page === 'keys') return mayManage && isForAll;
  if (page === 'status') return isForAll;
  return true;
}

function PageLink({ page, isCurrent }: { readonly page: RailPage; readonly isCurrent: boolean }) {
  const t = useText();
  const { project, logstore, query, variables, range } = usePlace();
  // The logstore and what is looked for stay; how it is shown is each page's own.
  const target = { ...START, page, project, logstore, range, ...(page === 'search' ? { query, variables } : {}) };
  const follow = (event: MouseEvent) => {
    // Another tab is the browser's to open.
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    go('visit', target);
  };
  return (
    <a
      href={hrefOf(target)}
      onClick={follow}
      aria-current={isCurrent ? 'page' : undefined}
      aria-label={t.shell.page[page]}
      title={t.shell.page[page]}
    >
      <Icon name={ICONS[page]} size={18} />
      <span>{t.shell.short[page]}</span>
    </a>
  );
}
