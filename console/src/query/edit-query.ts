/** Narrowing a query by a condition. A query is `search` or `search | SELECT …`; only the search changes. */

/** Divides at the first `|` outside of double quotes, as the service does. */
export function splitQuery(query: string): {
  readonly search: string /** With its `|`, or empty. */;
  readonly rest: string;
} {
  let isQuoted = false;
  for (let at = 0; at < query.length; at += 1) {
    const char = query.charAt(at);
    if (char === '\\') at += 1;
    else if (char === '"') isQuoted = !isQuoted;
    else if (char === '|' && !isQuoted) return { search: query.slice(0, at), rest: query.slice(at) };
  }
  return { search: query, rest: '' };
}

export function include(query: string, condition: string): string {
  return join(query, condition);
}

export function exclude(query: string, condition: string): string {
  return join(query, `not ${condition}`);
}

function join(query: string, condition: string): string {
  const { search, rest } = splitQuery(query);
  const old = search.trim();
  const joined = isEverything(old) ? condition : has(old, condition) ? old : `${enclose(old)} and ${condition}`;
  return rest === '' ? joined : `${joined} ${rest}`;
}

function isEverything(search: string): boolean {
  return search === '' || search === '*';
}

/** It was joined before. */
function has(search: string, condition: string): boolean {
  return search === condition || search.endsWith(` and ${condition}`);
}

/** `or` binds less than `and`. One in quotes is enclosed without need, which harms nobody. */
function enclose(search: string): string {
  return /\bor\b/i.test(search) ? `(${search})` : search;
}
