/** The file `access-key` of the data directory: how an operator comes by the first key. */
import * as path from 'node:path';
import type { AccessKey } from '../model/catalog.js';
import { type Disk, replaceFile } from '../platform/disk.js';

/**
 * To be written before the catalog knows the key: a crash in between leaves a key that does not work yet, not one that nobody
 * knows.
 */
export async function writeKeyFile(disk: Disk, dir: string, { id, secret }: AccessKey): Promise<void> {
  await replaceFile(disk, path.join(dir, 'access-key'), Buffer.from(`${JSON.stringify({ id, secret })}\n`));
}
