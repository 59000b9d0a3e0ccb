/** A rule: what to change about logs in quarantine, step by step, so that they can be taken. docs/quarantine.md teaches it. */
import * as z from 'zod';
import { VALUE_BYTES_MAX } from '../model/limits.js';
import type { SourceLog } from './source-log.js';

const STEPS_MAX = 50;
/** A key that is too long is at fault itself, and has to be named nevertheless. In UTF-16 units. */
const FIELD_LENGTH_MAX = 4096;

const field = z.string().max(FIELD_LENGTH_MAX);

const STEP = z.discriminatedUnion('do', [
  /** All fields of this name. */
  z.strictObject({ do: z.literal('dropField'), field }),
  /** Where the log has a field of the new name already, the last of the two counts, as in tracking. */
  z.strictObject({ do: z.literal('rename'), field, to: field }),
  /** Whatever is no text becomes the text of its JSON, and half surrogate pairs U+FFFD. Without a field, all of them. */
  z.strictObject({ do: z.literal('cast'), field: field.optional() }),
  /** Cuts texts at a character boundary. Without a field, all of them. */
  z.strictObject({ do: z.literal('cut'), field: field.optional(), bytes: z.int().min(0).max(VALUE_BYTES_MAX) }),
  /** What is no object becomes the only field of one. */
  z.strictObject({ do: z.literal('wrap'), field }),
  z.strictObject({ do: z.literal('dropLog') }),
]);

export const RULE = z.array(STEP).max(STEPS_MAX);

export type Rule = z.infer<typeof RULE>;
type Step = Rule[number];

/** The log as it is behind the last step; null if it is not to be kept. */
export function applyRule(rule: Rule, log: SourceLog): SourceLog | null {
  let changed: SourceLog | null = log;
  for (const step of rule) {
    if (changed === null) return null;
    changed = applyStep(step, changed);
  }
  return changed;
}

function applyStep(step: Step, log: SourceLog): SourceLog | null {
  if (step.do === 'dropLog') return null;
  if (log.kind === 'other') {
    return step.do === 'wrap' ? { kind: 'object', fields: [{ key: step.field, value: log.value }] } : log;
  }
  const { fields } = log;
  switch (step.do) {
    case 'dropField':
      return { kind: 'object', fields: fields.filter(({ key }) => key !== step.field) };
    case 'rename':
      return { kind: 'object', fields: fields.map((one) => (one.key === step.field ? { ...one, key: step.to } : one)) };
    case 'cast':
      return changeValues(log, step.field, castValue);
    case 'cut':
      return changeValues(log, step.field, (value) => cutValue(value, step.bytes));
    case 'wrap':
      return log;
  }
}

function changeValues(
  { fields }: SourceLog & { kind: 'object' },
  name: string | undefined,
  change: (value: string) => string,
): SourceLog {
  const isMeant = (key: string) => name === undefined || key === name;
  return {
    kind: 'object',
    fields: fields.map(({ key, value }) => ({ key, value: isMeant(key) ? change(value) : value })),
  };
}

/** The source text of a value, without the white space between its tokens, as a string: digits stay what they are. */
function castValue(value: string): string {
  const text = textOf(value);
  return JSON.stringify(text === undefined ? value.replace(TOKEN_OR_SPACE, '$1') : Buffer.from(text).toString());
}

const TOKEN_OR_SPACE = /("(?:[^"\\]|\\.)*")|[ \t\r\n]+/g;

function cutValue(value: string, bytesMax: number): string {
  const text = textOf(value);
  if (text === undefined) return value;
  const bytes = Buffer.from(text);
  if (bytes.length <= bytesMax) return value;
  let end = bytesMax;
  while (end > 0 && ((bytes[end] as number) & 0xc0) === 0x80) end--;
  return JSON.stringify(bytes.toString('utf8', 0, end));
}

/** What a JSON string says; undefined for any other value. */
function textOf(value: string): string | undefined {
  return value.startsWith('"') ? (JSON.parse(value) as string) : undefined; // what starts with a quote is a string
}
