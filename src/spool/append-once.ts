/** Stores a batch that may have been sent before: once, whoever sends it again, by whichever worker. */
import type { BatchClaims } from '../model/batch.js';
import type { SpoolGroup } from './group.js';
import type { Spool } from './spool.js';

export type OnceOutcome =
  | { readonly kind: 'stored'; readonly forgotten: number }
  /** It was there already. */
  | { readonly kind: 'known' }
  /** Ask again: another request with it is under way, or what became of one is not known yet. */
  | { readonly kind: 'busy' };

/**
 * Resolves when the group is on stable storage, now or since before. Its body has to stay as it is until then. Throws what
 * kept it from that; then it can be tried again with the same identity.
 */
export async function appendOnce(
  group: SpoolGroup & { readonly batch: string },
  spool: Pick<Spool, 'append'>,
  batches: BatchClaims,
): Promise<OnceOutcome> {
  const { answer, settle } = await batches.claim({ logstoreId: group.logstoreId, batch: group.batch });
  if (answer.kind === 'stored') return { kind: 'known' };
  if (answer.kind === 'busy') return answer;
  await new Promise<void>((resolve, reject) => {
    spool.append(group, (failure) => {
      // Before the segment can be sealed, which asks for all that was settled to be kept.
      settle(failure === null);
      if (failure === null) resolve();
      else reject(failure);
    });
  });
  return { kind: 'stored', forgotten: answer.forgotten };
}
