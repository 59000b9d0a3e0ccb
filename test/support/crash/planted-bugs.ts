/** Bugs that would break the promise. A harness that does not find them proves nothing about a service without them. */
import type { Patch } from './product.js';

export interface PlantedBug {
  /** What the service then does, for people. */
  readonly does: string;
  readonly patches: readonly Patch[];
}

const COUNTS_NOTHING: Patch = {
  file: 'loader/loader.js',
  find: 'async #verifyHeld() {',
  replace: 'async #verifyHeld() { return;',
};

export const PLANTED_BUGS = {
  'answer-before-write': {
    does: 'answers 200 as soon as a group is gathered in memory',
    patches: [
      {
        file: 'spool/writer.js',
        find: 'chunk.waiting.push(acknowledge);',
        replace: 'chunk.waiting.push(() => {}); setImmediate(acknowledge, null);',
      },
    ],
  },
  'answer-before-sync': {
    does: 'answers 200 when a group is written, and never syncs',
    patches: [{ file: 'spool/open-segment.js', find: 'await this.#file.sync();', replace: '' }],
  },
  'insert-twice': {
    does: 'repeats an insert without a token and without counting what is there',
    patches: [
      { file: 'loader/loader.js', find: 'isDoubtful = !(segment.fresh && isFirst);', replace: 'isDoubtful = false;' },
      {
        file: 'store/insert-settings.js',
        find: "deduplicate_insert_select: 'enable_even_for_bad_queries'",
        replace: "deduplicate_insert_select: 'disable'",
      },
    ],
  },
  // That count would mend what the wrong order has lost.
  'mark-before-insert': {
    does: 'marks a segment loaded before it inserts it, and does not count held segments after a restart',
    patches: [
      COUNTS_NOTHING,
      {
        file: 'loader/loader.js',
        find: 'let wholeAttempts = 0;',
        replace: `let wholeAttempts = 0;
        await segments.markLoaded(segment);
        segment = segments.held().find(({ number }) => number === segment.number);`,
      },
    ],
  },
  'forget-identities': {
    does: 'takes no notice of the identities of batches that a start finds in the spool',
    patches: [{ file: 'batches/keeper.js', find: 'this.#takeFound(batch);', replace: 'void batch;' }],
  },
  'no-verification': {
    does: 'does not count held segments after the store was restarted',
    patches: [COUNTS_NOTHING],
  },
} as const satisfies Record<string, PlantedBug>;

export type BugName = keyof typeof PLANTED_BUGS;

export function patchesOf(name: BugName | undefined): readonly Patch[] {
  return name === undefined ? [] : PLANTED_BUGS[name].patches;
}
