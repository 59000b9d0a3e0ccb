import type { Scheme } from '../support/sign.js';

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
    /** Of a success; empty if this and `json` are absent. */
    readonly body?: Buffer;
    /** Of a success whose body is JSON; may hold what Vitest calls asymmetric matchers. */
    readonly json?: unknown;
  };
  /** The logs found afterwards, without `__time__`: none if absent. */
  readonly stored?: readonly Readonly<Record<string, string>>[];
}

/** A case of an API whose requests are signed. */
export interface SignedCase extends ApiCase {
  /** `hmac-sha1` if absent. */
  readonly scheme?: Scheme;
  /** Headers changed behind the signature; null takes one away. */
  readonly altered?: Readonly<Record<string, string | null>>;
  /** The Host; that of the project `default` if absent. */
  readonly host?: string;
}
