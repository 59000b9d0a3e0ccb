/** What a search means, told without SQL: the oracle that the compiler is held against. */
import type { Query, Term } from '../../../src/query/search/ast.js';
import { splitWords } from '../../../src/query/search/words.js';

export interface SampleLog {
  readonly topic: string;
  readonly source: string;
  readonly tags: readonly (readonly [name: string, value: string])[];
  readonly fields: readonly (readonly [name: string, value: string])[];
}

export function matches(query: Query, log: SampleLog): boolean {
  switch (query.kind) {
    case 'all':
      return true;
    case 'and':
      return query.operands.every((operand) => matches(operand, log));
    case 'or':
      return query.operands.some((operand) => matches(operand, log));
    case 'not':
      return !matches(query.operand, log);
    case 'term':
      return matchesTerm(query, log);
  }
}

function matchesTerm({ scope, text, prefix }: Term, log: SampleLog): boolean {
  switch (scope.kind) {
    case 'anywhere':
      return hasWords([log.topic, log.source, ...log.tags.flat(), ...log.fields.flat()], text, prefix);
    case 'topic':
      return isLabel(log.topic, text, prefix);
    case 'source':
      return isLabel(log.source, text, prefix);
    case 'tag':
      return log.tags.some(([name, value]) => name === scope.name && isLabel(value, text, prefix));
    case 'field':
      return log.fields.some(
        ([name, value]) =>
          name === scope.name &&
          (splitWords(text).length > 0 ? hasWords([value], text, prefix) : isLabel(value, text, prefix)),
      );
  }
}

function isLabel(label: string, text: string, prefix: boolean): boolean {
  return prefix ? label.startsWith(text) : label === text;
}

/** Whether all words of `text` are among those of `texts`; with `prefix`, one that its last word begins will do. */
function hasWords(texts: readonly string[], text: string, prefix: boolean): boolean {
  const there = texts.flatMap(splitWords).map((word) => word.toLowerCase());
  const wanted = splitWords(text).map((word) => word.toLowerCase());
  const last = wanted.at(-1);
  const mayGoOn = prefix && last !== undefined && text.toLowerCase().endsWith(last);
  return wanted.every((word, i) =>
    mayGoOn && i === wanted.length - 1 ? there.some((other) => other.startsWith(word)) : there.includes(word),
  );
}
