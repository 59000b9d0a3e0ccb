/** Why a query failed, in SLS's words. */
import { ApiError } from '../../errors.js';
import { QuerySyntaxError } from '../search/syntax-error.js';
import { explainTrouble } from '../trouble.js';

/** What `ask` resolves to; what it throws is thrown as an ApiError, if the caller can do something about it. */
export async function explained<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (thrown) {
    if (!(thrown instanceof QuerySyntaxError)) throw explainTrouble(thrown);
    const { line, column, problem } = thrown;
    const reason = `ErrorType:SyntaxError.ErrorPosition,line:${line},column:${column}.ErrorMessage:line ${line}:${column}: ${problem}`;
    throw new ApiError('ParameterInvalid', { reason }, { cause: thrown });
  }
}
