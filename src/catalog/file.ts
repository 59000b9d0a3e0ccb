/**
 * The catalog on disk: `catalog.ndjson`, an event a line, appended and synced.
 *
 * It is replaced by a new and shorter file that says the same whenever it is opened and after a failed write. What a
 * process that died has written may be in the system's memory alone, and once a sync has failed no later sync of that
 * file tells; so what is read is not relied on before it is written anew.
 */
import * as path from 'node:path';
import { crc32 } from 'node:zlib';
import { FRAME_BYTES, readLine } from '../model/checked-line.js';
import type { Log } from '../platform/diagnostics.js';
import { type Disk, type DiskFile, readWhole, replaceFile } from '../platform/disk.js';
import type { CatalogEvent } from './catalog.js';
import { decodeEvent, type EventLine, encodeEvent, readLaterLine } from './event-line.js';
import type { Vault } from './vault.js';
import { MemoryCatalog } from './view.js';

/** How each line begins. In JSON text it cannot occur within a string, as quotes there are escaped. */
const LINE_START = '{"crc":"';

export interface CatalogFileOptions {
  readonly dir: string;
  readonly disk: Disk;
  readonly log: Log;
  /** Seals the secrets in the file, if there is one. */
  readonly vault?: Vault | undefined;
}

export class CatalogFile {
  /** What the file says. The owner applies what it has appended. */
  readonly view = new MemoryCatalog();
  /** The first logstore id never taken. */
  nextId = 1;
  /** There was no catalog before. */
  readonly isNew: boolean;

  readonly #path: string;
  readonly #disk: Disk;
  readonly #vault: Vault | undefined;
  /** Absent when the file must be replaced before the next append. */
  #handle: DiskFile | undefined;
  #length = 0;
  /** Lines with events that only a later version knows: kept for it, in whatever order they are. */
  readonly #later: Buffer[] = [];

  private constructor(file: string, disk: Disk, vault: Vault | undefined, isNew: boolean) {
    this.#path = file;
    this.#disk = disk;
    this.#vault = vault;
    this.isNew = isNew;
  }

  /**
   * Opens or prepares the catalog of `dir`. Damage does not stop it: what is readable counts, the rest is kept aside. Throws
   * SecretsSealed, with nothing changed.
   */
  static async open({ dir, disk, log, vault }: CatalogFileOptions): Promise<CatalogFile> {
    const file = path.join(dir, 'catalog.ndjson');
    const bytes = await readWhole(disk, file);
    const catalog = new CatalogFile(file, disk, vault, bytes.length === 0);
    if (catalog.isNew) return catalog;

    const { lines, later, damages } = scan(bytes, vault);
    for (const { nextId, event } of lines) {
      catalog.view.apply([event]);
      catalog.nextId = Math.max(catalog.nextId, nextId);
    }
    for (const { nextId, line } of later) {
      catalog.#later.push(line);
      catalog.nextId = Math.max(catalog.nextId, nextId);
    }
    if (later.length > 0)
      log.warn({ file, lines: later.length }, 'the catalog has what a later version wrote; it is kept');
    for (const damage of damages) {
      const lost = bytes.subarray(damage.start, damage.end);
      // As many logstores as may have been created there keep their ids.
      catalog.nextId += Math.ceil(lost.length / FRAME_BYTES);
      const aside = path.join(dir, `catalog-damaged-${crc32(lost).toString(16).padStart(8, '0')}.ndjson`);
      await replaceFile(disk, aside, lost);
      log.error({ file, ...damage, aside }, 'the catalog has an unreadable place; what was there is kept aside');
    }

    const events = catalog.view.events();
    // A file without a line would forget which ids were taken; the next append replaces this one then.
    if (events.length > 0) {
      await catalog
        .#replace(events)
        .catch((err: unknown) => log.warn({ file, err }, 'the catalog is not rewritten yet'));
    }
    return catalog;
  }

  /** Resolves when the events are on stable storage. After a failure it is not known whether they are. */
  async append(events: readonly CatalogEvent[]): Promise<void> {
    if (this.#handle === undefined) return this.#replace([...this.view.events(), ...events]);
    const handle = this.#handle;
    this.#handle = undefined;
    try {
      const bytes = this.#encode(events);
      const written = await handle.write([bytes], this.#length);
      if (written !== bytes.length) throw Object.assign(new Error(`short write to ${this.#path}`), { code: 'ENOSPC' });
      await handle.sync();
      this.#length += bytes.length;
      this.#handle = handle;
    } finally {
      if (this.#handle === undefined) await handle.close();
    }
  }

  async close(): Promise<void> {
    await this.#handle?.close();
    this.#handle = undefined;
  }

  async #replace(events: readonly CatalogEvent[]): Promise<void> {
    const content = Buffer.concat([this.#encode(events), ...this.#later]);
    await replaceFile(this.#disk, this.#path, content);
    this.#handle = await this.#disk.open(this.#path, 'modify');
    this.#length = content.length;
  }

  #encode(events: readonly CatalogEvent[]): Buffer {
    return Buffer.concat(events.map((event) => encodeEvent({ nextId: this.nextId, event }, this.#vault)));
  }
}

interface Damage {
  readonly start: number;
  readonly end: number;
  /** `torn` at the end of the file is what a crash leaves of an event that was never confirmed. */
  readonly reason: 'torn' | 'frame' | 'length' | 'checksum' | 'unknown event';
}

interface LaterLine {
  readonly nextId: number;
  /** As it stands in the file. */
  readonly line: Buffer;
}

interface Scanned {
  readonly lines: readonly EventLine[];
  readonly later: readonly LaterLine[];
  readonly damages: readonly Damage[];
}

/** Reads every line that can be read, and says where none could be. */
function scan(bytes: Buffer, vault: Vault | undefined): Scanned {
  const lines: EventLine[] = [];
  const later: LaterLine[] = [];
  const damages: Damage[] = [];
  let offset = 0;
  for (;;) {
    const read = readLine(bytes, offset);
    if (read.kind === 'end') return { lines, later, damages };
    const line = read.kind === 'line' ? decodeEvent(read.rest, vault) : undefined;
    const start = offset;
    offset = read.kind === 'line' ? read.nextOffset : nextLine(bytes, start);
    const laterNextId = read.kind === 'line' ? readLaterLine(read.rest) : undefined;
    if (line !== undefined) {
      lines.push(line);
    } else if (laterNextId !== undefined) {
      later.push({ nextId: laterNextId, line: bytes.subarray(start, offset) });
    } else {
      const reason = read.kind === 'corrupt' ? read.reason : read.kind === 'torn' ? 'torn' : 'unknown event';
      damages.push({ start, end: offset, reason });
    }
  }
}

function nextLine(bytes: Buffer, offset: number): number {
  const at = bytes.indexOf(LINE_START, offset + 1);
  return at === -1 ? bytes.length : at;
}
