/**
 * Words: what a text is cut into for searching. An index says by which rules; without one they are those that SLS takes by
 * default. `.`, `-` and `_` are not among the default delimiters, so `10.0.0.7` and `error_code` are one word each.
 */
import type { Piece } from '../search/ast.js';

export interface WordRules {
  /** Each of its characters ends a word. A line end always does. */
  readonly delimiters: string;
  readonly caseSensitive: boolean;
  /** Every Han character is a word; otherwise a run of them is part of one, as any letters are. */
  readonly chn: boolean;
}

export const DEFAULT_DELIMITERS = `,'";=()[]{}?@&<>/: \n\t\r`;

export const DEFAULT_RULES: WordRules = { delimiters: DEFAULT_DELIMITERS, caseSensitive: false, chn: false };

/** Han characters, for the inside of a character class: as they stand, they mean the same to us and to the store. */
export const HAN = '\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u{20000}-\u{3ffff}';

const IS_HAN = new RegExp(`^[${HAN}]`, 'u');

/** The rules of an index; whatever it does not say is as `others` have it. */
export function rulesOf(
  index: {
    readonly token?: readonly string[] | undefined;
    readonly caseSensitive?: boolean | undefined;
    readonly chn?: boolean | undefined;
  },
  others: WordRules = DEFAULT_RULES,
): WordRules {
  const { token, caseSensitive = others.caseSensitive, chn = others.chn } = index;
  const delimiters = token === undefined ? others.delimiters : [...new Set([...token.join(''), '\n'])].join('');
  return { delimiters, caseSensitive, chn };
}

/** A word, or a run of Han characters that are a word each; with wildcards, its pieces. */
export type Unit = readonly [Piece, ...Piece[]];

/**
 * What of a text with wildcards has to be found, in order. A star that has no text beside it, as in `/api/*`, says nothing
 * and is left out. No wildcard stands for a Han character that is a word.
 */
export function splitUnits(pieces: readonly Piece[], rules: WordRules): Unit[] {
  const units: Piece[][] = [[]];
  for (const piece of pieces) {
    if (piece.kind === 'text') splitText(piece.text, rules, units);
    else {
      if (startsHan(units.at(-1), rules)) units.push([]);
      units.at(-1)?.push(piece);
    }
  }
  return units.filter(isUnit);
}

/** The words of a text one by one, those in a run of Han characters too. */
export function splitWords(text: string, rules: WordRules): Unit[] {
  return splitUnits([{ kind: 'text', text }], rules).flatMap((unit): Unit[] => {
    const [first] = unit;
    if (first.kind !== 'text' || !startsHan(unit, rules)) return [unit];
    return [...first.text].map((char): Unit => [{ kind: 'text', text: char }]);
  });
}

/** Adds the words of `text` to `units`, of which the last one is still open. */
function splitText(text: string, rules: WordRules, units: Piece[][]): void {
  for (const char of text) {
    const open = units.at(-1) ?? [];
    if (rules.delimiters.includes(char)) {
      units.push([]);
    } else if (open.length > 0 && rules.chn && IS_HAN.test(char) !== startsHan(open, rules)) {
      units.push([{ kind: 'text', text: char }]);
    } else {
      const last = open.at(-1);
      if (last?.kind === 'text') open[open.length - 1] = { kind: 'text', text: last.text + char };
      else open.push({ kind: 'text', text: char });
    }
  }
}

function isUnit(pieces: Piece[]): pieces is [Piece, ...Piece[]] {
  return pieces.some(({ kind }) => kind !== 'any');
}

export function startsHan(pieces: readonly Piece[] | undefined, rules: WordRules): boolean {
  const first = pieces?.[0];
  return rules.chn && first?.kind === 'text' && IS_HAN.test(first.text);
}
