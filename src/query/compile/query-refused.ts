/** A search that is well formed and cannot be asked of this logstore, because of its index or of what it would cost. */
export class QueryRefused extends Error {
  override readonly name = 'QueryRefused';
}

/** So many characters of a name are said again; no log has a field with a longer one. */
const NAME_LENGTH_MAX = 128;

/** The text is that of SLS. */
export function fieldNotIndexed(name: string): QueryRefused {
  const shown = name.length > NAME_LENGTH_MAX ? `${name.slice(0, NAME_LENGTH_MAX)}…` : name;
  return new QueryRefused(
    `key (${shown}) is not config as key value config,if symbol : is in your log,please wrap : with quotation mark "`,
  );
}
