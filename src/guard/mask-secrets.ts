/** Text from outside, fit to be kept and shown: what looks like a secret is left out. */

const MASK = '***';

/** Words that make the name of a field that of a secret. */
const SECRET_NAME =
  'passw(?:or)?d|passwd|pwd|secret|token|api[-_]?key|access[-_]?key|auth|credential|session|cookie|card|cvv|iban|ssn';

/** In JSON: a field of such a name, its value a text (perhaps cut off) or a number. */
const JSON_FIELD = new RegExp(
  `("[^"]{0,40}(?:${SECRET_NAME})[^"]{0,40}" {0,2}: {0,2})("(?:[^"\\\\]|\\\\.)*"?|[\\d.]+)`,
  'gi',
);
/** In a query or form. */
const FORM_FIELD = new RegExp(`((?:^|[?&])[^=&]{0,40}(?:${SECRET_NAME})[^=&]{0,40}=)[^&\\s"]+`, 'gi');
/** RFC 7519: three parts, the first of which begins with an encoded brace. */
const WEB_TOKEN = /eyJ[\w-]{8,}\.[\w-]+(?:\.[\w-]*)?/g;
const BEARER = /\b(Bearer|Basic) +[\w+/=.:~-]{6,}/gi;

export function maskSecrets(text: string): string {
  return text
    .replace(JSON_FIELD, `$1"${MASK}"`)
    .replace(FORM_FIELD, `$1${MASK}`)
    .replace(WEB_TOKEN, MASK)
    .replace(BEARER, `$1 ${MASK}`);
}
