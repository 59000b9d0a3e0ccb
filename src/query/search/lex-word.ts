/** Words with and without wildcards, quoted texts, phrases and keywords. */
import type { Piece } from './ast.js';
import { QuerySyntaxError } from './syntax-error.js';
import type { Lexed } from './token.js';

/** Ends a bare word. */
const RESERVED = /[\s"():|<>=[\]]/;

/** `"…"` and the `*` that may follow it directly, or `#"…"`; null where there is neither. */
export function lexQuoted(text: string, at: number): Lexed | null {
  const isPhrase = text.startsWith('#"', at);
  if (!isPhrase && text.charAt(at) !== '"') return null;
  let meant = '';
  let next = at + (isPhrase ? 2 : 1);
  while (text.charAt(next) !== '"') {
    if (next >= text.length) throw new QuerySyntaxError(text, at, 'this double quote is never closed');
    if (isEscape(text, next)) next += 1;
    meant += text.charAt(next);
    next += 1;
  }
  next += 1;
  if (text.charAt(next) !== '*') {
    const form = isPhrase ? 'phrase' : 'quoted';
    return { token: { kind: 'word', at, text: meant, form, pieces: null }, next };
  }
  if (isPhrase) throw new QuerySyntaxError(text, next, 'a phrase cannot have a wildcard');
  const pieces = joinPieces([{ kind: 'text', text: meant }, { kind: 'any' }]);
  return { token: { kind: 'word', at, text: meant, form: 'quoted', pieces }, next: next + 1 };
}

/** Everything up to a blank or a reserved character. */
export function lexBare(text: string, at: number): Lexed {
  const single: Piece[] = [];
  let next = at;
  while (next < text.length && !RESERVED.test(text.charAt(next))) {
    const char = text.charAt(next);
    if (char === '*') single.push({ kind: 'any' });
    else if (char === '?') single.push({ kind: 'one' });
    else {
      if (isEscape(text, next)) next += 1;
      single.push({ kind: 'text', text: text.charAt(next) });
    }
    next += 1;
  }

  const source = text.slice(at, next);
  const keyword = source.toLowerCase();
  if (keyword === 'and' || keyword === 'or' || keyword === 'not') return { token: { kind: keyword, at }, next };
  if (source === 'in') return { token: { kind: 'in', at }, next };

  const joined = joinPieces(single);
  const isOpen = joined.some(({ kind }) => kind !== 'text');
  if (isOpen && joined[0]?.kind !== 'text' && !isLoneStar(joined)) {
    const problem = 'a wildcard cannot be the first character; to search for the character itself, use double quotes';
    throw new QuerySyntaxError(text, at, problem);
  }
  const meant = joined.map((piece) => (piece.kind === 'text' ? piece.text : '')).join('');
  return { token: { kind: 'word', at, text: meant, form: 'bare', pieces: isOpen ? joined : null }, next };
}

export function isLoneStar(pieces: readonly Piece[] | null): boolean {
  return pieces?.length === 1 && pieces[0]?.kind === 'any';
}

/** Inside and outside of quotes a backslash makes a quote or a backslash plain; before anything else it is one itself. */
function isEscape(text: string, at: number): boolean {
  const following = text.charAt(at + 1);
  return text.charAt(at) === '\\' && (following === '"' || following === '\\');
}

/** Texts side by side become one, and so do stars; empty texts are dropped. */
function joinPieces(pieces: readonly Piece[]): Piece[] {
  const joined: Piece[] = [];
  for (const piece of pieces) {
    const last = joined.at(-1);
    if (piece.kind === 'text' && last?.kind === 'text') {
      joined[joined.length - 1] = { kind: 'text', text: last.text + piece.text };
    } else if (piece.kind === 'text' ? piece.text !== '' : piece.kind === 'one' || last?.kind !== 'any') {
      joined.push(piece);
    }
  }
  return joined;
}
