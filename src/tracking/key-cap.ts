/**
 * Holds each logstore to the number of keys it may have: what is over goes together into the field `__overflow__` of its log.
 *
 * Ids used as keys are the classic mistake, and they never end; the store keeps every key it has seen. Which keys a logstore
 * has is known here by each worker for itself, and told from worker to worker by the schema watch. So together they may have
 * let in as many as there are workers times the cap, until they have heard of each other.
 */
import type { CatalogView } from '../catalog/catalog.js';
import type { Logstore } from '../model/catalog.js';
import type { KeysReport } from '../model/keys-report.js';
import type { CanonicalBody } from '../model/log-group.js';
import { KeyHash, KeySet } from './key-set.js';
import { moveOverflow } from './overflow.js';

interface Capped {
  /** As it was when `keys` got those that its index declares. */
  logstore: Logstore;
  readonly keys: KeySet;
  /** Since the last `take`. */
  letIn: string[];
  overGroups: number;
  example: string;
}

export class KeyCap {
  readonly #view: Pick<CatalogView, 'logstoreById'>;
  readonly #hash = new KeyHash();
  readonly #logstores = new Map<number, Capped>();
  /** Groups with keys over the cap, since the start. */
  overGroups = 0;

  constructor(view: Pick<CatalogView, 'logstoreById'>) {
    this.#view = view;
  }

  /** The body, or a copy in which keys over the cap are moved. */
  apply(logstore: Logstore, body: CanonicalBody): CanonicalBody {
    const { keysMax } = logstore.writeRules;
    if (keysMax === 0 || body.keys === undefined) return body;
    const capped = this.#of(logstore);
    const { keys } = capped;
    const isRoom = body.keys.every(
      (bytes, start, end) => keys.has(bytes, start, end) || this.#letIn(capped, keysMax, bytes, start, end),
    );
    if (isRoom) return body;
    this.overGroups++;
    capped.overGroups++;
    return moveOverflow(body, (bytes, start, end) => keys.has(bytes, start, end));
  }

  /** What is new. Forgets logstores that are no more. */
  take(): KeysReport[] {
    const taken: KeysReport[] = [];
    for (const [logstoreId, capped] of this.#logstores) {
      if (this.#view.logstoreById(logstoreId) === undefined) {
        this.#logstores.delete(logstoreId);
        continue;
      }
      const { logstore, letIn, overGroups, example } = capped;
      const { keysMax } = logstore.writeRules;
      if (letIn.length > 0 || overGroups > 0) taken.push({ logstoreId, keysMax, letIn, overGroups, example });
      Object.assign(capped, { letIn: [], overGroups: 0, example: '' });
    }
    return taken;
  }

  /** These are all the keys that the logstore has, beside those that were let in since the last `take`. */
  learn(logstoreId: number, known: readonly string[]): void {
    const logstore = this.#view.logstoreById(logstoreId);
    if (logstore === undefined) return;
    const capped = this.#of(logstore);
    capped.keys.clear();
    addAll(capped.keys, [...known, ...capped.letIn, ...declaredKeys(logstore)]);
  }

  #of(logstore: Logstore): Capped {
    const known = this.#logstores.get(logstore.id);
    if (known !== undefined && known.logstore === logstore) return known;
    const capped = known ?? { logstore, keys: new KeySet(this.#hash), letIn: [], overGroups: 0, example: '' };
    // Who declares a field wants it, however many others there are.
    addAll(capped.keys, declaredKeys(logstore));
    capped.logstore = logstore;
    this.#logstores.set(logstore.id, capped);
    return capped;
  }

  #letIn(capped: Capped, keysMax: number, bytes: Uint8Array, start: number, end: number): boolean {
    const key = Buffer.from(bytes.subarray(start, end)).toString();
    if (capped.keys.size >= keysMax) {
      capped.example ||= key;
      return false;
    }
    capped.keys.add(bytes, start, end);
    capped.letIn.push(key);
    return true;
  }
}

function addAll(keys: KeySet, texts: readonly string[]): void {
  for (const text of texts) {
    const bytes = Buffer.from(text);
    keys.add(bytes, 0, bytes.length);
  }
}

function declaredKeys({ index }: Logstore): string[] {
  return Object.keys(index?.config.keys ?? {});
}
