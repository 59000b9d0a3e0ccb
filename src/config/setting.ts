/**
 * What a setting is, and the kinds of values a setting can have. Whatever layer a value comes from, it arrives as text
 * and is read by its kind, so a value means the same as a flag, in the environment and in the file.
 */
import { isIP } from 'node:net';
import * as path from 'node:path';

export interface Setting<T> {
  /** What stands for the value in help: `SIZE`. */
  readonly form: string;
  /** What the value must be, to go behind "must be" and into the documentation: `a size from 1KiB to 64MiB`. */
  readonly expects: string;
  /** As a user would write it; empty if there is none. */
  readonly default: string;
  readonly doc: string;
  /** Never printed, never a flag (other users see a process's arguments), and also read from the file `…_FILE` names. */
  readonly secret: boolean;
  /** Takes effect while the service runs, when the settings are read again. */
  readonly isLive: boolean;
  /** `undefined` if the text is not what the setting expects. */
  read(text: string): T | undefined;
}

export type ValueOf<S> = S extends Setting<infer T> ? T : never;

interface Described {
  readonly default: string;
  readonly doc: string;
  readonly isLive?: true;
}

/** Limits, both included, written like values of the kind. */
interface Bounded extends Described {
  readonly min: string;
  readonly max: string;
}

const BYTES = { B: 1, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30, TiB: 2 ** 40, KB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12 };
const MILLISECONDS = { ms: 1, s: 1000, min: 60_000, h: 3_600_000, d: 86_400_000 };

/** A size; the value is in bytes. */
export function bytes(given: Bounded): Setting<number> {
  const expects = `a size from ${given.min} to ${given.max}, such as ${given.default}`;
  return bounded('SIZE', expects, given, (text) => readAmount(text, BYTES));
}

/** A length of time; the value is in milliseconds. */
export function duration(given: Bounded): Setting<number> {
  const expects = `a length of time from ${given.min} to ${given.max}, such as ${given.default}`;
  return bounded('TIME', expects, given, (text) => readAmount(text, MILLISECONDS));
}

export function integer(given: Bounded): Setting<number> {
  return bounded('N', `a whole number from ${given.min} to ${given.max}`, given, (text) =>
    /^\d{1,15}$/.test(text) ? Number(text) : undefined,
  );
}

export function oneOf<const Choices extends readonly string[]>(
  choices: Choices,
  given: Described & { readonly default: Choices[number] },
): Setting<Choices[number]> {
  const expects = new Intl.ListFormat('en', { type: 'disjunction' }).format(choices);
  return setting(choices.join('|'), expects, given, (text) => choices.find((choice) => choice === text));
}

export interface Address {
  readonly host: string;
  /** 0 lets the system choose a free one. */
  readonly port: number;
}

/** Where a server listens. */
export function address(given: Described): Setting<Address> {
  const expects = 'HOST:PORT, such as 127.0.0.1:8080, [::1]:8080 or localhost:0 (any free port)';
  return setting('HOST:PORT', expects, given, (text) => {
    const [, v6, name, digits] = /^(?:\[([^\]]+)\]|([^:[\]]+)):(\d{1,5})$/.exec(text) ?? [];
    const port = Number(digits);
    if (v6 !== undefined) return isIP(v6) === 6 && port < 65536 ? { host: v6, port } : undefined;
    return name !== undefined && isHostName(name) && port < 65536 ? { host: name, port } : undefined;
  });
}

/** A file or directory; the value is an absolute path, or empty if there is none. */
export function filePath(form: 'DIR' | 'FILE', given: Described): Setting<string> {
  const what = form === 'DIR' ? 'a directory' : 'a file';
  return setting(form, `${what}, relative to the working directory or absolute`, given, (text) => {
    if (text.includes('\0')) return undefined;
    return text === '' ? '' : path.resolve(text);
  });
}

/** Text that passes `check`, or none where the default is none. */
export function text(
  form: string,
  expects: string,
  check: (text: string) => boolean,
  given: Described & { readonly secret?: boolean },
): Setting<string> {
  const read = (text: string) => (check(text) || (text === '' && given.default === '') ? text : undefined);
  return { ...setting(form, expects, given, read), secret: given.secret ?? false };
}

/** Host names without a port, lower-cased. */
export function hosts(given: Described): Setting<readonly string[]> {
  const expects = 'host names separated by commas, such as log.example.com,log.example.org';
  return list('HOST[,HOST]', expects, given, readHostName);
}

