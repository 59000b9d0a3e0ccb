/** ClickHouse's errors: a number, and a text that begins with it. */

export class EngineException extends Error {
  override readonly name = 'EngineException';

  /** `message` is ClickHouse's text from behind `DB::Exception: `, ending with the code's name in parentheses. */
  constructor(code: number, message: string) {
    super(`Code: ${code}. DB::Exception: ${message}`);
  }
}

/** UNKNOWN_EXCEPTION in ClickHouse. */
const UNKNOWN_CODE = 1002;

/** The number and the text of whatever running a statement threw. chDB keeps a failed stream's number in the text alone. */
export function describeException(error: unknown): { readonly code: number; readonly message: string } {
  const message = error instanceof Error ? error.message : String(error);
  const code = /^Code: (\d+)\. /.exec(message)?.[1];
  if (code !== undefined) return { code: Number(code), message };
  return { code: UNKNOWN_CODE, message: `Code: ${UNKNOWN_CODE}. DB::Exception: ${message} (UNKNOWN_EXCEPTION)` };
}
