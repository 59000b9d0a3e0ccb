/** A search that is well formed and cannot be asked of this logstore, because of its index or of what it would cost. */
export class QueryRefused extends Error {
  override readonly name = 'QueryRefused';
}

/** The text is that of SLS. */
export function fieldNotIndexed(name: string): QueryRefused {
  return new QueryRefused(
    `key (${name}) is not config as key value config,if symbol : is in your log,please wrap : with quotation mark "`,
  );
}
