/**
 * The version of all that is in a data directory together, in `format.json`: what each file has for a version of its own says how
 * to read it; this says whether to begin at all. A version that cannot read everything must change nothing, as it would put aside as
 * damaged what it does not know. docs/upgrading.md says what each number stands for.
 */
import * as path from 'node:path';
import * as z from 'zod';
import type { Log } from '../platform/diagnostics.js';
import { type Disk, readWhole, replaceFile } from '../platform/disk.js';
import { readVersion } from '../platform/version.js';

/** Raised when something is written that an earlier version would not understand or not keep. */
const FORMAT = 1;
/** The oldest format whose versions may open what this one writes: that of the minor version before, so that one may go back to it. */
const READABLE_BY = 1;

const schema = z.object({
  v: z.literal(1),
  format: z.int(),
  readableBy: z.int(),
  /** Of Logboom, which wrote this. */
  version: z.string(),
});

export type DataFormat = z.infer<typeof schema>;

const OWN: DataFormat = { v: 1, format: FORMAT, readableBy: READABLE_BY, version: readVersion() };

export interface DataFormatOptions {
  readonly dir: string;
  readonly disk: Disk;
  readonly log: Log;
  /** What this version writes; a test brings another. */
  readonly own?: DataFormat;
}

/**
 * Throws an Error, with nothing changed, if a newer version has written what this one cannot read. A directory without the file is
 * of the first format.
 */
export async function claimFormat({ dir, disk, log, own = OWN }: DataFormatOptions): Promise<void> {
  const file = path.join(dir, 'format.json');
  const text = (await readWhole(disk, file)).toString();
  const found = decode(text);
  if (text !== '' && found === undefined)
    log.error({ file }, 'the version of the data cannot be read; it is taken for ours');
  if (found !== undefined && found.readableBy > own.format) {
    throw new Error(
      `${dir} was written by version ${found.version}, and its format ${found.format} is none that ${own.version} can read ` +
        `(it knows up to ${own.format}): start ${found.version} or a later one, or restore a backup of before the upgrade`,
    );
  }
  if (found !== undefined && found.format > own.format) {
    log.warn({ written: found, own }, 'a newer version has written here; what is new in it is kept and does nothing');
    return;
  }
  if (found?.version !== own.version) await replaceFile(disk, file, Buffer.from(`${JSON.stringify(own)}\n`));
}

function decode(text: string): DataFormat | undefined {
  try {
    return schema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
