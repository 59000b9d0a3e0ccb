/** What a first start creates, so that a first log needs no set-up. */
import type { AccessKey } from '../model/catalog.js';
import { DEFAULT_QUOTA, OPEN_RULES } from '../model/write-rules.js';
import type { CatalogEvent, CatalogView } from './catalog.js';
import { newKeyPair } from './key-pair.js';

const FIRST_PROJECT = 'default';
const FIRST_LOGSTORE = {
  name: 'web',
  webTracking: true,
  ttlDays: 30,
  maxBytes: 0,
  appendMeta: false,
  extras: {},
  index: null,
  writeRules: OPEN_RULES,
  quarantine: null,
} as const;

/** What the first key is for. */
const FOR_EVERYTHING = { roles: ['manage'], projects: null, isEnabled: true } as const;

/** A key that the operator has set. */
export type FirstKey = Pick<AccessKey, 'id' | 'secret'>;

/** The project and logstore of a catalog that is new. Takes the logstore id. */
export function firstProject(logstoreId: number, createdAt: number): CatalogEvent[] {
  const at = { createdAt, updatedAt: createdAt };
  return [
    { event: 'project', project: { name: FIRST_PROJECT, description: '', ...at, quota: DEFAULT_QUOTA } },
    { event: 'logstore', logstore: { id: logstoreId, project: FIRST_PROJECT, ...FIRST_LOGSTORE, ...at } },
  ];
}

/** The key to add, if any: the operator's if it is unknown or has another secret, a random one if there is none at all. */
export function wantedKey(
  view: Pick<CatalogView, 'accessKey' | 'accessKeys'>,
  createdAt: number,
  firstKey: FirstKey | undefined,
): AccessKey | undefined {
  if (firstKey !== undefined) {
    return view.accessKey(firstKey.id)?.secret === firstKey.secret
      ? undefined
      : { ...firstKey, ...FOR_EVERYTHING, createdAt };
  }
  return view.accessKeys().length > 0 ? undefined : { ...newKeyPair(), ...FOR_EVERYTHING, createdAt };
}
