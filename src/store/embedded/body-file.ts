/**
 * An insert that brings its rows as the request's body: `INSERT … FROM input('structure') … FORMAT JSONEachRow`, as segments
 * go to a ClickHouse server, or RowBinary, as logs go from one store to another. The embedded engine inserts nothing from there, and says that it has; it reads files. So the
 * body becomes one for as long as the statement runs.
 */
import { randomUUID } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { quote } from '../quote.js';
import { EngineException } from './exception.js';

/** A segment has at most a gigabyte (`spoolSegmentBytesMax`), and a log group of one more. */
const BODY_BYTES_MAX = 2 * 1024 ** 3;

const INPUT = /\bFROM\s+input\s*\(\s*('(?:[^'\\]|\\.)*')\s*\)/i;
const FORMAT = /\s+FORMAT\s+(JSONEachRow|RowBinary)\s*$/i;

export function takesBody(sql: string): boolean {
  return /^\s*INSERT\b/i.test(sql) && INPUT.test(sql) && FORMAT.test(sql);
}

/** The file is its caller's to remove. Throws if the body breaks off. */
export async function saveBody(body: Readable, directory: string): Promise<string> {
  fs.mkdirSync(directory, { recursive: true });
  const file = path.join(directory, `${randomUUID()}.body`);
  try {
    await pipeline(body, limit, fs.createWriteStream(file, { flags: 'wx' }));
    return file;
  } catch (error) {
    fs.rmSync(file, { force: true });
    throw error;
  }
}

export function readingFile(sql: string, file: string): string {
  const format = FORMAT.exec(sql)?.[1] ?? '';
  return sql
    .replace(FORMAT, '')
    .replace(INPUT, (_, structure: string) => `FROM file(${quote(file)}, ${quote(format)}, ${structure})`);
}

async function* limit(body: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void> {
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > BODY_BYTES_MAX) throw new EngineException(191, 'The body is too large. (TOO_LARGE_STRING_SIZE)');
    yield chunk;
  }
}
