/** Queries that were run, the newest first: kept by the browser. */

const STORED_AS = 'logboom.queries';
const QUERIES_MAX = 100;

export function readHistory(): readonly string[] {
  try {
    const value: unknown = JSON.parse(window.localStorage.getItem(STORED_AS) ?? '[]');
    return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
  } catch {
    return [];
  }
}

export function remember(query: string): void {
  if (query.trim() === '') return;
  const queries = [query, ...readHistory().filter((old) => old !== query)].slice(0, QUERIES_MAX);
  try {
    window.localStorage.setItem(STORED_AS, JSON.stringify(queries));
  } catch {
    // A browser that keeps nothing has no history.
  }
}
