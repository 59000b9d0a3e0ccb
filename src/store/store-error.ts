/** ClickHouse's errors, told apart by number. Nobody outside of store/ sees the numbers' meaning. */
import { ClickHouseError } from '@clickhouse/client';
import { type Limit, type Misuse, StoreRefused, StoreUnavailable } from './store.js';

const MEMORY_LIMIT_EXCEEDED = 241;

/** One server's own: another one may be well. */
const SERVERS_TROUBLE = new Set([
  192, // UNKNOWN_USER
  193, // WRONG_PASSWORD
  194, // REQUIRED_PASSWORD
  202, // TOO_MANY_SIMULTANEOUS_QUERIES
  203, // NO_FREE_CONNECTION
  209, // SOCKET_TIMEOUT
  210, // NETWORK_ERROR
  225, // NO_ZOOKEEPER
  236, // ABORTED
  242, // TABLE_IS_READ_ONLY
  243, // NOT_ENOUGH_SPACE
  279, // ALL_CONNECTION_TRIES_FAILED
  439, // CANNOT_SCHEDULE_TASK
  516, // AUTHENTICATION_FAILED
  999, // KEEPER_EXCEPTION
]);

/** Not the question's fault: the store, its disk, its network or its schema is not as it should be, now. */
const TROUBLE = new Set([
  ...SERVERS_TROUBLE,
  16, // NO_SUCH_COLUMN_IN_TABLE: of a cluster, not all servers have a new column at the same moment
  60, // UNKNOWN_TABLE
  74, // CANNOT_READ_FROM_FILE_DESCRIPTOR
  75, // CANNOT_WRITE_TO_FILE_DESCRIPTOR
  76, // CANNOT_OPEN_FILE
  81, // UNKNOWN_DATABASE
  107, // FILE_DOESNT_EXIST
  285, // TOO_FEW_LIVE_REPLICAS
  319, // UNKNOWN_STATUS_OF_INSERT
  394, // QUERY_WAS_CANCELLED: only we cancel, and then nobody waits for the answer, unless the store is closing
  425, // SYSTEM_ERROR
  497, // ACCESS_DENIED
]);

/** Limits that an insert, a count or a change may keep to at another time. A query that met its own will meet it again. */
const LIMITS = new Set([
  159, // TIMEOUT_EXCEEDED
  MEMORY_LIMIT_EXCEEDED,
  252, // TOO_MANY_PARTS
]);

/** What a query may not exceed. */
const EXCEEDED: ReadonlyMap<number, Limit> = new Map([
  [158, 'rows'], // TOO_MANY_ROWS
  [159, 'time'], // TIMEOUT_EXCEEDED
  [MEMORY_LIMIT_EXCEEDED, 'memory'],
  [307, 'bytes'], // TOO_MANY_BYTES
  [396, 'answer'], // TOO_MANY_ROWS_OR_BYTES
]);

const MISUSE: ReadonlyMap<number, Misuse> = new Map([
  [6, 'value'], // CANNOT_PARSE_TEXT
  [36, 'value'], // BAD_ARGUMENTS
  [43, 'type'], // ILLEGAL_TYPE_OF_ARGUMENT
  [44, 'type'], // ILLEGAL_COLUMN
  [48, 'type'], // NOT_IMPLEMENTED
  [53, 'type'], // TYPE_MISMATCH
  [69, 'value'], // ARGUMENT_OUT_OF_BOUND
  [125, 'subquery'], // INCORRECT_RESULT_OF_SCALAR_SUBQUERY
  [128, 'value'], // TOO_LARGE_ARRAY_SIZE
  [131, 'value'], // TOO_LARGE_STRING_SIZE
  [135, 'value'], // ZERO_ARRAY_OR_TUPLE_INDEX
  [153, 'value'], // ILLEGAL_DIVISION
  [167, 'size'], // TOO_DEEP_AST
  [168, 'size'], // TOO_BIG_AST
  [190, 'value'], // SIZES_OF_ARRAYS_DONT_MATCH
  [306, 'size'], // TOO_DEEP_RECURSION
  [353, 'value'], // INDEX_OF_POSITIONAL_ARGUMENT_IS_OUT_OF_RANGE
  [386, 'type'], // NO_COMMON_TYPE
  [403, 'join'], // INVALID_JOIN_ON_EXPRESSION
  [407, 'value'], // DECIMAL_OVERFLOW
  [427, 'regexp'], // CANNOT_COMPILE_REGEXP
]);

export type LimitsAre = 'temporary' | 'final';

/** Whether another server might do what this one has not done. */
export function isServersTrouble(error: unknown): boolean {
  if (error instanceof StoreUnavailable || error instanceof StoreRefused) return false;
  const code = codeOf(error);
  return code === undefined || SERVERS_TROUBLE.has(code);
}

/** Whether the server has refused who asks: the password may have been changed. */
export function wantsOtherAccess(error: unknown): boolean {
  return [192, 193, 194, 516].includes(codeOf(error) ?? 0);
}

/** Undefined for what is not of ClickHouse. Of old servers the client does not know the errors, but their text begins with it. */
function codeOf(error: unknown): number | undefined {
  if (error instanceof ClickHouseError) return Number(error.code);
  const code = error instanceof Error ? /^Code: (\d+)[.,]/.exec(error.message)?.[1] : undefined;
  return code === undefined ? undefined : Number(code);
}

/** What carries no number never reached ClickHouse or never came back. */
export function storeError(cause: unknown, limitsAre: LimitsAre): StoreRefused | StoreUnavailable {
  if (cause instanceof StoreUnavailable || cause instanceof StoreRefused) return cause;
  const message = cause instanceof Error ? cause.message : String(cause);
  if (!(cause instanceof ClickHouseError)) return new StoreUnavailable(message, { cause });
  const code = Number(cause.code);
  const isTrouble = TROUBLE.has(code) || (limitsAre === 'temporary' && LIMITS.has(code));
  if (isTrouble) return new StoreUnavailable(message, { cause, lacksMemory: code === MEMORY_LIMIT_EXCEEDED });
  return new StoreRefused(
    code,
    message,
    { exceeded: EXCEEDED.get(code) ?? null, misuse: MISUSE.get(code) ?? null },
    { cause },
  );
}
