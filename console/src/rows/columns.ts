/** Which fields have columns of their own, from left to right. */

export function toggleColumn(columns: readonly string[], column: string): readonly string[] {
  return columns.includes(column) ? removeColumn(columns, column) : [...columns, column];
}

export function removeColumn(columns: readonly string[], column: string): readonly string[] {
  return columns.filter((one) => one !== column);
}

/** `index` is its place afterwards. */
export function moveColumn(columns: readonly string[], column: string, index: number): readonly string[] {
  return removeColumn(columns, column).toSpliced(index, 0, column);
}
