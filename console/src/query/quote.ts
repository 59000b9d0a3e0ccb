/** Names and values of logs as the search language writes them. Whatever a stranger put into a log, it stays a text. */

/** Characters that make a bare word something else: docs/query-language.md, "Quotes". */
const BARE_NAME = /^[\p{L}\p{N}_.-]+$/u;

/** Words that mean something by themselves. */
const RESERVED = new Set(['and', 'or', 'not', 'in']);

export function quote(text: string): string {
  return `"${text.replace(/[\\"]/g, '\\$&')}"`;
}

/** `status`, `"my field"`, `__tag__:app` */
export function printName(name: string): string {
  const tag = name.startsWith(TAG) ? name.slice(TAG.length) : null;
  if (tag !== null && tag !== '') return `${TAG}${printPart(tag)}`;
  return printPart(name);
}

const TAG = '__tag__:';

function printPart(name: string): string {
  return BARE_NAME.test(name) && !RESERVED.has(name.toLowerCase()) ? name : quote(name);
}
