/** Text of our own in ClickHouse's SQL. What users wrote goes aside as a parameter: see parameters.ts. */

/** A string literal. */
export function quote(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&').replaceAll('\0', '\\0')}'`;
}

/** The name of a column, a database or the like. */
export function quoteName(name: string): string {
  return `\`${name.replace(/[\\`]/g, '\\$&').replaceAll('\0', '\\0')}\``;
}
