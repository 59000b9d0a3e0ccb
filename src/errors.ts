/**
 * Every error the API can answer with: HTTP status and message text, by code. docs/errors.md has the same rows; a test
 * compares the two both ways. Texts follow the service we are compatible with; clients look for parts of them.
 *
 * Some codes are answered with several texts (`PostBodyInvalid`) or statuses (499 for a time out of range): these have
 * a row of their own here, named after the case, whose `code` says what goes over the wire.
 */
interface ErrorRow {
  readonly status: number;
  readonly message: string;
  /** The `errorCode` on the wire, where it is not the row's own name. */
  readonly code?: string;
  /** Names and values, in turn, of headers that go with the answer. Values may have placeholders. */
  readonly headers?: readonly string[];
}

/** What follows on the connection cannot be read. Not for errors that leave a body to come: closed before it is read, the answer is lost. */
const CLOSE = ['Connection', 'close'] as const;

const RETRY_AFTER = ['Retry-After', '{seconds}'] as const;

export const API_ERRORS = {
  MissingHost: { status: 400, message: 'Host does not exist in http header.' },
  InvalidHost: { status: 400, message: 'Host header {host} is invalid.' },
  MissingAPIVersion: { status: 400, message: 'x-log-apiversion does not exist in http header.' },
  InvalidAPIVersion: { status: 400, message: 'x-log-apiversion {version} is unsupported.' },
  InvalidCompressType: { status: 400, message: 'x-log-compresstype {type} is unsupported.' },
  MissingBodyRawSize: { status: 400, message: 'x-log-bodyrawsize does not exist in header when it is necessary.' },
  InvalidBodyRawSize: { status: 400, message: 'x-log-bodyrawsize is invalid.' },
  MissingContentLength: {
    status: 411,
    message: 'Content-Length does not exist in http header when it is necessary.',
    headers: CLOSE,
  },
  PostBodyUncompressError: { status: 400, message: 'Failed to decompress logs.' },
  PostBodyTooLarge: { status: 400, message: 'Logs must be less than or equal to {mb} MB and {logs} entries.' },
  PostBodyInvalid: { status: 400, message: 'Protobuffer content cannot be parsed.' },
  PostTimeOutOfRange: { status: 499, code: 'PostBodyInvalid', message: 'The post data time is out of range.' },
  JsonBodyInvalid: { status: 400, code: 'PostBodyInvalid', message: 'The request body is not valid JSON object.' },
  InvalidTimestamp: { status: 400, message: 'Invalid timestamps are in logs.' },
  InvalidEncoding: { status: 400, message: 'Non-UTF8 characters are in logs.' },
  InvalidKey: { status: 400, message: 'Invalid keys are in logs.' },
  InvalidBatchId: { status: 400, message: 'x-logboom-batch-id must be 1 to 64 of A-Z a-z 0-9 . _ ~ : + / = -' },
  ParameterInvalid: { status: 400, message: '{reason}' },
  LogStoreInfoInvalid: { status: 400, message: 'logstore name {logstore} is invalid' },
  ProjectAlreadyExist: { status: 400, message: 'Project {project} already exist.' },
  LogStoreAlreadyExist: { status: 400, message: 'logstore {logstore} already exists' },
  BadRequest: { status: 400, message: '{reason}', headers: CLOSE },
  HeaderTooLarge: { status: 431, code: 'BadRequest', message: 'The request header is too large.', headers: CLOSE },
  Unauthorized: { status: 401, message: 'The AccessKeyId is unauthorized.' },
  MissingAccessKey: {
    status: 401,
    code: 'Unauthorized',
    message: 'An access key is required: Authorization: Bearer {id}:{secret}.',
  },
  SessionExpired: { status: 401, code: 'Unauthorized', message: 'The session is over. Please sign in again.' },
  ConsoleHeaderMissing: {
    status: 401,
    code: 'Unauthorized',
    message: 'A request that changes something by a session needs the header x-logboom-console.',
  },
  SignInTooOften: {
    status: 429,
    code: 'Unauthorized',
    message: 'Too many failed attempts. Please try again in {seconds} seconds.',
    headers: RETRY_AFTER,
  },
  WebTrackingOff: {
    status: 401,
    code: 'Unauthorized',
    message: 'The logstore {logstore} does not allow anonymous write by web tracking api.',
  },
  OriginDenied: { status: 401, code: 'Unauthorized', message: 'Access denied by project policy.' },
  AddressBlocked: { status: 401, code: 'Unauthorized', message: 'Access denied by project policy.' },
  MissAccessKeyId: { status: 400, message: 'x-log-accesskeyid does not exist in header.' },
  MissingDate: { status: 400, message: 'Date does not exist in http header.' },
  InvalidDateFormat: { status: 400, message: 'Date {date} must follow RFC822.' },
  RequestTimeExpired: { status: 400, message: 'Request time {date} has been expired while server time is {now}.' },
  MissingSignatureMethod: { status: 400, message: 'x-log-signaturemethod does not exist in http header.' },
  InvalidSignatureMethod: { status: 400, message: 'signature method {method} is unsupported.' },
  AccessKeyNotFound: { status: 401, code: 'Unauthorized', message: 'AccessKeyId not found: {id}' },
  AccessKeyDisabled: { status: 401, code: 'Unauthorized', message: 'AccessKeyId is disabled: {id}' },
  SignatureNotMatch: { status: 401, message: 'Signature {signature} not matched.' },
  AccessDenied: {
    status: 401,
    code: 'Unauthorized',
    message: 'denied by sts or ram, action: {action}, resource: {resource}',
  },
  AccessKeyNotExist: { status: 404, message: 'access key {id} does not exist.' },
  InvalidParameter: { status: 400, message: '{reason}' },
  InvalidTimeRange: { status: 400, message: 'Request time range is invalid.' },
  QuarantineNotExist: { status: 404, message: 'logstore {logstore} has never had a quarantine.' },
  ReplayNotExist: { status: 404, message: 'replay {id} does not exist.' },
  ReplayRunning: { status: 409, message: 'replay {id} is running.' },
  ExportNotExist: { status: 404, message: 'export {export} does not exist.' },
  RefusalNotExist: {
    status: 404,
    message: 'request {id} was not refused, or is not kept: of each reason some of the newest are.',
  },
  DeletionNotExist: { status: 404, message: 'deletion {id} does not exist.' },
  DeletionHasBegun: { status: 400, message: 'deletion {id} has begun, and cannot be cancelled any more.' },
  DeletionsTooMany: { status: 403, message: '{max} deletions are not finished: wait until some of them are.' },
  IndexAlreadyExist: { status: 400, message: 'Logstore index is already created.' },
  IndexConfigNotExist: { status: 400, message: "index config doesn't exist." },
  IndexInfoInvalid: { status: 400, message: '{reason}' },
  LogStoreSettingsInvalid: { status: 400, code: 'LogStoreInfoInvalid', message: '{reason}' },
  NotSupported: { status: 400, message: '{reason}' },
  PutTimeOutOfRange: { status: 400, code: 'PostBodyInvalid', message: 'The post data time is out of range' },
  MissingContentType: { status: 400, message: 'Content-Type does not exist in http header when body is not empty.' },
  InvalidContentType: { status: 415, message: 'Content-Type {type} is unsupported.' },
  ShardNotExist: { status: 400, message: 'Shard {shard} does not exist.' },
  InvalidCursor: { status: 400, message: 'Invalid cursor {cursor}.' },
  ConsumerGroupAlreadyExist: { status: 400, message: 'Consumer group already exist.' },
  JsonInfoInvalid: { status: 400, message: '{reason}' },
  ConsumerNotMatch: { status: 400, message: 'Consumer not match.' },
  InvalidShardCheckPoint: { status: 400, message: 'Shard checkpoint not encoded by base64.' },
  ExceedQuota: { status: 403, message: 'A logstore has {max} consumer groups at most.' },
  ConsumerGroupNotExist: { status: 404, message: 'Consumer group not exist.' },
  ConsumerNotExsit: { status: 404, message: 'Consumer not exist in the consumer group.' },
  CheckpointShardNotExist: { status: 404, code: 'ShardNotExist', message: 'Shard not exist.' },
  ProjectNotExist: { status: 404, message: 'The Project does not exist : {project}.' },
  LogNotExist: { status: 404, message: 'log {id} does not exist.' },
  DomainAlreadyExist: { status: 400, message: 'Domain {host} already stands for project {project}.' },
  NodeAlreadyExist: { status: 400, message: 'The cluster has another node of the name {node}.' },
  NodeNotExist: { status: 404, message: 'node {node} does not exist.' },
  NodeSealed: { status: 400, message: 'Node {node} was sealed, as gone for good.' },
  DomainNotExist: { status: 404, message: 'domain {host} does not exist.' },
  SavedSearchNotExist: { status: 404, message: 'saved search {id} does not exist.' },
  LogStoreNotExist: { status: 404, message: 'logstore {logstore} does not exist.' },
  NotFound: { status: 404, message: 'The requested path does not exist: {path}' },
  InvalidMethod: { status: 405, message: 'invalid request method: {path}' },
  RequestTimeout: { status: 408, message: 'The request is timeout. Please try again later.', headers: CLOSE },
  ProjectRequestQuotaExceed: {
    status: 403,
    code: 'WriteQuotaExceed',
    message: 'Project write quota exceed: qps',
    headers: RETRY_AFTER,
  },
  ProjectByteQuotaExceed: {
    status: 403,
    code: 'WriteQuotaExceed',
    message: 'Project write quota exceed: inflow',
    headers: RETRY_AFTER,
  },
  ShardWriteQuotaExceed: { status: 403, message: 'Shard write quota exceed.', headers: RETRY_AFTER },
  InternalServerError: { status: 500, message: 'Internal server error. Request id: {id}.' },
  ServerBusy: {
    status: 503,
    message: 'The server is busy, please try again later.',
    headers: ['Retry-After', '1'],
  },
} as const satisfies Record<string, ErrorRow>;

