/** Whether the service runs, or could: its addresses, and the files of its settings. */
import * as fs from 'node:fs/promises';
import { VAULT_KEY_BYTES_MIN } from '../catalog/vault.js';
import { openTlsFiles } from '../http/tls-files.js';
import type { Log } from '../platform/diagnostics.js';
import { probeAddress } from '../supervisor/probe-address.js';
import { type Finding, ok, problem, warning } from './finding.js';

interface Address {
  readonly host: string;
  readonly port: number;
}

const ANSWER_MS_MAX = 5000;

/** Asks the admin listener; where nobody answers, the addresses have to be free. */
export async function checkAddresses(listen: Address, adminListen: Address): Promise<Finding[]> {
  const readiness = await askReadiness(adminListen);
  if (readiness !== undefined) return [readiness];
  return Promise.all(
    [listen, adminListen].map(async ({ host, port }) => {
      try {
        await probeAddress({ host, port });
        return ok(`${host}:${port} is free, and the service is not running`);
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        return problem(reason, 'end what listens there, or choose another address');
      }
    }),
  );
}

/** Undefined if no Logboom answers there. */
async function askReadiness({ host, port }: Address): Promise<Finding | undefined> {
  const name = host === '0.0.0.0' ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host;
  const url = `http://${name}:${port}/readyz`;
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(ANSWER_MS_MAX) });
    if (response.headers.get('server') !== 'Logboom') return undefined;
    const text = await response.text();
    if (response.status === 200) return ok(`the service runs and accepts logs (${url})`);
    return problem(`the service runs and refuses logs: ${text}`, 'docs/runbooks.md, LogboomRefusesLogs');
  } catch {
    return undefined;
  }
}

const DAY_SECONDS = 86_400;
const RENEW_DAYS = 14;

export async function checkCertificate(
  files: { certFile: string; keyFile: string },
  nowSeconds: number,
  log: Log,
): Promise<Finding> {
  try {
    const { expiresAt } = (await openTlsFiles({ ...files, log })).credentials;
    const days = Math.floor((expiresAt - nowSeconds) / DAY_SECONDS);
    if (days < 0) return problem('the certificate of tlsCert has ended', 'renew it');
    if (days < RENEW_DAYS)
      return warning(`the certificate of tlsCert ends in ${days} days`, 'see why it is not renewed');
    return ok(`the certificate of tlsCert is good for ${days} days`);
  } catch (error) {
    return problem(error instanceof Error ? error.message : String(error), 'set tlsCert and tlsKey to files that fit');
  }
}

export async function checkSecretsKey(file: string): Promise<Finding> {
  try {
    const { size, mode } = await fs.stat(file);
    await fs.access(file, fs.constants.R_OK);
    if (size < VAULT_KEY_BYTES_MIN) {
      return problem(`secretsKey has ${size} bytes`, `it needs ${VAULT_KEY_BYTES_MIN}: head -c 32 /dev/urandom`);
    }
    if ((mode & 0o077) !== 0) return warning(`others may read secretsKey`, `chmod 600 ${file}`);
    return ok('secretsKey is there');
  } catch (error) {
    return problem(error instanceof Error ? error.message : String(error), 'set secretsKey to a file that can be read');
  }
}
