/**
 * Formats of dates as MySQL has them: `%Y-%m-%d %H:%i:%s`. The engine's own are nearly the same; where they differ, the part
 * is written by another of its functions.
 */

/** The same in the engine, or spelled otherwise there. */
const ENGINE: Readonly<Record<string, string>> = {
  a: '%a',
  b: '%b',
  c: '%c',
  d: '%d',
  e: '%e',
  H: '%H',
  h: '%I',
  I: '%I',
  i: '%i',
  j: '%j',
  k: '%k',
  l: '%l',
  M: '%M',
  m: '%m',
  p: '%p',
  r: '%r',
  S: '%S',
  s: '%S',
  T: '%T',
  v: '%V',
  W: '%W',
  w: '%w',
  x: '%G',
  Y: '%Y',
  y: '%y',
  '%': '%%',
};

/** A format that the engine reads; null if there is a part that it cannot read. */
export function engineFormat(format: string): string | null {
  let engine = '';
  for (const [part] of format.matchAll(PART)) {
    const spelled = part.startsWith('%') ? ENGINE[part.slice(1)] : part;
    if (spelled === undefined) return null;
    engine += spelled;
  }
  return engine;
}

/** SQL that prints the time `sql`; null if the format has a part that means nothing. `bind` takes what goes in as a value. */
export function formatSql(sql: string, format: string, bind: (text: string) => string): string | null {
  const pieces: string[] = [];
  let engine = '';
  const flush = () => {
    if (engine !== '') pieces.push(`formatDateTime(${sql}, ${bind(engine)})`);
    engine = '';
  };
  for (const [part] of format.matchAll(PART)) {
    const letter = part.startsWith('%') ? part.slice(1) : null;
    const own = letter === null ? part : ENGINE[letter];
    if (own !== undefined) {
      engine += own;
      continue;
    }
    const special = letter === null ? undefined : SPECIAL[letter];
    if (special === undefined) return null;
    flush();
    pieces.push(special(sql));
  }
  flush();
  if (pieces.length === 0) return bind('');
  return pieces.length === 1 ? (pieces[0] ?? null) : `concat(${pieces.join(', ')})`;
}

const PART = /%[\s\S]?|[^%]+/gu;

const SPECIAL: Readonly<Record<string, (sql: string) => string>> = {
  /** Microseconds. */
  f: (sql) => `leftPad(toString(toMillisecond(${sql}) * 1000), 6, '0')`,
  /** The day with its English ending. */
  D: (sql) => {
    const day = `toDayOfMonth(${sql})`;
    const ending = `multiIf(${day} IN (1, 21, 31), 'st', ${day} IN (2, 22), 'nd', ${day} IN (3, 23), 'rd', 'th')`;
    return `concat(toString(${day}), ${ending})`;
  },
};
