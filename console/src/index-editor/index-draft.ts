/**
 * An index while it is being changed, as the form shows it. What the form does not show - paths of JSON fields, settings of SLS that
 * mean nothing here - stays as it was given.
 */
import type { IndexConfig, KeyIndex, LineIndex } from '../../../src/api/logstore-index.js';
import { printTokens, readTokens } from './tokens.js';

export interface IndexDraft {
  /** Null where words without a field have no index of their own. */
  readonly line: LineDraft | null;
  readonly keys: readonly KeyDraft[];
  readonly others: Readonly<Record<string, unknown>>;
}

/** How texts are words. */
export interface WordDraft {
  /** As printTokens prints them. */
  readonly tokens: string;
  readonly caseSensitive: boolean;
  readonly chn: boolean;
}

export interface LineDraft extends WordDraft {
  readonly given: Partial<LineIndex>;
}

export type FieldType = KeyIndex['type'];

export interface KeyDraft extends WordDraft {
  readonly name: string;
  readonly type: FieldType;
  readonly alias: string;
  /** Whether SQL may use it; so it may unless it is said otherwise. */
  readonly docValue: boolean;
  readonly given: Partial<KeyIndex>;
}

/** `defaultToken` is what separates words where the index does not say. */
export function draftOf(config: IndexConfig | null, defaultToken: readonly string[]): IndexDraft {
  const { line, keys = {}, ...others } = config ?? {};
  return {
    line: line === undefined ? null : newLine(defaultToken, line),
    keys: Object.entries(keys).map(([name, key]) => newKey(name, key.type, defaultToken, key)),
    others,
  };
}

export function newLine(defaultToken: readonly string[], given: Partial<LineIndex> = {}): LineDraft {
  return { ...wordsOf(given, defaultToken), given };
}

export function newKey(
  name: string,
  type: FieldType,
  defaultToken: readonly string[],
  given: Partial<KeyIndex> = {},
): KeyDraft {
  const { alias = '', doc_value: docValue = true } = given;
  return { name, type, alias, docValue, ...wordsOf(given, defaultToken), given };
}

/** Null for a draft without anything in it, which is no index. */
export function configOf({ line, keys, others }: IndexDraft, defaultToken: readonly string[]): IndexConfig | null {
  if (line === null && keys.length === 0) return null;
  return {
    ...others,
    ...(line === null ? {} : { line: lineOf(line, defaultToken) }),
    ...(keys.length === 0
      ? {}
      : { keys: Object.fromEntries(keys.map((key) => [key.name, keyOf(key, defaultToken)] as const)) }),
  };
}

/** Fields that a search could ask for by name until now, and under this index could not. */
export function namesLost({ keys }: IndexDraft, seen: readonly string[]): string[] {
  if (keys.length === 0) return [];
  const declared = new Set(keys.map(({ name }) => name));
  return seen.filter((name) => !declared.has(name));
}

interface Words {
  readonly token?: readonly string[] | undefined;
  readonly caseSensitive?: boolean | undefined;
  readonly chn?: boolean | undefined;
}

function wordsOf({ token, caseSensitive = false, chn = false }: Words, defaultToken: readonly string[]): WordDraft {
  return { tokens: printTokens(token ?? defaultToken), caseSensitive, chn };
}

function lineOf({ given, ...words }: LineDraft, defaultToken: readonly string[]): LineIndex {
  return { ...given, ...changedWords(words, given), token: tokenOf(words, given, defaultToken) ?? defaultToken };
}

function keyOf({ given, type, alias, docValue, ...words }: KeyDraft, defaultToken: readonly string[]): KeyIndex {
  const { alias: _, token: __, ...rest } = given;
  const isText = type === 'text' || type === 'json';
  const token = isText ? tokenOf(words, given, defaultToken) : given.token;
  return {
    ...rest,
    type,
    ...(isText ? changedWords(words, given) : {}),
    ...(docValue === (given.doc_value ?? true) ? {} : { doc_value: docValue }),
    ...(token === undefined ? {} : { token }),
    ...(alias === '' ? {} : { alias }),
  };
}

/** What was left out stays left out as long as nobody changes it, and a delimiter of several characters stays whole. */
function tokenOf({ tokens }: WordDraft, { token }: Words, defaultToken: readonly string[]) {
  return tokens === printTokens(token ?? defaultToken) ? token : readTokens(tokens);
}

function changedWords({ caseSensitive, chn }: WordDraft, given: Words): Words {
  return {
    ...(caseSensitive === (given.caseSensitive ?? false) ? {} : { caseSensitive }),
    ...(chn === (given.chn ?? false) ? {} : { chn }),
  };
}
