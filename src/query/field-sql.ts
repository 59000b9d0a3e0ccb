/** What a log says under a name, labels included, as the wire has them: `__topic__`, `__source__`, `__tag__:name`, or a field. */
import type { FieldSql, LogTable } from '../store/log-table.js';
import type { Bind } from '../store/parameters.js';

const TAG = '__tag__:';

export function namedValue(name: string, table: LogTable, bind: Bind): FieldSql {
  if (name === '__topic__') return label('topic');
  if (name === '__source__') return label('source');
  if (!name.startsWith(TAG)) return table.field(name, bind);
  const tag = bind(name.slice(TAG.length));
  return { value: `tags[${tag}]`, isPresent: `mapContainsKey(tags, ${tag})` };
}

/** Every log has them; one that is empty says nothing. */
function label(column: string): FieldSql {
  return { value: `toString(${column})`, isPresent: `${column} != ''` };
}