/** Addresses of HTTP servers, without a trailing slash. Neither users nor paths: those are settings of their own, or none. */
export function urls(given: Described): Setting<readonly string[]> {
  const expects = 'http or https URLs separated by commas, such as https://store-1.example.com:8443';
  return list('URL[,URL]', expects, given, readOrigin);
}

/** One of those, or none where the default is none. */
export function url(given: Described): Setting<string> {
  const expects = 'an http or https URL without a path, such as http://node-1.example.com:8081';
  return setting('URL', expects, given, (item) => (item === '' && given.default === '' ? '' : readOrigin(item)));
}

function readOrigin(text: string): string | undefined {
  const read = URL.canParse(text) ? new URL(text) : undefined;
  const isBare =
    read !== undefined && [read.origin, `${read.origin}/`].includes(read.href) && /^https?:$/.test(read.protocol);
  return isBare ? read.origin : undefined;
}

export interface Domain {
  /** Lower-cased, without a port. */
  readonly host: string;
  readonly project: string;
}

/** Hosts and the project each stands for. In the file it may also be a mapping. */
export function domains(isProjectName: (name: string) => boolean, given: Described): Setting<readonly Domain[]> {
  const expects = 'HOST=PROJECT pairs separated by commas, such as track.example.com=shop';
  return list('HOST=PROJECT[,HOST=PROJECT]', expects, given, (item) => {
    const [name = '', project = '', ...more] = item.split('=');
    const host = readHostName(name);
    return host !== undefined && isProjectName(project) && more.length === 0 ? { host, project } : undefined;
  });
}

/** IP addresses and networks in CIDR notation. */
export function networks(given: Described): Setting<readonly string[]> {
  const expects = 'IP addresses or networks separated by commas, such as 10.0.0.0/8,::1';
  return list('NETWORK[,NETWORK]', expects, given, (item) => {
    const [ip = '', prefix, ...more] = item.split('/');
    const bits = { 0: -1, 4: 32, 6: 128 }[isIP(ip)] ?? -1;
    if (bits === -1 || more.length > 0 || ip.includes('%')) return undefined;
    if (prefix === undefined) return item;
    return /^\d{1,3}$/.test(prefix) && Number(prefix) <= bits ? item : undefined;
  });
}

/** Keys of fields, in the order of their importance. */
export function fieldKeys(given: Described): Setting<readonly string[]> {
  const expects = 'keys of fields or tags separated by commas, such as version,__tag__:release';
  return list('KEY[,KEY]', expects, given, (item) => (item.length >= 1 && item.length <= 128 ? item : undefined));
}

function setting<T>(form: string, expects: string, given: Described, read: Setting<T>['read']): Setting<T> {
  const { doc, isLive = false } = given;
  return { form, expects, default: given.default, doc, secret: false, isLive, read };
}

function bounded(form: string, expects: string, given: Bounded, read: Setting<number>['read']): Setting<number> {
  const [min, max] = [read(given.min), read(given.max)];
  if (min === undefined || max === undefined) throw new Error(`limits of a setting: ${given.min}, ${given.max}`);
  return setting(form, expects, given, (text) => {
    const value = read(text);
    return value !== undefined && value >= min && value <= max ? value : undefined;
  });
}

function list<T>(
  form: string,
  expects: string,
  given: Described,
  readItem: (item: string) => T | undefined,
): Setting<readonly T[]> {
  return setting(form, expects, given, (text) => {
    if (text.trim() === '') return [];
    const items: T[] = [];
    for (const item of text.split(',')) {
      const value = readItem(item.trim());
      if (value === undefined) return undefined;
      items.push(value);
    }
    return items;
  });
}

/** A number with a unit, rounded to whole ones of the smallest. Zero needs no unit; anything else does. */
function readAmount(text: string, units: Readonly<Record<string, number>>): number | undefined {
  if (text === '0') return 0;
  const [, digits, unit = ''] = /^(\d{1,12}(?:\.\d{1,6})?) ?([A-Za-z]+)$/.exec(text) ?? [];
  const size = Object.hasOwn(units, unit) ? units[unit] : undefined;
  return digits === undefined || size === undefined ? undefined : Math.round(Number(digits) * size);
}

function readHostName(name: string): string | undefined {
  return isHostName(name) ? name.toLowerCase() : undefined;
}

/** RFC 1123, and `_`, which real names have. */
function isHostName(name: string): boolean {
  return (
    name.length <= 253 &&
    /^[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?(?:\.[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?)*$/.test(
      name,
    )
  );
}
