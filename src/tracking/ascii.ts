/**
 * The bytes that JSON is made of.
 *
 * One object rather than a constant each: V8 reads an imported constant through a cell at every use, but folds one that
 * the module itself has declared. So hot loops say `const { QUOTE } = ASCII` in their own file.
 */
export const ASCII = {
  TAB: 0x09,
  NEWLINE: 0x0a,
  CARRIAGE_RETURN: 0x0d,
  SPACE: 0x20,
  QUOTE: 0x22,
  PLUS: 0x2b,
  COMMA: 0x2c,
  MINUS: 0x2d,
  DOT: 0x2e,
  ZERO: 0x30,
  NINE: 0x39,
  COLON: 0x3a,
  OPEN_BRACKET: 0x5b,
  BACKSLASH: 0x5c,
  CLOSE_BRACKET: 0x5d,
  OPEN_BRACE: 0x7b,
  CLOSE_BRACE: 0x7d,
} as const;
