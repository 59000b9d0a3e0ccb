/** Numbers of comparisons: decimal, with a sign, a fraction and an exponent if need be. */

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

/** Infinity and what rounds to it are none. */
export function isNumber(text: string): boolean {
  return NUMBER.test(text) && Number.isFinite(Number(text));
}
