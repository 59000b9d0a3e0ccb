/** What becomes of a log in quarantine under a rule: judged by the scan that judges every log of web tracking. */
import { type LogFault, SOURCE_BYTES_MAX } from '../tracking/aside-log.js';
import { createScanner, type Scanner, type ScanOptions } from '../tracking/scan.js';
import { applyRule, type Rule } from './rule.js';
import { printSourceLog, readSourceLog } from './source-log.js';

export type Mended =
  /** `text` is its JSON, and `log` what is stored of it. */
  | { readonly kind: 'good'; readonly text: string; readonly log: Readonly<Record<string, string>> }
  /** By the rule, or as nothing is left of it. */
  | { readonly kind: 'dropped' }
  | { readonly kind: 'bad'; readonly reason: StillBad; readonly detail: string; readonly field: string | null };

/** `TextCut`: more of it was sent than is kept. `TooDeep`: nested too deep once it is wrapped. */
export type StillBad = LogFault | 'TextCut' | 'TooDeep';

export class Mender {
  readonly #scanner: Scanner;

  constructor(options: Pick<ScanOptions, 'nonStringValues'>) {
    this.#scanner = createScanner({ ...options, logsMax: 1, setsAside: true });
  }

  mend(rule: Rule, sourceText: string): Mended {
    const source = readSourceLog(sourceText);
    if (source === null) {
      // A rule that drops logs drops this one, too.
      if (rule.some((step) => step.do === 'dropLog')) return { kind: 'dropped' };
      return bad('TextCut', `of a log over ${SOURCE_BYTES_MAX} bytes only the beginning is kept`, null);
    }
    const changed = applyRule(rule, source);
    if (changed === null) return { kind: 'dropped' };
    const text = printSourceLog(changed);
    const scanned = this.#scanner.scan(Buffer.from(`{"__logs__":[${text}]}`));
    // It was read above, so that this is all that can be wrong with the whole.
    if (scanned.kind === 'refused') return bad('TooDeep', scanned.reason, null);
    const [aside] = scanned.aside ?? [];
    if (aside !== undefined) return bad(aside.fault, aside.reason, aside.field);
    const { bytes, start, end, logCount } = scanned.body;
    if (logCount === 0) return { kind: 'dropped' };
    const stored = JSON.parse(`{${bytes.toString('utf8', start, end)}`) as Stored;
    return { kind: 'good', text, log: stored.__logs__[0] };
  }
}

/** A canonical body of one log. */
interface Stored {
  readonly __logs__: readonly [Readonly<Record<string, string>>];
}

function bad(reason: StillBad, detail: string, field: string | null): Mended {
  return { kind: 'bad', reason, detail, field };
}
