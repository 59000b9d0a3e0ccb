/**
 * Seals the secrets of access keys in the catalog's file, so that the file or a backup of it is no way in. AES-256-GCM under a key
 * that the operator keeps elsewhere; the id of the access key is bound to it, so that secrets cannot be swapped.
 *
 *   base64(12 bytes of nonce, the ciphertext, 16 bytes of tag)
 */
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Of the operator's file: a key of 256 bits, written in whatever way. */
export const VAULT_KEY_BYTES_MIN = 32;

export class Vault {
  readonly #key: Buffer;

  /** `material` is the content of the operator's file. Throws an Error if it is too short for a key. */
  constructor(material: Buffer) {
    if (material.length < VAULT_KEY_BYTES_MIN) {
      throw new Error(`the file of secretsKey needs ${VAULT_KEY_BYTES_MIN} bytes and has ${material.length}`);
    }
    this.#key = Buffer.from(hkdfSync('sha256', material, '', 'logboom catalog secrets', 32));
  }

  seal(id: string, secret: string): string {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(CIPHER, this.#key, nonce).setAAD(Buffer.from(id));
    return Buffer.concat([nonce, cipher.update(secret, 'utf8'), cipher.final(), cipher.getAuthTag()]).toString(
      'base64',
    );
  }

  /** Throws an Error for what was sealed with another key, for another id, or was changed. */
  open(id: string, sealed: string): string {
    const bytes = Buffer.from(sealed, 'base64');
    const nonce = bytes.subarray(0, NONCE_BYTES);
    const decipher = createDecipheriv(CIPHER, this.#key, nonce, { authTagLength: TAG_BYTES })
      .setAAD(Buffer.from(id))
      .setAuthTag(bytes.subarray(-TAG_BYTES));
    return Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]).toString('utf8');
  }
}
