/** What a scope means under an index: the SQL of what is searched, and by which rules. */
import type { IndexConfig, KeyIndex } from '../../model/index-config.js';
import type { FieldSql, StoredField } from '../../store/log-table.js';
import type { Scope } from '../search/ast.js';
import { keyOf } from '../search/list-terms.js';
import type { CompileContext } from './compile.js';
import { type FullText, fullText } from './full-text.js';
import { jsonLeaf, type PathSplit, splitPath } from './json-path.js';
import { DEFAULT_RULES, rulesOf, type WordRules } from './word-rules.js';

export type Target = FullText | Value;

/** A value of its own. A log that lacks it has an empty one. */
export type Value = TextValue | LabelValue | NumberValue;

export interface TextValue extends FieldSql, Pick<StoredField, 'mayHave'> {
  readonly kind: 'text';
  readonly rules: WordRules;
  /** Whether a comparison takes it for a number. */
  readonly isComparable: boolean;
}

/** Topic, source or a tag, which are searched as a whole. */
export interface LabelValue extends FieldSql {
  readonly kind: 'label';
  readonly isComparable: boolean;
}

/** A field that is indexed as numbers. */
export interface NumberValue extends FieldSql {
  readonly kind: 'number';
  readonly type: 'long' | 'double';
}

/** Null for a field that the index leaves out. */
export function resolveScope(scope: Scope, context: CompileContext): Target | null {
  const { table, index, bind } = context;
  // Without an index everything can be searched, and compared.
  const isComparable = index === null;
  switch (scope.kind) {
    case 'anywhere':
      return fullText(table, index, bind);
    case 'topic':
    case 'source':
      return { value: scope.kind, isPresent: 'true', ...labelKind(index, scope, isComparable) };
    case 'tag': {
      const name = bind(scope.name);
      const tag = { value: `tags[${name}]`, isPresent: `mapContainsKey(tags, ${name})` };
      return { ...tag, ...labelKind(index, scope, isComparable) };
    }
    case 'field':
      return resolveField(scope.name, context);
  }
}

function labelKind(index: IndexConfig | null, scope: Scope, isComparable: boolean) {
  const type = ownEntry(index?.keys, keyOf(scope))?.type;
  return type === 'long' || type === 'double'
    ? ({ kind: 'number', type } as const)
    : ({ kind: 'label', isComparable } as const);
}

/** A field of exactly this name wins over a path into another one. */
function resolveField(name: string, { table, index, bind }: CompileContext): Value | null {
  const { keys = {} } = index ?? {};
  if (Object.keys(keys).length === 0) {
    const isComparable = index === null;
    const [path] = splitPath(name);
    const field = table.field(name, bind);
    const value =
      path === undefined ? field : eitherOf(field, jsonLeaf(table.field(path.field, bind), path.keys, bind));
    return { kind: 'text', ...value, rules: DEFAULT_RULES, isComparable };
  }

  const key = ownEntry(keys, name);
  if (key !== undefined) return { ...table.field(name, bind), ...valueKind(key, DEFAULT_RULES) };

  // The field with the longest name: its path is the shortest.
  for (const path of splitPath(name).reverse()) {
    const json = ownEntry(keys, path.field);
    if (json?.type !== 'json') continue;
    const leaf = leafKind(json, path);
    if (leaf !== null) return { ...jsonLeaf(table.field(path.field, bind), path.keys, bind), ...leaf };
  }
  return null;
}

function valueKind(key: KeyIndex, others: WordRules) {
  if (key.type === 'long' || key.type === 'double') return { kind: 'number', type: key.type } as const;
  return {
    kind: 'text',
    rules: rulesOf(key.type === 'json' ? jsonRules(key) : key, others),
    isComparable: false,
  } as const;
}

/** Null for a leaf that the index of the field does not have. Of a leaf that it has untyped, numbers are compared. */
function leafKind(json: KeyIndex, { keys }: PathSplit) {
  const leaf = ownEntry(json.json_keys, keys.join('.'));
  const rules = rulesOf(jsonRules(json));
  if (leaf !== undefined) return valueKind(leaf, rules);
  return json['index_all'] === false ? null : ({ kind: 'text', rules, isComparable: true } as const);
}

/** Clients give a JSON field an empty list of delimiters, although no JSON is a single word. */
function jsonRules({ token, ...others }: KeyIndex) {
  return token === undefined || token.length === 0 ? others : { ...others, token };
}

function eitherOf(first: FieldSql, second: FieldSql): FieldSql {
  return {
    value: `if(${first.isPresent}, ${first.value}, ${second.value})`,
    isPresent: `(${first.isPresent} OR ${second.isPresent})`,
  };
}

/** Names are the user's: `constructor` is no entry. */
function ownEntry(keys: Readonly<Record<string, KeyIndex>> | undefined, name: string): KeyIndex | undefined {
  return keys !== undefined && Object.hasOwn(keys, name) ? keys[name] : undefined;
}
