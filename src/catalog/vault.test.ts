// Goal: with a key of the operator's no secret stands in the data directory, and without that key nothing is lost or let in.
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import fc from 'fast-check';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../platform/clock.js';
import { realDisk } from '../platform/disk.js';
import { SecretsSealed } from './event-line.js';
import { Vault } from './vault.js';
import { type Catalog, openCatalog } from './writer.js';

const vault = new Vault(Buffer.alloc(32, 1));
const SECRET = 'the-secret-of-the-first-key';

let dir: string;
beforeEach(() => {
  dir = fs.mkdtempSync(path.join(os.tmpdir(), 'logboom-vault-'));
});
afterEach(() => fs.rmSync(dir, { recursive: true }));

const log = pino({ level: 'silent' });
const open = (with_: Vault | undefined): Promise<Catalog> =>
  openCatalog({
    dir,
    disk: realDisk,
    clock: systemClock,
    log,
    firstKey: { id: 'LBfirst', secret: SECRET },
    vault: with_,
  });
const onDisk = () =>
  fs
    .readdirSync(dir)
    .map((name) => fs.readFileSync(path.join(dir, name), 'utf8'))
    .join('\n');

describe('sealed text', () => {
  test('opens to what it was, for its own id', () => {
    fc.assert(
      fc.property(fc.string(), fc.string({ unit: 'grapheme' }), (id, secret) => {
        expect(vault.open(id, vault.seal(id, secret))).toBe(secret);
      }),
    );
  });

  test('opens for no other id and with no other key', () => {
    const sealed = vault.seal('LBa', SECRET);
    expect(() => vault.open('LBb', sealed)).toThrow();
    expect(() => new Vault(Buffer.alloc(32, 2)).open('LBa', sealed)).toThrow();
  });

  test('does not open with any bit changed, or cut short', () => {
    const sealed = Buffer.from(vault.seal('LBa', SECRET), 'base64');
    for (let bit = 0; bit < sealed.length * 8; bit += 1) {
      const other = Buffer.from(sealed);
      other[bit >> 3] = (other[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(() => vault.open('LBa', other.toString('base64'))).toThrow();
    }
    for (let length = 0; length < sealed.length; length += 1) {
      expect(() => vault.open('LBa', sealed.subarray(0, length).toString('base64'))).toThrow();
    }
  });

  test('needs a key of its length', () => {
    expect(() => new Vault(Buffer.alloc(31))).toThrow('needs 32 bytes and has 31');
  });
});

test('a catalog that was plain is sealed by its next start, and works on', async () => {
  await (await open(undefined)).close();
  expect(onDisk()).toContain(SECRET);
  fs.rmSync(path.join(dir, 'access-key'));
  const catalog = await open(vault);
  expect(catalog.view.accessKey('LBfirst')?.secret).toBe(SECRET);
  await catalog.close();
  expect(onDisk()).not.toContain(SECRET);
  const again = await open(vault);
  expect(again.view.accessKey('LBfirst')?.secret).toBe(SECRET);
  await again.close();
});

test('no secret of a sealed catalog is left anywhere, that of a first start and of a new key included', async () => {
  const catalog = await open(vault);
  const roles = ['read'] as const;
  await catalog.execute({ do: 'createAccessKey', id: 'LBmore', secret: 'another-secret', roles, projects: null });
  await catalog.close();
  expect(onDisk()).not.toMatch(/another-secret|the-secret-of/);
});

test.each([
  ['without a key', undefined],
  ['with another key', new Vault(Buffer.alloc(32, 9))],
])('%s a sealed catalog does not open, and stays as it is', async (_how, wrong) => {
  await (await open(vault)).close();
  const before = onDisk();
  await expect(open(wrong)).rejects.toThrow(SecretsSealed);
  expect(onDisk()).toBe(before);
});
