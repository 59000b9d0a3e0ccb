/** What a check of the doctor found. */
export interface Finding {
  /** `problem` keeps the service from starting or from keeping its promise; `warning` may be meant so. */
  readonly kind: 'ok' | 'warning' | 'problem';
  /** A sentence, with the figures. */
  readonly what: string;
  /** How to mend it; absent where nothing is to be mended. */
  readonly advice?: string;
}

export const ok = (what: string): Finding => ({ kind: 'ok', what });
export const warning = (what: string, advice: string): Finding => ({ kind: 'warning', what, advice });
export const problem = (what: string, advice: string): Finding => ({ kind: 'problem', what, advice });
