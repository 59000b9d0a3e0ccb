/**
 * What is wrong with the analytic half of a query. The texts are those of SLS's own service, which clients look into; lines
 * and columns count from 1, over the whole query as the user wrote it.
 */
export class AnalyticsError extends Error {
  override readonly name = 'AnalyticsError';
  readonly line: number;
  /** A character, not a byte or a UTF-16 unit. */
  readonly column: number;
  /** Into the query's text. */
  readonly offset: number;

  constructor(message: string, place: Place) {
    super(message);
    this.line = place.line;
    this.column = place.column;
    this.offset = place.offset;
  }
}

interface Place {
  readonly line: number;
  readonly column: number;
  readonly offset: number;
}

/** `offset` is an index into `text`; `problem` says what was expected and what is there instead. */
export function syntaxError(text: string, offset: number, problem: string): AnalyticsError {
  const place = placeOf(text, offset);
  const { line, column } = place;
  return new AnalyticsError(
    `ErrorType:SyntaxError.ErrorPosition,line:${line},column:${column}.ErrorMessage:line ${line}:${column}: ${problem}`,
    place,
  );
}

/** A column that is not there, or not there any more behind GROUP BY. */
export function columnError(text: string, offset: number, problem: string): AnalyticsError {
  const place = placeOf(text, offset);
  return new AnalyticsError(
    `ErrorType:ColumnNotExists.ErrorPosition,line:0,column:1.ErrorMessage:line ${place.line}:${place.column}: ${problem};please add the column in the index attribute`,
    place,
  );
}

function placeOf(text: string, offset: number): Place {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: [...(before.at(-1) ?? '')].length + 1, offset };
}