export type ErrorName = keyof typeof API_ERRORS;

/** What exactly is wrong with a request; for those who look into it, and not for the wire. */
export interface Fault {
  readonly detail: string;
  /** Where it was seen, in bytes of the body once it is decompressed. */
  readonly offset?: number;
  /** The header, or the field of a log. */
  readonly field?: string;
}

export interface ApiErrorOptions extends ErrorOptions {
  readonly fault?: Fault | undefined;
  readonly place?: QueryPlace | undefined;
}

/** Where a query is wrong: line and column count characters from 1, the offset UTF-16 units from 0. */
export interface QueryPlace {
  readonly line: number;
  readonly column: number;
  readonly offset: number;
}

/** The caller's mistake, or trouble the caller should know of: leaves as the row's status, code and filled-in text. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly error: ErrorName;
  readonly status: number;
  readonly code: string;
  /** What filled the placeholders, so that another process can say the same. */
  readonly values: Readonly<Record<string, string | number>>;
  /** Names and values, in turn, of headers that go with the answer. */
  readonly headers: readonly string[];
  readonly fault: Fault | undefined;

  /** What the header Retry-After says, if there is one. */
  get retryAfterSeconds(): number | undefined {
    const at = this.headers.indexOf('Retry-After');
    return at === -1 ? undefined : Number(this.headers[at + 1]);
  }

  /** Goes into the answer. */
  readonly place: QueryPlace | undefined;

  /** `values` fill the `{placeholders}` of the row's message. */
  constructor(error: ErrorName, values: Readonly<Record<string, string | number>> = {}, options?: ApiErrorOptions) {
    const row: ErrorRow = API_ERRORS[error];
    // Nobody reads the stack of a caller's mistake, and under a flood to collect it costs as much as to take the request.
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    super(fill(row.message, values), options);
    Error.stackTraceLimit = stackTraceLimit;
    this.error = error;
    this.status = row.status;
    this.code = row.code ?? error;
    this.values = values;
    this.fault = options?.fault;
    this.place = options?.place;
    this.headers = row.headers?.map((text) => fill(text, values)) ?? [];
  }
}

function fill(text: string, values: ApiError['values']): string {
  return text.replace(/\{(\w+)\}/g, (placeholder, key: string) => String(values[key] ?? placeholder));
}
