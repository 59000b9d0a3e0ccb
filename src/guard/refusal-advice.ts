/** How to mend what a request was refused for, in a sentence, for whoever runs the page or the service. */
import type { RefusalReason } from './refusal-log.js';

const ADVICE: Partial<Record<RefusalReason, string>> = {
  MissingHost: 'Send the header Host, as every HTTP/1.1 client does.',
  InvalidHost: 'Send one Host, a name or an address; look at what the proxy in front makes of it.',
  MissingAPIVersion: 'Add ?APIVersion=0.6.0 to the URL, or send the header x-log-apiversion: 0.6.0.',
  InvalidAPIVersion: 'Give the version 0.6.0.',
  ProjectNotExist: 'Check the host or the project in the client, or create the project: logboom project create.',
  LogStoreNotExist: 'Check the logstore in the URL, or create it: logboom logstore create.',
  WebTrackingOff:
    'If anyone shall write to the logstore: logboom logstore update --web-tracking on; else take the snippet out of the page.',
  OriginDenied:
    'If the page is yours, add its origin to those of the logstore (logboom logstore update --origins); if not, there is nothing to do.',
  OriginReported:
    'If the page is yours, add its origin to those of the logstore before the rule is enforced (logboom logstore update --origins).',
  AddressBlocked: 'If the client is welcome, take its network out of blockedAddresses.',
  ProjectRequestQuotaExceed:
    'Send larger batches less often, or raise the quota of the project (logboom project update --quota-requests).',
  ProjectByteQuotaExceed: 'Send less, or raise the quota of the project (logboom project update --quota-bytes).',
  ShardWriteQuotaExceed:
    'Send larger batches less often, or raise the limit that the detail names; if all clients have one address, name the proxy in trustedProxies.',
  InvalidCompressType: 'Compress with lz4 (one raw block) or deflate, or not at all.',
  MissingBodyRawSize: 'Send x-log-bodyrawsize with the size of the body before compression.',
  InvalidBodyRawSize: 'Send x-log-bodyrawsize as a whole number of bytes.',
  MissingContentLength: 'Send Content-Length, or the body in chunks.',
  PostBodyUncompressError:
    'Compress the body as x-log-compresstype says: lz4 as one raw block without a frame, deflate as zlib or raw.',
  PostBodyTooLarge: 'Send smaller batches.',
  PostBodyInvalid: 'Send a JSON object with an array __logs__ of objects: {"__logs__":[{"key":"value"}]}.',
  PostTimeOutOfRange: 'Set the clock of the client, or send the logs sooner: they may be seven days old.',
  InvalidTimestamp: 'Give each log its time in Unix seconds.',
  InvalidEncoding: 'Encode the body as UTF-8; do not cut text within a character.',
  InvalidKey: 'Name the field otherwise: 1 to 128 bytes, no control characters, none of the reserved names.',
  InvalidBatchId: 'Name the batch by a UUID, or leave the header out.',
  BadRequest: 'Let an HTTP library build the request.',
  RequestTimeout: 'The client was too slow or went silent: send smaller batches.',
  ServerBusy: 'Try again after the seconds of Retry-After; logboom status says what is short.',
  InternalServerError: 'Report what the log of the service says under this request id.',
};

export function adviceFor(reason: RefusalReason): string {
  return ADVICE[reason] ?? 'Look the error up in docs/errors.md.';
}
