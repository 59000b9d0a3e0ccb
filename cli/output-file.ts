/** A file that is written piece by piece, and what is to be known when it has to be continued. */
import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, open, readFile, rename, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { Failure } from './failure.js';
import { escapeForTerminal } from './terminal.js';

/** Where the file comes from. */
export interface Origin {
  readonly project: string;
  readonly logstore: string;
  readonly exportId: string;
}

export interface OutputFile {
  write(bytes: Uint8Array): Promise<void>;
  /** Resolves when everything is on the disk. */
  close(): Promise<void>;
}

/** Throws Failure for a file that is there already. */
export async function createFile(file: string): Promise<OutputFile> {
  return told(file, async () => writer(await open(file, 'wx')));
}

/** What is behind `length` is cut off. */
export async function continueFile(file: string, length: number): Promise<OutputFile> {
  return told(file, async () => {
    await truncate(file, length);
    return writer(await open(file, 'a'));
  });
}

export function sizeOf(file: string): Promise<number> {
  return told(file, async () => (await stat(file)).size);
}

/** SHA-256, in hexadecimal, of the bytes from `from` on and before `to`. */
export function digestOf(file: string, from: number, to: number): Promise<string> {
  return told(file, async () => {
    const hash: Hash = createHash('sha256');
    if (to > from) for await (const bytes of createReadStream(file, { start: from, end: to - 1 })) hash.update(bytes);
    return hash.digest('hex');
  });
}

/** Beside the file as long as it is not whole. */
export async function writeOrigin(file: string, origin: Origin): Promise<void> {
  await told(file, async () => {
    await writeFile(`${originFile(file)}.new`, JSON.stringify(origin));
    await rename(`${originFile(file)}.new`, originFile(file));
  });
}

/** Throws Failure where there is nothing to continue. */
export async function readOrigin(file: string): Promise<Origin> {
  const text = await readFile(originFile(file), 'utf8').catch((cause: unknown) => {
    const name = escapeForTerminal(file);
    throw new Failure('usage', `${name} cannot be continued: ${escapeForTerminal(originFile(file))} is not there`, {
      cause,
    });
  });
  try {
    const { project, logstore, exportId } = JSON.parse(text) as Record<string, unknown>; // checked on the next line
    if (typeof project === 'string' && typeof logstore === 'string' && typeof exportId === 'string') {
      return { project, logstore, exportId };
    }
  } catch {
    // Told below, as anything else that is none.
  }
  throw new Failure('usage', `${escapeForTerminal(originFile(file))} does not say what to continue`);
}

export function removeFile(file: string): Promise<void> {
  return told(file, () => rm(file));
}

export async function removeOrigin(file: string): Promise<void> {
  await rm(originFile(file), { force: true });
}

function originFile(file: string): string {
  return `${file}.logboom-export`;
}

function writer(handle: FileHandle): OutputFile {
  return {
    async write(bytes) {
      await handle.appendFile(bytes);
    },
    async close() {
      await handle.sync().finally(() => handle.close());
    },
  };
}

/** What the file system refuses becomes a Failure. */
async function told<T>(file: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException; // what fs throws
    const reason = code === 'EEXIST' ? 'it is there already' : message;
    throw new Failure('usage', `${escapeForTerminal(file)}: ${escapeForTerminal(reason)}`, { cause });
  }
}
