/** The two halves of an access key. They travel as `id:secret` in a header, so both are plain visible characters. */
const ID = /^[A-Za-z0-9][A-Za-z0-9._-]{3,127}$/;
const SECRET = /^[\x21-\x7e]{8,256}$/;

/** 4 to 128 letters, digits, `.`, `_` and `-`. */
export function isAccessKeyId(text: string): boolean {
  return ID.test(text);
}

/** 8 to 256 visible ASCII characters. */
export function isAccessKeySecret(text: string): boolean {
  return SECRET.test(text);
}
