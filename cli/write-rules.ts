/** The options that say who may write without a key, and how much. */
import type { AddressPrivacy, OriginPolicy, UpdateLogstore, UpdateProject } from '../src/api/catalog.js';
import type { Call, Option } from './command.js';
import { Failure } from './failure.js';
import { parseBytes } from './units.js';

const MODES: readonly OriginPolicy['mode'][] = ['off', 'report', 'enforce'];
const WITHOUT_ORIGIN: readonly OriginPolicy['withoutOrigin'][] = ['accept', 'refuse'];
const PRIVACIES: readonly AddressPrivacy[] = ['whole', 'network', 'pseudonym', 'none'];

export const QUOTA_OPTIONS: Readonly<Record<string, Option>> = {
  'quota-requests': {
    form: 'N',
    doc: 'Requests a second without a key; 0 for no limit, "default" for the one of the service.',
  },
  'quota-bytes': { form: 'SIZE', doc: 'The same in bytes a second, such as 5MiB.' },
};

export const WRITE_RULE_OPTIONS: Readonly<Record<string, Option>> = {
  origins: {
    form: 'PATTERNS',
    doc: 'The pages that may write without a key, with commas between: https://shop.example.com,https://*.example.com.',
  },
  'origin-mode': {
    form: MODES.join('|'),
    doc: 'Whether other pages are refused, only reported (logboom refusals), or accepted.',
  },
  'without-origin': {
    form: WITHOUT_ORIGIN.join('|'),
    doc: 'What to do with requests that name no page, as apps and servers send them.',
  },
  ...QUOTA_OPTIONS,
  'client-address': {
    form: PRIVACIES.join('|'),
    doc: "What is kept of clients' addresses: all, their network, a name that changes each day, nothing.",
  },
  'path-aliases': {
    form: 'PATHS',
    doc: 'Paths under which pages write to it at the host of the project, with commas between: /collect,/a/b.gif.',
  },
  'keys-max': {
    form: 'N',
    doc: 'Different keys there may be, 2000 unless told otherwise; further ones go into the field __overflow__. 0 for no limit.',
  },
};

export function writeRulesOf(
  call: Call,
): Pick<UpdateLogstore, 'origins' | 'quota' | 'clientAddress' | 'pathAliases' | 'keysMax'> {
  const origins = {
    mode: choiceOf(call, 'origin-mode', MODES),
    allowed: listOf(call.option('origins')),
    withoutOrigin: choiceOf(call, 'without-origin', WITHOUT_ORIGIN),
  };
  const isGiven = Object.values(origins).some((value) => value !== undefined);
  return {
    origins: isGiven ? origins : undefined,
    quota: quotaOf(call),
    clientAddress: choiceOf(call, 'client-address', PRIVACIES),
    pathAliases: listOf(call.option('path-aliases')),
    keysMax: keysMaxOf(call.option('keys-max')),
  };
}

function keysMaxOf(text: string | undefined): number | undefined {
  if (text !== undefined && !/^\d{1,6}$/.test(text)) throw new Failure('usage', '--keys-max must be a number');
  return text === undefined ? undefined : Number(text);
}

export function quotaOf(call: Call): UpdateProject['quota'] {
  const [requests, bytes] = [call.option('quota-requests'), call.option('quota-bytes')];
  if (requests === undefined && bytes === undefined) return undefined;
  return {
    requestsPerSecond: limitOf(requests, 'quota-requests', (text) =>
      /^\d{1,9}$/.test(text) ? Number(text) : undefined,
    ),
    bytesPerSecond: limitOf(bytes, 'quota-bytes', parseBytes),
  };
}

function limitOf(text: string | undefined, name: string, read: (text: string) => number | undefined) {
  if (text === undefined || text === 'default') return text === undefined ? undefined : null;
  const limit = read(text);
  if (limit === undefined) throw new Failure('usage', `--${name} must be a number, or default`);
  return limit;
}

/** An empty text lists nothing. */
function listOf(text: string | undefined): string[] | undefined {
  return text
    ?.split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

function choiceOf<Choice extends string>(call: Call, name: string, choices: readonly Choice[]): Choice | undefined {
  const text = call.option(name);
  const choice = choices.find((known) => known === text);
  if (text !== undefined && choice === undefined)
    throw new Failure('usage', `--${name} must be one of ${choices.join(', ')}`);
  return choice;
}
