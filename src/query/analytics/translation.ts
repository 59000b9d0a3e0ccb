/** What the parts of one translation share: how values and names get into the SQL, and how errors get their place. */
import type { Bind } from '../../store/parameters.js';
import { type AnalyticsError, columnError, syntaxError } from './analytics-error.js';
import type { SqlType } from './types.js';

/** An expression in the store's SQL. It is always one operand: a call, a name or something in brackets. */
export interface Typed {
  readonly sql: string;
  readonly type: SqlType;
  /** Of a literal or an array of literals: what it says. */
  readonly constant?: Constant;
}

export type Constant = bigint | number | string | boolean | null | readonly Constant[];

/** Selects of a statement, those of sub-queries included. A table of WITH is selected wherever it is named. */
const SELECTS_MAX = 40;

/**
 * Expressions of a statement, and characters of SQL that one may become. Where an operand stands in the SQL more than once,
 * nesting would multiply both. The store reads 256 KiB of a statement.
 */
const EXPRESSIONS_MAX = 20_000;
export const SQL_LENGTH_MAX = 200_000;

export class Translation {
  /** A placeholder: the time zone in which days begin and times are printed. */
  readonly zone: string;
  /** A placeholder of its own for every value. */
  readonly bindNew: Bind;
  readonly #text: string;
  readonly #bound = new Map<string, string>();
  #names = 0;
  #selects = 0;
  #expressions = 0;

  /** `text` is the whole query, to find places in. */
  constructor(text: string, bind: Bind, timeZone: string) {
    this.#text = text;
    this.bindNew = bind;
    this.zone = this.bind(timeZone);
  }

  /** The same text has the same placeholder, so that equal expressions are equal SQL. */
  readonly bind = (text: string): string => {
    const placeholder = this.#bound.get(text) ?? this.bindNew(text);
    this.#bound.set(text, placeholder);
    return placeholder;
  };

  /** A name that nothing else in the statement has. */
  name(prefix: string): string {
    this.#names += 1;
    return `${prefix}${this.#names}`;
  }

  countSelect(at: number): void {
    this.#selects += 1;
    if (this.#selects > SELECTS_MAX) {
      throw this.error(
        at,
        `there may be ${SELECTS_MAX} SELECTs, not more; a table of WITH counts wherever it is named`,
      );
    }
  }

  /** One more has been translated, to this SQL. */
  countExpression(sql: string, at: number): void {
    this.#expressions += 1;
    if (this.#expressions > EXPRESSIONS_MAX || sql.length > SQL_LENGTH_MAX) throw this.tooLarge(at);
  }

  tooLarge(at: number): AnalyticsError {
    return this.error(at, 'the SQL is too large: what is nested here multiplies');
  }

  error(at: number, problem: string): AnalyticsError {
    return syntaxError(this.#text, at, problem);
  }

  columnError(at: number, problem: string): AnalyticsError {
    return columnError(this.#text, at, problem);
  }
}

/** A number of the tree: digits that we print, not the user's. Integers are 64 bits wide from the start. */
export function numberSql(value: bigint | number): string {
  if (typeof value === 'bigint') return `toInt64(${value})`;
  return Number.isFinite(value) ? `toFloat64(${value})` : 'toFloat64(nan)';
}
