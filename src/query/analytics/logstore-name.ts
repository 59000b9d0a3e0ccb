/** Which logstore a statement is about that stands for itself, without a search and a logstore before it. */
import type { Body, From, Query } from './ast.js';
import { parseAnalytics } from './parse.js';

/** The first table behind FROM that is none of WITH; null if there is none. Throws AnalyticsError. */
export function findLogstoreName(text: string): string | null {
  return nameInQuery(parseAnalytics(text, 0), new Set());
}

/** `known` are the tables of WITH, in small letters. */
function nameInQuery(query: Query, known: ReadonlySet<string>): string | null {
  const inside = new Set(known);
  for (const { name, query: table } of query.with) {
    const found = nameInQuery(table, inside);
    if (found !== null) return found;
    inside.add(name.toLowerCase());
  }
  return nameInBody(query.body, inside);
}

function nameInBody(body: Body, known: ReadonlySet<string>): string | null {
  switch (body.kind) {
    case 'select':
      return body.from === null ? null : nameInFrom(body.from, known);
    case 'union':
      return nameInBody(body.left, known) ?? nameInBody(body.right, known);
    case 'query':
      return nameInQuery(body.query, known);
  }
}

function nameInFrom(from: From, known: ReadonlySet<string>): string | null {
  switch (from.kind) {
    case 'table':
      return known.has(from.name.toLowerCase()) ? null : from.name;
    case 'subquery':
      return nameInQuery(from.query, known);
    case 'unnest':
      return null;
    case 'join':
      return nameInFrom(from.left, known) ?? nameInFrom(from.right, known);
  }
}
