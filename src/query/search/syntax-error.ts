/** What is wrong with a search, and where: the first place at which no valid search could go on. */
export class QuerySyntaxError extends Error {
  override readonly name = 'QuerySyntaxError';
  /** Both count from 1; a column is a character, not a byte or a UTF-16 unit. */
  readonly line: number;
  readonly column: number;
  /** An index into the text, from 0. */
  readonly offset: number;
  /** What was expected and what is there instead. */
  readonly problem: string;

  constructor(text: string, offset: number, problem: string) {
    const before = text.slice(0, offset).split('\n');
    const line = before.length;
    const column = [...(before.at(-1) ?? '')].length + 1;
    super(`Query, line ${line}, column ${column}: ${problem}`);
    this.line = line;
    this.column = column;
    this.offset = offset;
    this.problem = problem;
  }
}
