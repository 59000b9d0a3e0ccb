// Copies the store's schema beside the compiled code that reads it: tsc leaves files it does not compile behind.
import { cpSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = new URL('..', import.meta.url);
const from = fileURLToPath(new URL('src/store/schema/', root));
const to = fileURLToPath(new URL('dist/src/store/schema/', root));

rmSync(to, { recursive: true, force: true });
cpSync(from, to, { recursive: true });
