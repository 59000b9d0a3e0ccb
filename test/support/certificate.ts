/** A certificate that nobody trusts, for a TLS server of a test: the least that RFC 5280 takes for one, in DER. */
import { generateKeyPairSync, sign } from 'node:crypto';

const DAY_MS = 24 * 60 * 60 * 1000;

export interface Pair {
  readonly key: string;
  readonly cert: string;
}

/** As PEM. Valid from two days ago to tomorrow, for this IPv4 address or for no name in particular. */
export function makeCertificate(address?: string, expiresAtMs = Date.now() + DAY_MS): Pair {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const name = sequence(set(sequence(COMMON_NAME, value(UTF8_STRING, Buffer.from('logboom')))));
  const version = address === undefined ? [] : [value(VERSION, value(INTEGER, Buffer.from([2])))];
  const certificate = sequence(
    ...version,
    value(INTEGER, Buffer.from([1])),
    ECDSA_WITH_SHA256,
    name,
    sequence(utcTime(Date.now() - 2 * DAY_MS), utcTime(expiresAtMs)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    ...(address === undefined ? [] : [value(EXTENSIONS, sequence(alternativeName(address)))]),
  );
  const signature = Buffer.concat([Buffer.from([0]), sign('sha256', certificate, privateKey)]);
  const signed = sequence(certificate, ECDSA_WITH_SHA256, value(BIT_STRING, signature));
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${signed.toString('base64')}\n-----END CERTIFICATE-----\n`,
  };
}

/** RFC 5280, 4.2.1.6. */
function alternativeName(address: string): Buffer {
  const bytes = Buffer.from(address.split('.').map(Number));
  return sequence(SUBJECT_ALT_NAME, value(OCTET_STRING, sequence(value(IP_ADDRESS, bytes))));
}

const INTEGER = 0x02;
const OCTET_STRING = 0x04;
const IP_ADDRESS = 0x87;
const VERSION = 0xa0;
const EXTENSIONS = 0xa3;
const BIT_STRING = 0x03;
const UTF8_STRING = 0x0c;
const UTC_TIME = 0x17;
const SEQUENCE = 0x30;
const SET = 0x31;

const COMMON_NAME = Buffer.from('0603550403', 'hex');
const SUBJECT_ALT_NAME = Buffer.from('0603551d11', 'hex');
const ECDSA_WITH_SHA256 = sequence(Buffer.from('06082a8648ce3d040302', 'hex'));

function sequence(...parts: readonly Buffer[]): Buffer {
  return value(SEQUENCE, Buffer.concat(parts));
}

function set(...parts: readonly Buffer[]): Buffer {
  return value(SET, Buffer.concat(parts));
}

/** YYMMDDHHMMSSZ */
function utcTime(ms: number): Buffer {
  const digits = new Date(ms).toISOString().replace(/\D/g, '').slice(2, 14);
  return value(UTC_TIME, Buffer.from(`${digits}Z`));
}

function value(tag: number, content: Buffer): Buffer {
  const { length } = content;
  const lengthBytes = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([tag, ...lengthBytes]), content]);
}
