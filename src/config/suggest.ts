/** The known word a mistyped one was probably meant to be. */

/** ` Did you mean "x"?`, or nothing if no known word is near. */
export function didYouMean(given: string, known: readonly string[]): string {
  const near = nearest(given, known);
  return near === undefined ? '' : ` Did you mean ${near}?`;
}

/** A word is near if at most a third of it was mistyped, or if the given one is a part of it. */
function nearest(given: string, known: readonly string[]): string | undefined {
  const scored = known
    .map((word) => ({ word, distance: editDistance(fold(given), fold(word)) }))
    .sort((a, b) => a.distance - b.distance);
  const close = scored.find(({ word, distance }) => distance <= Math.max(2, word.length / 3));
  const bare = fold(given);
  return (close ?? (bare.length >= 4 ? scored.find(({ word }) => fold(word).includes(bare)) : undefined))?.word;
}

/** Case, dashes and underscores aside: `LISTEN_ADDR`, `--listen-addr` and `listenAddr` are spelled alike. */
function fold(word: string): string {
  return word.replaceAll(/[-_]/g, '').toLowerCase();
}

/** Levenshtein: insertions, deletions and replacements of one character. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
