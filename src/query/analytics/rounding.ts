/** Rounding as in Presto: a half goes away from zero. The engine's own `round` takes the even neighbour. */

/** A double without a fraction. */
export function wholeSql(number: string): string {
  return `(sign(${number}) * floor(abs(${number}) + 0.5))`;
}

/** To so many digits behind the point, negative ones before it. A number too large for that is as round as it can be. */
export function roundedSql(number: string, digits: string): string {
  const unit = `exp10(${digits})`;
  return `ifNotFinite(${wholeSql(`(${number} * ${unit})`)} / ${unit}, ${number})`;
}
