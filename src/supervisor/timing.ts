/** How long the supervisor waits for what. Durations in milliseconds; tests bring shorter ones. */
export interface Timing {
  /** A worker shows life this often. */
  readonly beatEveryMs: number;
  /** A process that was silent for this long is hung, and killed. */
  readonly silenceMsMax: number;
  /** The same for a process that has not shown life yet: on a busy machine even Node takes seconds to start. */
  readonly workerStartMsMax: number;
  /** The engine reads the list of all its parts first, which with years of logs may take minutes. */
  readonly storeStartMsMax: number;
  /** The store is asked for an answer this often, and has as long to give it. */
  readonly pingEveryMs: number;
  /** Answers it may owe in a row before it counts as hung: a heavy merge costs one. */
  readonly pingMissesMax: number;
  /** A process that ended is started again at once, then after this, then after twice as long, and so on … */
  readonly restartMs: number;
  /** … up to this. */
  readonly restartMsMax: number;
  /**
   * A process that ran for this long was healthy; the next restart is immediate again. Much longer, and a request that
   * brings a worker down twice a minute would keep it down for most of that minute.
   */
  readonly healthyMs: number;
  /** A worker that has not answered the supervisor by then is hung, and must not hold up the one that wants to know. */
  readonly answerMsMax: number;
}

export const TIMING: Timing = {
  beatEveryMs: 1000,
  silenceMsMax: 20_000,
  workerStartMsMax: 60_000,
  storeStartMsMax: 600_000,
  pingEveryMs: 5000,
  pingMissesMax: 3,
  restartMs: 250,
  restartMsMax: 10_000,
  healthyMs: 10_000,
  answerMsMax: 2000,
};
