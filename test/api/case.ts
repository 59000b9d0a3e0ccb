/** A conformance case of an HTTP API, as data: it can be played against any server that claims the API. */
export interface ApiCase {
  /** A sentence about behaviour. */
  readonly name: string;
  /** Where the rule comes from. */
  readonly source: string;
  readonly request: {
    readonly method: string;
    /** With its query. `{logstore}` stands for the logstore that takes logs. */
    readonly path: string;
    /** Added to `Host`. A value of null leaves a default header out. */
    readonly headers?: Readonly<Record<string, string | readonly string[] | null>>;
    /** Sent as it is; text as UTF-8. An absent body sends none. */
    readonly body?: string | Buffer;
  };
  readonly expect: {
    readonly status: number;
    /** Of the JSON body of an error. */
    readonly error?: readonly [code: string, message: string];
    /** Of the answer; a value of null says that the header must be absent. */
    readonly headers?: Readonly<Record<string, string | RegExp | null>>;
    /** Of a success; empty if absent. */
    readonly body?: Buffer;
  };
  /** The logs found afterwards, without `__time__`: none if absent. */
  readonly stored?: readonly Readonly<Record<string, string>>[];
}
