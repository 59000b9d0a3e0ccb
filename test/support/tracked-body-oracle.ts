/**
 * What the scanner should make of a body, said plainly: `JSON.parse` decides what is JSON, a recursive parser keeps the
 * source text, and the rules of the PutWebtracking form follow one after another.
 */
import {
  FIELDS_PER_LOG_MAX,
  JSON_DEPTH_MAX,
  KEY_BYTES_MAX,
  LABEL_BYTES_MAX,
  VALUE_BYTES_MAX,
} from '../../src/model/limits.js';
import type { ScanOptions } from '../../src/tracking/scan.js';

export type JsonTree =
  | { kind: 'string'; source: string; value: string }
  | { kind: 'scalar'; source: string }
  | { kind: 'array'; items: JsonTree[] }
  | { kind: 'object'; members: Member[] };

export interface Member {
  /** With its quotes and escapes. */
  keySource: string;
  key: string;
  value: JsonTree;
}

export type Fields = [key: string, value: string][];

/** A log group as it should be stored. Order counts; of duplicates the last one stays where it is. */
export interface Group {
  topic: string | undefined;
  source: string | undefined;
  tags: Fields | undefined;
  logs: Fields[];
}

export type Verdict = { kind: 'body'; group: Group; hasLogTags: boolean } | { kind: 'refused'; error: string };

export function judgeBody(body: Buffer, options: ScanOptions): Verdict {
  try {
    const group = readGroup(readTopLevel(body), options);
    const hasLogTags = group.logs.flat().some(([key]) => key.startsWith('__tag__:'));
    return { kind: 'body', group, hasLogTags };
  } catch (error) {
    if (error instanceof Refused) return { kind: 'refused', error: error.message };
    throw error;
  }
}

/** JSON text as a tree. Throws a SyntaxError where `JSON.parse` does, and where it is nested too deep. */
export function parseTree(text: string): JsonTree {
  JSON.parse(text);
  return new TreeParser(text).parse(0);
}

class Refused extends Error {}

const isWellFormed = (text: string) => !/\p{Surrogate}/u.test(text);

function readTopLevel(body: Buffer): JsonTree {
  const top = parseOrRefuse(body.toString());
  if (top.kind !== 'string') return top;
  if (!isWellFormed(top.value)) throw new Refused('InvalidEncoding');
  return parseOrRefuse(top.value);
}

function parseOrRefuse(text: string): JsonTree {
  try {
    return parseTree(text.replace(/^\ufeff/, ''));
  } catch (error) {
    throw error instanceof SyntaxError ? new Refused('PostBodyInvalid') : error;
  }
}

function readGroup(top: JsonTree, options: ScanOptions): Group {
  if (top.kind !== 'object') throw new Refused('PostBodyInvalid');
  const last = (name: string) => top.members.findLast(({ key }) => key === name)?.value;
  const lastUnlessNull = (name: string) => {
    const value = last(name);
    return value?.kind === 'scalar' && value.source === 'null' ? undefined : value;
  };
  const logs = last('__logs__');
  const tags = lastUnlessNull('__tags__');
  const topic = lastUnlessNull('__topic__');
  const source = lastUnlessNull('__source__');

  // Shape.
  if (logs?.kind !== 'array') throw new Refused('PostBodyInvalid');
  const entries = logs.items.map((item) => {
    if (item.kind !== 'object') throw new Refused('PostBodyInvalid');
    return item.members;
  });
  if (tags !== undefined && tags.kind !== 'object') throw new Refused('PostBodyInvalid');
  if (options.nonStringValues === 'refuse') {
    const stored = [...entries.flat().filter(({ key }) => key !== '__time__'), ...(tags?.members ?? [])];
    if (stored.some(({ value }) => value.kind !== 'string')) throw new Refused('PostBodyInvalid');
  }

  // How many, and then what is in them, one after another.
  if (entries.length > options.logsMax) throw new Refused('PostBodyTooLarge');
  for (const members of entries) {
    const fields = members.filter(({ key }) => key !== '__time__');
    checkFields(fields, members.length, RESERVED);
  }
  if (tags !== undefined) checkFields(tags.members, tags.members.length, []);
  for (const label of [topic, source]) {
    if (label?.kind === 'string' && !isWellFormed(label.value)) throw new Refused('InvalidEncoding');
  }

  return {
    topic: topic && cutLabel(storedText(topic)),
    source: source && cutLabel(storedText(source)),
    tags: tags && lastOfEach(tags.members),
    logs: entries.map(storedFields).filter((fields) => fields.length > 0),
  };
}

