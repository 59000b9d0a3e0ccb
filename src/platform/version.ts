import { existsSync, readFileSync } from 'node:fs';
import * as path from 'node:path';

/** Of this program: the version in the nearest package.json above this file, built or not. */
export function readVersion(): string {
  let directory = import.meta.dirname;
  while (!existsSync(path.join(directory, 'package.json'))) directory = path.dirname(directory);
  const { version } = JSON.parse(readFileSync(path.join(directory, 'package.json'), 'utf8')) as { version: string };
  return version;
}
