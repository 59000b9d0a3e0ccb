/**
 * Where settings come from: flags, the environment and a YAML file. Each is read into the same shape, text by setting
 * name, and each reports what it does not know.
 */
import { parseArgs } from 'node:util';
import { isMap, isScalar, isSeq, type Node, parseDocument } from 'yaml';
import type { Setting } from './setting.js';
import { didYouMean } from './suggest.js';

export type Settings = Readonly<Record<string, Setting<unknown>>>;

/** Where a value came from: `--listen`, `LOGBOOM_LISTEN`, `/etc/logboom.yaml` or `default`. */
export interface Origin {
  readonly from: 'flag' | 'environment' | 'file' | 'default';
  readonly name: string;
}

export interface Given {
  readonly text: string;
  readonly origin: Origin;
}

/** One source of settings, and what is wrong with it, a sentence each. */
export interface Layer {
  readonly given: ReadonlyMap<string, Given>;
  readonly problems: readonly string[];
}

const PREFIX = 'LOGBOOM_';

/** Variables with our prefix that are not the server's: this one tells the other commands where a server is. */
const NOT_SETTINGS: readonly string[] = ['LOGBOOM_ADMIN'];

/**
 * Kubernetes gives every pod such variables for each Service of its namespace; one for a Service called `logboom` is
 * not a mistake of the operator. Kubernetes documentation, "Service": environment variables.
 */
const SERVICE_VARIABLE = /_SERVICE_HOST$|_SERVICE_PORT(_\w+)?$|_PORT_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?$/;
const SERVICE_ADDRESS = /^(tcp|udp|sctp):\/\//;

/** `spoolBytesMax` is `--spool-bytes-max`. */
export function flagName(setting: string): string {
  return `--${setting.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** `spoolBytesMax` is `LOGBOOM_SPOOL_BYTES_MAX`. */
export function variableName(setting: string): string {
  return PREFIX + setting.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
}

/** Reads `--name value` and `--name=value`. */
export function readFlags(args: readonly string[], settings: Settings): Layer {
  const names = new Map(
    Object.keys(settings)
      .filter((name) => !settings[name]?.secret)
      .map((name) => [flagName(name), name]),
  );
  const options = Object.fromEntries([...names.keys()].map((flag) => [flag.slice(2), { type: 'string' as const }]));
  const given = new Map<string, Given>();
  const problems: string[] = [];
  const { tokens } = parseArgs({ args: [...args], options, strict: false, allowPositionals: true, tokens: true });
  let unknownAt = -2;
  for (const token of tokens) {
    // What follows an unknown flag is its value, most likely.
    if (token.kind === 'positional' && token.index !== unknownAt + 1) {
      problems.push(`Unexpected argument ${quote(token.value)}; settings are --name value.`);
    }
    if (token.kind !== 'option') continue;
    const name = names.get(token.rawName);
    if (name === undefined) {
      unknownAt = token.index;
      problems.push(`Unknown flag ${quote(token.rawName)}.${didYouMean(token.rawName, [...names.keys()])}`);
    } else if (token.value === undefined || (!token.inlineValue && token.value.startsWith('--'))) {
      problems.push(`${token.rawName} needs a value: ${settings[name]?.expects}.`);
    } else if (given.has(name)) {
      problems.push(`${token.rawName} is given twice.`);
    } else {
      given.set(name, { text: token.value, origin: { from: 'flag', name: token.rawName } });
    }
  }
  return { given, problems };
}

/** An empty variable counts as not set: Compose files and unit files pass those on. `readFile` throws as `fs` does. */
export function readEnvironment(
  env: Readonly<Record<string, string | undefined>>,
  settings: Settings,
  readFile: (file: string) => string,
): Layer {
  const names = new Map<string, { name: string; isFile: boolean }>();
  for (const [name, { secret }] of Object.entries(settings)) {
    names.set(variableName(name), { name, isFile: false });
    if (secret) names.set(`${variableName(name)}_FILE`, { name, isFile: true });
  }
  const given = new Map<string, Given>();
  const problems: string[] = [];
  for (const [variable, value = ''] of Object.entries(env)) {
    if (!variable.startsWith(PREFIX) || value === '') continue;
    const known = names.get(variable);
    if (known === undefined) {
      if (NOT_SETTINGS.includes(variable) || SERVICE_VARIABLE.test(variable) || SERVICE_ADDRESS.test(value)) continue;
      problems.push(`Unknown environment variable ${quote(variable)}.${didYouMean(variable, [...names.keys()])}`);
    } else if (given.has(known.name)) {
      problems.push(`${given.get(known.name)?.origin.name} and ${variable} are both set; keep one.`);
    } else {
      try {
        const text = known.isFile ? readFile(value).trimEnd() : value;
        given.set(known.name, { text, origin: { from: 'environment', name: variable } });
      } catch (error) {
        problems.push(`Cannot read the file ${quote(value)} that ${variable} names: ${messageOf(error)}.`);
      }
    }
  }
  return { given, problems };
}

/**
 * A YAML mapping of setting names to values. A sequence is a list of values, a mapping a list of `key=value`. Values are
 * taken as written, so `0123` stays four characters whether YAML would call it a number or not.
 */
export function readYaml(file: string, content: string, settings: Settings): Layer {
  const document = parseDocument(content);
  if (document.errors.length > 0) {
    return { given: new Map(), problems: document.errors.map((error) => `${file}: ${error.message.trimEnd()}`) };
  }
  const given = new Map<string, Given>();
  const problems: string[] = [];
  const root = document.contents;
  if (root === null) return { given, problems }; // an empty file, or nothing but comments
  if (!isMap<Node, Node | null>(root))
    return { given, problems: [`${file}: must be a mapping of settings to values.`] };
  const known = Object.keys(settings).filter((name) => name !== 'config');
  for (const { key, value } of root.items) {
    const name = asText(key);
    const text = asText(value);
    if (name === undefined || !known.includes(name)) {
      problems.push(
        `${file}: unknown setting ${quote(name ?? 'that is not plain text')}.${didYouMean(name ?? '', known)}`,
      );
    } else if (text === undefined) {
      problems.push(`${file}: ${name} must be ${settings[name]?.expects}.`);
    } else {
      given.set(name, { text, origin: { from: 'file', name: file } });
    }
  }
  return { given, problems };
}

/** `undefined` for what has no plain text: an alias, or a list within a list. */
function asText(node: Node | null): string | undefined {
  if (node === null) return '';
  if (isScalar(node)) return node.source ?? '';
  const parts: (string | undefined)[] = [];
  if (isSeq<Node>(node)) {
    for (const item of node.items) parts.push(isScalar(item) ? item.source : undefined);
  } else if (isMap<Node, Node | null>(node)) {
    for (const { key, value } of node.items) {
      parts.push(isScalar(key) && isScalar(value) ? `${key.source}=${value.source}` : undefined);
    }
  } else {
    return undefined;
  }
  return parts.includes(undefined) ? undefined : parts.join(',');
}

/** In quotes, control characters made visible. */
export function quote(text: string): string {
  return JSON.stringify(text);
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
