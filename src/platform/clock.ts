/** Time, so that tests can turn it by hand. */
export interface Clock {
  /** Wall time in milliseconds since 1970. May jump either way. */
  wallMs(): number;
  /** Milliseconds that only grow; for durations and ages. */
  monotonicMs(): number;
}

export const systemClock: Clock = {
  wallMs: () => Date.now(),
  monotonicMs: () => performance.now(),
};
