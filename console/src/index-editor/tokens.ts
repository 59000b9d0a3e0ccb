/** Delimiters as one line of text: each character is one, and those that cannot be seen are written as in JSON, `\n`. */

const NAMED: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '\\': '\\\\' };

export function printTokens(tokens: readonly string[]): string {
  return [...tokens.join('')].map((character) => NAMED[character] ?? character).join('');
}

export function readTokens(text: string): string[] {
  const tokens = text.match(/\\[nrt\\]|[\s\S]/gu) ?? [];
  const names = Object.entries(NAMED);
  return [...new Set(tokens.map((token) => names.find(([, name]) => name === token)?.[0] ?? token))];
}
