/** The words of a search, as SLS tells clients what to highlight. */
import type { Query, Scope } from '../search/ast.js';

export interface SearchedTerm {
  readonly term: string;
  /** The field that the term is looked for in; empty for anywhere. */
  readonly key: string;
}

/** In the order they were written. What a log must not have is not among them. */
export function listTerms(query: Query): SearchedTerm[] {
  switch (query.kind) {
    case 'all':
    case 'not':
      return [];
    case 'and':
    case 'or':
      return query.operands.flatMap(listTerms);
    case 'term':
      return [{ term: query.prefix ? `${query.text}*` : query.text, key: keyOf(query.scope) }];
  }
}

function keyOf(scope: Scope): string {
  switch (scope.kind) {
    case 'anywhere':
      return '';
    case 'topic':
      return '__topic__';
    case 'source':
      return '__source__';
    case 'tag':
      return `__tag__:${scope.name}`;
    case 'field':
      return scope.name;
  }
}
