/** The terms of a search, for answers that tell what was searched for and pages that highlight it. */
import type { Query, Scope } from './ast.js';
import { printTest } from './print.js';

export interface ListedTerm {
  /** What is looked for: a text as it was meant, or wildcards and ranges as they are written. */
  readonly term: string;
  /** The field's name as logs are shown, empty for a term without a field. */
  readonly key: string;
}

/** In the order of the search. Terms under a `not` are left out, and so is the mere presence of a field. */
export function listTerms(query: Query): ListedTerm[] {
  switch (query.kind) {
    case 'all':
    case 'not':
      return [];
    case 'and':
    case 'or':
      return query.operands.flatMap(listTerms);
    case 'term': {
      const { scope, test } = query;
      if (test.kind === 'present' || test.kind === 'empty') return [];
      const term = test.kind === 'words' || test.kind === 'phrase' ? test.text : printTest(test);
      return [{ term, key: keyOf(scope) }];
    }
  }
}

/** The name that logs are shown with, which is also an index's; empty for a scope that is no field. */
export function keyOf(scope: Scope): string {
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
