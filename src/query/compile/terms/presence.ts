/** `field:*` and `field:""`: a log has the field, whatever its value; has it with an empty one. */
import type { Target, Value } from '../target.js';

export function presentCondition(target: Target): string {
  return refuseFullText(target).isPresent;
}

export function emptyCondition(target: Target): string {
  const { isPresent, value } = refuseFullText(target);
  return isPresent === 'true' ? `(${value} = '')` : `(${isPresent} AND ${value} = '')`;
}

/** The parser makes no such term. */
function refuseFullText(target: Target): Value {
  if (target.kind === 'fullText') throw new Error('presence is asked of a field');
  return target;
}
