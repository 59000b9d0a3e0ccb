/**
 * Words: what a text is cut into for searching. The delimiters are the ones SLS takes where no index says otherwise;
 * `.`, `-` and `_` are not among them, so `10.0.0.7` and `error_code` are one word each, and so is a run of Chinese.
 */
export const DELIMITERS = `,'";=()[]{}?@&<>/: \n\t\r`;

const BETWEEN_WORDS = /[,'";=()[\]{}?@&<>/: \n\t\r]+/;

/** The words of `text` in order, none of them empty, in the case they came in. */
export function splitWords(text: string): string[] {
  return text.split(BETWEEN_WORDS).filter((word) => word !== '');
}
