/** How a query is coloured: the search, and behind the first `|` SQL. */
import { HighlightStyle, StreamLanguage, type StringStream, syntaxHighlighting } from '@codemirror/language';
import type { Extension } from '@codemirror/state';
import { tags } from '@lezer/highlight';
import { isSqlWord } from './sql-words.js';

interface State {
  isSql: boolean;
}

export function queryLanguage(): Extension {
  const language = StreamLanguage.define<State>({
    startState: () => ({ isSql: false }),
    copyState: (state) => ({ ...state }),
    token: (stream, state) => (state.isSql ? readSql(stream) : readSearch(stream, state)),
  });
  return [language, syntaxHighlighting(STYLE)];
}

function readSearch(stream: StringStream, state: State): string | null {
  if (stream.eatSpace()) return null;
  if (stream.match(/^"(?:[^"\\]|\\.)*"?/)) return /^\s*:/.test(rest(stream)) ? 'propertyName' : 'string';
  if (stream.match('|')) {
    state.isSql = true;
    return 'separator';
  }
  if (stream.match(/^[()[\]]/)) return 'bracket';
  if (stream.match(/^[:<>=*#,]+/)) return 'operator';
  if (stream.match(/^(and|or|not|in)\b/i)) return 'keyword';
  stream.match(/^[^\s"|()[\]:<>=*#,]+/) ?? stream.next();
  if (/^\s*(:|[<>=])/.test(rest(stream))) return 'propertyName';
  return /^-?[\d.]+$/.test(stream.current()) ? 'number' : 'variableName';
}

function readSql(stream: StringStream): string | null {
  if (stream.eatSpace()) return null;
  if (stream.match(/^--.*/)) return 'comment';
  if (stream.match(/^'(?:[^']|'')*'?/)) return 'string';
  if (stream.match(/^"(?:[^"]|"")*"?/)) return 'propertyName';
  if (stream.match(/^\d+(\.\d+)?/)) return 'number';
  if (stream.match(/^[\p{L}_][\p{L}\p{N}_]*/u)) {
    if (isSqlWord(stream.current())) return 'keyword';
    return /^\s*\(/.test(rest(stream)) ? 'typeName' : 'variableName';
  }
  stream.next();
  return 'operator';
}

function rest(stream: StringStream): string {
  return stream.string.slice(stream.pos);
}

const STYLE = HighlightStyle.define([
  { tag: tags.propertyName, color: 'var(--syntax-name)' },
  { tag: tags.string, color: 'var(--syntax-text)' },
  { tag: [tags.keyword, tags.separator], color: 'var(--syntax-word)', fontWeight: '600' },
  { tag: [tags.number, tags.typeName], color: 'var(--syntax-number)' },
  { tag: [tags.operator, tags.bracket, tags.comment], color: 'var(--text-soft)' },
]);
