/**
 * Variables of a query: a `$name` outside of quotes stands for a value that is given beside it. Whatever the value is, it stays
 * one: in the search a word or a phrase, behind the `|` a text of SQL. In the search an empty one stands for any value.
 *
 *   event:$event | SELECT count(*) WHERE path = $path   with event=buy, path=it's
 *   event:buy | SELECT count(*) WHERE path = 'it''s'
 */
import { printValue } from './condition.js';
import { splitQuery } from './edit-query.js';

export type Variables = Readonly<Record<string, string>>;

/** Texts in quotes, comments of SQL, or a variable. */
const SEARCH_PARTS = /"(?:[^"\\]|\\[\s\S])*"?|\\[\s\S]|\$([A-Za-z_]\w{0,63})/g;
const SQL_PARTS = /'(?:[^']|'')*'?|"(?:[^"]|"")*"?|--.*|\/\*[\s\S]*?\*\/|\$([A-Za-z_]\w{0,63})/g;

/** More of them are no form any more. */
export const VARIABLES_MAX = 20;

/** In the order in which the query has them. */
export function variablesOf(query: string): string[] {
  const { search, rest } = splitQuery(query);
  const found = [...search.matchAll(SEARCH_PARTS), ...rest.matchAll(SQL_PARTS)];
  return [...new Set(found.flatMap(([, name]) => name ?? []))].slice(0, VARIABLES_MAX);
}

/** The query as the service gets it. One without a value is empty. */
export function fillIn(query: string, values: Variables): string {
  const names = new Set(variablesOf(query));
  const put = (text: string, parts: RegExp, print: (value: string) => string) =>
    text.replace(parts, (whole: string, name: string | undefined) =>
      name !== undefined && names.has(name) ? print(variableValue(values, name)) : whole,
    );
  const { search, rest } = splitQuery(query);
  return (
    put(search, SEARCH_PARTS, (value) => (value === '' ? '*' : printValue(value))) + put(rest, SQL_PARTS, printText)
  );
}

/** `$toString` has no value unless it is given one. */
export function variableValue(values: Variables, name: string): string {
  return Object.hasOwn(values, name) ? (values[name] ?? '') : '';
}

function printText(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}
