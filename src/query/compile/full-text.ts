/** What a word without a field is searched in. */
import type { IndexConfig } from '../../model/index-config.js';
import type { LogTable } from '../../store/log-table.js';
import type { Bind } from '../../store/parameters.js';
import { DEFAULT_RULES, rulesOf, type WordRules } from './word-rules.js';

/** Keys and values of a log, its topic, source and tags included. */
export interface FullText {
  readonly kind: 'fullText';
  readonly rules: WordRules;
  /** A String: all of them, with line ends between. */
  readonly joined: string;
  /** An Array(String): one by one. */
  readonly each: string;
}

/** Names as logs are shown: `__topic__`, `__source__`, `__tag__:name` and fields by their own. */
interface KeyChoice {
  readonly kind: 'only' | 'except';
  readonly keys: readonly string[];
}

const TAG = '__tag__:';

/** An index without a full-text part has the texts of its fields searched, by the default rules. */
export function fullText(table: LogTable, index: IndexConfig | null, bind: Bind): FullText {
  const rules = index?.line === undefined ? DEFAULT_RULES : rulesOf(index.line);
  const choice = keyChoice(index);
  if (choice === null) {
    const { fieldNames, fieldValues, everything } = table;
    const each = `arrayConcat([topic, source], mapKeys(tags), mapValues(tags), ${fieldNames}, ${fieldValues})`;
    return { kind: 'fullText', rules, joined: everything, each };
  }
  const each = chosenTexts(table, choice, bind);
  return { kind: 'fullText', rules, joined: `arrayStringConcat(${each}, '\\n')`, each };
}

function keyChoice(index: IndexConfig | null): KeyChoice | null {
  if (index === null) return null;
  if (index.line === undefined) return { kind: 'only', keys: Object.keys(index.keys ?? {}) };
  const { include_keys: only = [], exclude_keys: except = [] } = index.line;
  if (only.length > 0) return { kind: 'only', keys: only };
  return except.length > 0 ? { kind: 'except', keys: except } : null;
}

function chosenTexts(table: LogTable, { kind, keys }: KeyChoice, bind: Bind): string {
  const hasAll = kind === 'except';
  const labels = ['topic', 'source'].filter((label) => keys.includes(`__${label}__`) !== hasAll);
  const tags = keys.filter((key) => key.startsWith(TAG)).map((key) => key.slice(TAG.length));
  const fields = keys.filter((key) => !key.startsWith(TAG));

  const filtered = (names: string, values: string, chosen: readonly string[]): string[] => {
    if (chosen.length === 0) return hasAll ? [names, values] : [];
    const list = chosen.map((name) => bind(name)).join(', ');
    const isChosen = `name ${hasAll ? 'NOT IN' : 'IN'} (${list})`;
    return [
      `arrayFilter(name -> ${isChosen}, ${names})`,
      `arrayFilter((value, name) -> ${isChosen}, ${values}, ${names})`,
    ];
  };
  const parts = [
    ...(labels.length === 0 ? ['emptyArrayString()'] : [`[${labels.join(', ')}]`]),
    ...filtered('mapKeys(tags)', 'mapValues(tags)', tags),
    ...filtered(table.fieldNames, table.fieldValues, fields),
  ];
  return `arrayConcat(${parts.join(', ')})`;
}
