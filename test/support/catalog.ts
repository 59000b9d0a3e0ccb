/** Nouns of the catalog for tests that need one and do not care what it is like. */
import type { Logstore } from '../../src/model/catalog.js';
import { OPEN_RULES } from '../../src/model/write-rules.js';

export function newLogstore(id: number, project: string, name: string): Logstore {
  return {
    id,
    project,
    name,
    webTracking: true,
    ttlDays: 30,
    maxBytes: 0,
    appendMeta: false,
    createdAt: 0,
    updatedAt: 0,
    extras: {},
    index: null,
    writeRules: OPEN_RULES,
    quarantine: null,
  };
}
