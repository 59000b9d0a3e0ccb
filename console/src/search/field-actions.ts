/** What can be done with a field of a log: each changes where one is. */
import type { Place } from '../location/place.js';
import { go } from '../location/use-place.js';
import { hasField, hasValue } from '../query/condition.js';
import { exclude, include } from '../query/edit-query.js';
import { toggleColumn } from '../rows/columns.js';
import type { FieldActions } from './details.js';

export function fieldActions({ query, columns }: Place): FieldActions {
  return {
    columns,
    onInclude: (name, value) => go('visit', { query: include(query, hasValue(name, value)) }),
    onExclude: (name, value) => go('visit', { query: exclude(query, hasValue(name, value)), log: null }),
    onExists: (name) => go('visit', { query: include(query, hasField(name)) }),
    onToggleColumn: (name) => go('adjust', { columns: toggleColumn(columns, name) }),
  };
}
