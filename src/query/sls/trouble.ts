/** Why a query failed, in SLS's words. */
import { ApiError } from '../../errors.js';
import { AnalyticsError } from '../analytics/analytics-error.js';
import { QuerySyntaxError } from '../search/syntax-error.js';
import { explainTrouble } from '../trouble.js';

/** What `ask` resolves to; what it throws is thrown as an ApiError, if the caller can do something about it. */
export async function explained<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (thrown) {
    // Its text has the place already.
    if (thrown instanceof AnalyticsError) throw refused(thrown.message, thrown);
    if (!(thrown instanceof QuerySyntaxError)) throw explainTrouble(thrown);
    const { line, column, problem } = thrown;
    const place = `line:${line},column:${column}`;
    throw refused(
      `ErrorType:SyntaxError.ErrorPosition,${place}.ErrorMessage:line ${line}:${column}: ${problem}`,
      thrown,
    );
  }
}

function refused(reason: string, cause: unknown): ApiError {
  return new ApiError('ParameterInvalid', { reason }, { cause });
}
