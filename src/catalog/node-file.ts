/** The file `node.json` of the data directory: which node of which cluster it belongs to. */
import { randomBytes } from 'node:crypto';
import * as path from 'node:path';
import * as z from 'zod';
import { type Disk, readWhole, replaceFile } from '../platform/disk.js';

export interface NodeFile {
  /** `id` of the `ClusterNode`. */
  readonly id: string;
  /** `id` of the `Cluster`; null until the node has joined one. */
  readonly cluster: string | null;
  /**
   * `run` of the `ClusterNode` as this directory knows it: the one of the start before, and the one that has begun. A copy of the
   * directory does not know those that come later. Empty where it is not to be told from the original.
   */
  readonly runs: readonly string[];
}

const schema = z.object({
  v: z.literal(1),
  id: z.string().min(1),
  cluster: z.string().nullable(),
  runs: z.array(z.string()).default([]),
});

/** Makes it up if there is none. Throws an Error for one that cannot be read: another id would be another node. */
export async function readNodeFile(disk: Disk, dir: string): Promise<NodeFile> {
  const file = path.join(dir, 'node.json');
  const bytes = await readWhole(disk, file);
  if (bytes.length > 0) {
    try {
      const { id, cluster, runs } = schema.parse(JSON.parse(bytes.toString('utf8')));
      return { id, cluster, runs };
    } catch (cause) {
      throw new Error(`${file} cannot be read; it says which node of the cluster this is`, { cause });
    }
  }
  const node = { id: randomBytes(16).toString('hex'), cluster: null, runs: [] };
  await writeNodeFile(disk, dir, node);
  return node;
}

export async function writeNodeFile(disk: Disk, dir: string, { id, cluster, runs }: NodeFile): Promise<void> {
  await replaceFile(disk, path.join(dir, 'node.json'), Buffer.from(`${JSON.stringify({ v: 1, id, cluster, runs })}\n`));
}

/** For a restored directory, whose spool gives numbers that no other can have given: it may go on as the node. */
export async function forgetRuns(disk: Disk, dir: string): Promise<void> {
  await writeNodeFile(disk, dir, { ...(await readNodeFile(disk, dir)), runs: [] });
}
