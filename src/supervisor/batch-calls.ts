/** Identities of batches as a worker asks its supervisor about them. */
import type { BatchClaims, BatchMemory, StoredBatch } from '../model/batch.js';
import type { Calls } from './calls.js';
import type { SupervisorProcedures, WorkerProcedures } from './messages.js';

export interface WorkerBatches extends BatchClaims, BatchMemory {
  /** Of every spool that this worker has opened. */
  allFound(): Promise<void>;
}

/** Claims that a worker waits for at a time. The supervisor does little else, and should not drown in them. */
const ASKED_MAX = 1000;
/** In one message. */
const FOUND_MAX = 10_000;

export function batchCalls(
  supervisor: Calls<SupervisorProcedures, WorkerProcedures>,
  answerMsMax: number,
): WorkerBatches {
  let lastClaim = 0;
  let asked = 0;
  const tellFound = (batches: readonly StoredBatch[], isLast: boolean) =>
    supervisor.ask('foundBatches', { batches, isLast }, answerMsMax);
  return {
    async claim(key) {
      if (asked >= ASKED_MAX) return { answer: { kind: 'busy' }, settle: () => {} };
      const claim = ++lastClaim;
      const settle = (isStored: boolean) => supervisor.tell('settleBatch', { claim, isStored });
      asked++;
      try {
        return { answer: await supervisor.ask('claimBatch', { ...key, claim }, answerMsMax), settle };
      } catch (error) {
        // It may still be given to us.
        settle(false);
        throw error;
      } finally {
        asked--;
      }
    },
    async found(batches) {
      for (let from = 0; from < batches.length; from += FOUND_MAX) {
        await tellFound(batches.slice(from, from + FOUND_MAX), false);
      }
    },
    allFound: () => tellFound([], true),
    keep: () => supervisor.ask('keepBatches', null, answerMsMax),
  };
}
