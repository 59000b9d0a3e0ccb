import { existsSync, readFileSync } from 'node:fs';
import * as path from 'node:path';

/** Of this program: the nearest one above this file, built or not, that has a package.json. */
export function packageDirectory(): string {
  let directory = import.meta.dirname;
  while (!existsSync(path.join(directory, 'package.json'))) directory = path.dirname(directory);
  return directory;
}

export function readVersion(): string {
  const { version } = JSON.parse(readFileSync(path.join(packageDirectory(), 'package.json'), 'utf8')) as {
    version: string;
  };
  return version;
}
