/** Events as rows that nodes share: what each is about is its key, so that of everything the last word is kept, and no more. */
import { readLine } from '../model/checked-line.js';
import type { CatalogEvent, CatalogView } from './catalog.js';
import { decodeEvent, type EventLine, encodeEvent } from './event-line.js';
import type { Vault } from './vault.js';

/**
 * The keys of the rows that say it. A deleted logstore is remembered twice: its name is free again, and its id is not.
 * `view` is the catalog before the event.
 */
export function keysOf(event: CatalogEvent, view: Pick<CatalogView, 'logstoreById'>): readonly string[] {
  switch (event.event) {
    case 'project':
      return [`project ${event.project.name}`];
    case 'projectDeleted':
      return [`project ${event.name}`];
    case 'logstore':
      return [`logstore ${event.logstore.project} ${event.logstore.name}`];
    case 'logstoreDeleted': {
      const logstore = view.logstoreById(event.id);
      const name = logstore && `logstore ${logstore.project} ${logstore.name}`;
      return name === undefined ? [`dead ${event.id}`] : [`dead ${event.id}`, name];
    }
    case 'accessKey':
      return [`key ${event.key.id}`];
    case 'accessKeyDeleted':
      return [`key ${event.id}`];
    case 'savedSearch':
      return [`search ${event.search.project} ${event.search.id}`];
    case 'savedSearchDeleted':
      return [`search ${event.project} ${event.id}`];
    case 'domain':
      return [`domain ${event.domain.host}`];
    case 'domainDeleted':
      return [`domain ${event.host}`];
    case 'cluster':
      return ['cluster'];
    case 'node':
      return [`node ${event.node.number}`];
  }
}

/** Whether the row says which node has which number. */
export function isAboutNode({ key }: { readonly key: string }): boolean {
  return key.startsWith('node ');
}

export function printEvent(line: EventLine, vault: Vault | undefined): string {
  return encodeEvent(line, vault).toString('utf8');
}

/** Undefined for what another version wrote and this one does not know. Throws SecretsSealed. */
export function readEvent(text: string, vault: Vault | undefined): EventLine | undefined {
  const line = readLine(Buffer.from(text), 0);
  return line.kind === 'line' ? decodeEvent(line.rest, vault) : undefined;
}
