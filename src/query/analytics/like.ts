/** Patterns of LIKE. */

/**
 * A pattern as the engine reads it, which knows no other escape than a backslash; null where something else follows the escape
 * character `mark` than what it can escape. Without one, `mark` is empty.
 */
export function enginePattern(pattern: string, mark: string): string | null {
  let engine = '';
  const characters = pattern[Symbol.iterator]();
  for (const character of characters) {
    if (character !== mark) {
      engine += character === '\\' ? '\\\\' : character;
      continue;
    }
    const { value: escaped } = characters.next();
    if (escaped !== '%' && escaped !== '_' && escaped !== mark) return null;
    engine += escaped === '\\' || escaped === '%' || escaped === '_' ? `\\${escaped}` : escaped;
  }
  return engine;
}