/** The last `__time__` that may be one counts as `__client_time__`; alone it is nothing. */
function storedFields(members: Member[]): Fields {
  const kept = members.filter(({ key, value }) => key !== '__time__' || mayBeTime(value));
  const fields = lastOfEach(kept.map(renamed));
  const isTimeAlone = fields.length === 1 && kept.at(-1)?.key === '__time__';
  return isTimeAlone ? [] : fields;
}

const renamed = (member: Member) => (member.key === '__time__' ? { ...member, key: '__client_time__' } : member);

function mayBeTime(value: JsonTree): boolean {
  if (value.kind !== 'string')
    return value.kind === 'scalar' && /^[-\d]/.test(value.source) && value.source.length <= 64;
  const bytes = Buffer.byteLength(value.source) - 2;
  return bytes > 0 && bytes <= 64 && isWellFormed(value.value);
}

const RESERVED = ['__source__', '__topic__', '__partition_time__', '_extract_others_', '__extract_others__'];

function checkFields(fields: Member[], count: number, reserved: string[]): void {
  for (const { key } of fields) {
    const bytes = Buffer.byteLength(key);
    const hasControl = [...key].some((character) => character < ' ');
    if (bytes === 0 || bytes > KEY_BYTES_MAX || hasControl || reserved.includes(key)) throw new Refused('InvalidKey');
  }
  for (const { key, value } of fields) {
    if (!isWellFormed(key)) throw new Refused('InvalidEncoding');
    if (value.kind === 'string' && !isWellFormed(value.value)) throw new Refused('InvalidEncoding');
  }
  const tooLarge = fields.some(({ value }) => Buffer.byteLength(storedText(value)) > VALUE_BYTES_MAX);
  if (count > FIELDS_PER_LOG_MAX || tooLarge) throw new Refused('PostBodyTooLarge');
}

export function lastOfEach(members: Member[]): Fields {
  const last = new Map(members.map((member) => [member.key, member]));
  return members.filter((member) => last.get(member.key) === member).map(({ key, value }) => [key, storedText(value)]);
}

function storedText(tree: JsonTree): string {
  return tree.kind === 'string' ? tree.value : compactText(tree);
}

function compactText(tree: JsonTree): string {
  switch (tree.kind) {
    case 'string':
    case 'scalar':
      return tree.source;
    case 'array':
      return `[${tree.items.map(compactText).join()}]`;
    case 'object':
      return `{${tree.members.map(({ keySource, value }) => `${keySource}:${compactText(value)}`).join()}}`;
  }
}

function cutLabel(text: string): string {
  let cut = '';
  for (const character of text) {
    if (Buffer.byteLength(cut + character) > LABEL_BYTES_MAX) break;
    cut += character;
  }
  return cut;
}

/** For text that `JSON.parse` has taken. */
class TreeParser {
  private readonly text: string;
  private at = 0;

  constructor(text: string) {
    this.text = text;
  }

  parse(depth: number): JsonTree {
    const first = this.peek();
    if ((first === '[' || first === '{') && depth === JSON_DEPTH_MAX) throw new SyntaxError('nested too deep');
    if (first === '[') return { kind: 'array', items: this.parseList(']', () => this.parse(depth + 1)) };
    if (first === '{') return { kind: 'object', members: this.parseList('}', () => this.parseMember(depth + 1)) };
    if (first !== '"') return { kind: 'scalar', source: this.take(/[-+.\w]+/y) };
    const source = this.takeString();
    return { kind: 'string', source, value: JSON.parse(source) as string };
  }

  private parseMember(depth: number): Member {
    this.peek();
    const keySource = this.takeString();
    this.peek();
    this.take(/:/y);
    return { keySource, key: JSON.parse(keySource) as string, value: this.parse(depth) };
  }

  private parseList<Item>(closer: string, parseItem: () => Item): Item[] {
    const items: Item[] = [];
    this.at++;
    while (this.peek() !== closer) {
      if (this.peek() === ',') this.at++;
      items.push(parseItem());
    }
    this.at++;
    return items;
  }

  /** The next character that is not white space. */
  private peek(): string | undefined {
    this.take(/[\t\n\r ]*/y);
    return this.text[this.at];
  }

  private takeString(): string {
    return this.take(/"(?:[^"\\]|\\.)*"/y);
  }

  private take(pattern: RegExp): string {
    pattern.lastIndex = this.at;
    const match = pattern.exec(this.text)?.[0] ?? '';
    this.at += match.length;
    return match;
  }
}
