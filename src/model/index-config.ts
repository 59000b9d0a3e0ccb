/**
 * The index of a logstore as SLS's API has it: which fields can be searched and as what. Its names are those of the wire,
 * as the whole of it is kept and answered as it came; keys beyond these are kept too.
 */
export interface IndexConfig {
  /** The full-text index. */
  readonly line?: LineIndex | undefined;
  /** By field. */
  readonly keys?: Readonly<Record<string, KeyIndex>> | undefined;
  readonly [other: string]: unknown;
}

export interface LineIndex {
  /** Characters that separate words. */
  readonly token: readonly string[];
  readonly caseSensitive?: boolean | undefined;
  /** Whether Chinese text is cut into words. */
  readonly chn?: boolean | undefined;
  /** At most one of these two is given. */
  readonly include_keys?: readonly string[] | undefined;
  readonly exclude_keys?: readonly string[] | undefined;
  readonly [other: string]: unknown;
}

export interface KeyIndex {
  readonly type: 'text' | 'long' | 'double' | 'json';
  readonly alias?: string | undefined;
  readonly token?: readonly string[] | undefined;
  readonly caseSensitive?: boolean | undefined;
  readonly chn?: boolean | undefined;
  /** Whether it can be analysed with SQL. */
  readonly doc_value?: boolean | undefined;
  /** Of a `json` field, by path. */
  readonly json_keys?: Readonly<Record<string, KeyIndex>> | undefined;
  readonly [other: string]: unknown;
}
