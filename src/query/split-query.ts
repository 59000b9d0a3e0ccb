/** `search | analytics`: the first `|` outside of double quotes divides them. */

export interface SplitQuery {
  readonly search: string;
  /** Null where there is no `|`. `at` is where it begins in the whole, for places in error messages. */
  readonly analytics: { readonly text: string; readonly at: number } | null;
}

/** A backslash hides what follows it, inside of quotes and outside, as in a search. */
export function splitQuery(text: string): SplitQuery {
  let isQuoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charAt(at);
    if (char === '\\') at += 1;
    else if (char === '"') isQuoted = !isQuoted;
    else if (char === '|' && !isQuoted) {
      return { search: text.slice(0, at), analytics: { text: text.slice(at + 1), at: at + 1 } };
    }
  }
  return { search: text, analytics: null };
}
