/** Text from outside, made safe to show on a terminal. */

/**
 * Characters that a terminal acts on instead of showing them: C0 and C1 controls (escape sequences begin with them), line
 * separators, and those that turn the direction of text, by which one name can be shown as another.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: controls are what it is for
const ACTING = /[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]|\p{Surrogate}/gu;

const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** Shows acting characters as JSON would write them: `\n`, `\u001b`. So JSON text stays the same JSON. */
export function escapeForTerminal(text: string): string {
  return text.replace(ACTING, (character) => {
    return SHORT[character] ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}
