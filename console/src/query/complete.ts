/** What may come next in a query: names of fields, their values, functions and words of SQL. */
import type { Completion, CompletionContext, CompletionResult, CompletionSource } from '@codemirror/autocomplete';
import { splitQuery } from './edit-query.js';
import { printName, quote } from './quote.js';
import { SQL_FUNCTIONS, SQL_WORDS } from './sql-words.js';

export interface Vocabulary {
  fieldNames(): readonly string[];
  /** Frequent values of a field, the most frequent first. */
  values(field: string, signal: AbortSignal): Promise<readonly string[]>;
}

/** Longer ones are not what one wants to complete to. */
const VALUE_LENGTH_MAX = 200;

export function completeQuery(vocabulary: Vocabulary): CompletionSource {
  return async (context) => {
    const before = context.state.sliceDoc(0, context.pos);
    if (splitQuery(before).rest !== '') return completeSql(context, vocabulary);
    return (await completeValue(context, vocabulary)) ?? completeField(context, vocabulary);
  };
}

async function completeValue(context: CompletionContext, vocabulary: Vocabulary): Promise<CompletionResult | null> {
  const found = context.matchBefore(/(?:"(?:[^"\\]|\\.)*"|[\p{L}\p{N}_.:-]+):\s*"?[^\s":()]*$/u);
  if (found === null) return null;
  const [, name = '', typed = ''] = /^("(?:[^"\\]|\\.)*"|.*?[^:]):\s*("?[^\s":()]*)$/su.exec(found.text) ?? [];
  if (name === '') return null;
  const aborted = new AbortController();
  context.addEventListener('abort', () => aborted.abort());
  const values = await vocabulary.values(unquote(name), aborted.signal);
  return {
    from: context.pos - typed.length,
    options: values
      .filter((value) => value !== '' && value.length <= VALUE_LENGTH_MAX)
      .map((value, index) => ({ label: value, apply: quote(value), type: 'text', boost: -index })),
    // With quotes on both sides, what was typed is not the beginning of a label.
    filter: !typed.startsWith('"'),
  };
}

function completeField(context: CompletionContext, vocabulary: Vocabulary): CompletionResult | null {
  const word = context.matchBefore(/[\p{L}\p{N}_.:-]+$/u);
  if (word === null && !context.explicit) return null;
  const names = vocabulary.fieldNames().map((name): Completion => {
    const printed = printName(name);
    return { label: name, apply: `${printed}:`, type: 'property' };
  });
  const words = ['and', 'or', 'not'].map((label): Completion => ({ label, type: 'keyword', boost: -1 }));
  return { from: word?.from ?? context.pos, options: [...names, ...words], validFor: /^[\p{L}\p{N}_.:-]*$/u };
}

function completeSql(context: CompletionContext, vocabulary: Vocabulary): CompletionResult | null {
  const word = context.matchBefore(/"?[\p{L}\p{N}_]*$/u);
  if (word === null || (word.text === '' && !context.explicit)) return null;
  const names = vocabulary.fieldNames().map((name): Completion => {
    const isPlain = /^[\p{L}_][\p{L}\p{N}_]*$/u.test(name);
    return { label: name, apply: isPlain ? name : `"${name.replaceAll('"', '""')}"`, type: 'property' };
  });
  const functions = SQL_FUNCTIONS.map(
    ([name, takes]): Completion => ({ label: name, detail: takes, apply: `${name}(`, type: 'function', boost: -1 }),
  );
  const words = SQL_WORDS.map((label): Completion => ({ label, type: 'keyword', boost: -2 }));
  return { from: word.from, options: [...names, ...functions, ...words], validFor: /^"?[\p{L}\p{N}_]*$/u };
}

function unquote(name: string): string {
  return name.startsWith('"') ? name.slice(1, -1).replace(/\\(.)/gs, '$1') : name;
}
