/**
 * What is wrong with the analytic half of a query. The texts are those of SLS's own service, which clients look into; lines
 * and columns count from 1, over the whole query as the user wrote it.
 */
export class AnalyticsError extends Error {
  override readonly name = 'AnalyticsError';
}

/** `offset` is an index into `text`; `problem` says what was expected and what is there instead. */
export function syntaxError(text: string, offset: number, problem: string): AnalyticsError {
  const { line, column } = placeOf(text, offset);
  return new AnalyticsError(
    `ErrorType:SyntaxError.ErrorPosition,line:${line},column:${column}.ErrorMessage:line ${line}:${column}: ${problem}`,
  );
}

/** A column that is not there, or not there any more behind GROUP BY. */
export function columnError(text: string, offset: number, problem: string): AnalyticsError {
  const { line, column } = placeOf(text, offset);
  return new AnalyticsError(
    `ErrorType:ColumnNotExists.ErrorPosition,line:0,column:1.ErrorMessage:line ${line}:${column}: ${problem};please add the column in the index attribute`,
  );
}

/** A column is a character, not a byte or a UTF-16 unit. */
function placeOf(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: [...(before.at(-1) ?? '')].length + 1 };
}
