/** A copy of the built product, for runs that outlast the next build, and in which a test may plant a bug. */
import * as fs from 'node:fs';
import * as path from 'node:path';

/** A change to a compiled file of the product. */
export interface Patch {
  /** Within `dist/src`. */
  readonly file: string;
  /** Must occur exactly once. */
  readonly find: string;
  readonly replace: string;
}

/** Copies the product into `directory` and returns the path of its command. Throws if a patch does not fit. */
export function copyProduct(directory: string, patches: readonly Patch[] = []): string {
  const root = findRoot(import.meta.dirname);
  for (const part of ['bin', 'dist/src', 'package.json']) {
    fs.cpSync(path.join(root, part), path.join(directory, part), { recursive: true });
  }
  fs.symlinkSync(path.join(root, 'node_modules'), path.join(directory, 'node_modules'));
  for (const patch of patches) applyPatch(path.join(directory, 'dist/src', patch.file), patch);
  return path.join(directory, 'bin/logboom');
}

function applyPatch(file: string, { find, replace }: Patch): void {
  const parts = fs.readFileSync(file, 'utf8').split(find);
  if (parts.length !== 2) throw new Error(`${file} has ${parts.length - 1} times, not once: ${find}`);
  fs.writeFileSync(file, parts.join(replace));
}

/** This file is run both as it is and compiled. */
function findRoot(directory: string): string {
  return fs.existsSync(path.join(directory, 'bin/logboom')) ? directory : findRoot(path.dirname(directory));
}
