/**
 * The certificate and key of a listener that speaks https. Their files are read again and again: tools that renew certificates
 * replace them, some by links, some in two steps. What does not fit together is not used; the last good pair stays.
 */
import { X509Certificate } from 'node:crypto';
import * as fs from 'node:fs/promises';
import { createSecureContext, type Server } from 'node:tls';
import type { Log } from '../platform/diagnostics.js';

export interface TlsFilesOptions {
  /** PEM: the certificate, and behind it those that lead to its root. */
  readonly certFile: string;
  /** PEM, without a passphrase. */
  readonly keyFile: string;
  readonly log: Log;
  readonly checkEveryMs?: number;
}

export interface Credentials {
  readonly cert: string;
  readonly key: string;
  /** Unix seconds; of the first certificate. */
  readonly expiresAt: number;
}

const CHECK_EVERY_MS = 5000;

/** Throws an Error that says what is wrong with the files. */
export async function openTlsFiles(options: TlsFilesOptions): Promise<TlsFiles> {
  return new TlsFiles(options, await readCredentials(options));
}

export class TlsFiles {
  readonly #options: TlsFilesOptions;
  #credentials: Credentials;
  #timer: NodeJS.Timeout | null = null;
  /** What was wrong at the last look, so that it is told once. */
  #trouble = '';

  constructor(options: TlsFilesOptions, credentials: Credentials) {
    this.#options = options;
    this.#credentials = credentials;
  }

  get credentials(): Credentials {
    return this.#credentials;
  }

  /** New connections get a new pair soon after its files are there. */
  renew(server: Pick<Server, 'setSecureContext'>): void {
    const { checkEveryMs = CHECK_EVERY_MS } = this.#options;
    this.#timer = setTimeout(async () => {
      await this.#look(server);
      if (this.#timer !== null) this.renew(server);
    }, checkEveryMs);
    this.#timer.unref();
  }

  close(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  async #look(server: Pick<Server, 'setSecureContext'>): Promise<void> {
    const { log } = this.#options;
    try {
      const found = await readCredentials(this.#options);
      this.#trouble = '';
      if (found.cert === this.#credentials.cert && found.key === this.#credentials.key) return;
      server.setSecureContext(found);
      this.#credentials = found;
      log.info({ expiresAt: new Date(found.expiresAt * 1000) }, 'tls: a new certificate is in use');
    } catch (error) {
      const trouble = error instanceof Error ? error.message : String(error);
      if (trouble !== this.#trouble) log.error({ trouble }, 'tls: the old certificate stays in use');
      this.#trouble = trouble;
    }
  }
}

async function readCredentials({ certFile, keyFile }: TlsFilesOptions): Promise<Credentials> {
  try {
    const [cert, key] = await Promise.all([fs.readFile(certFile, 'utf8'), fs.readFile(keyFile, 'utf8')]);
    // Throws where the two do not belong together.
    createSecureContext({ cert, key });
    return { cert, key, expiresAt: Math.floor(Date.parse(new X509Certificate(cert).validTo) / 1000) };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`cannot use the certificate ${certFile} with the key ${keyFile}: ${reason}`, { cause });
  }
}
