/** Tells whoever waits how far long work has come: a line every few seconds. */

const EVERY_MS = 5000;

export interface Shown {
  /** What the work is called, and how many logs are before it. */
  begin(what: string, logs: number): void;
  /** So many more are done. */
  done(logs: number): void;
}

export function showProgress(write: (text: string) => void, nowMs: () => number): Shown {
  let [what, total, done, beganAtMs, shownAtMs] = ['', 0, 0, 0, 0];
  const show = () => {
    shownAtMs = nowMs();
    const seconds = Math.max((shownAtMs - beganAtMs) / 1000, 0.001);
    const rate = Math.round(done / seconds);
    const left = done === 0 ? '' : `, about ${describeSeconds(((total - done) / done) * seconds)} left`;
    write(`${what}: ${count(done)} of ${count(total)} logs, ${count(rate)} logs/s${done < total ? left : ''}\n`);
  };
  return {
    begin(name, logs) {
      [what, total, done, beganAtMs, shownAtMs] = [name, logs, 0, nowMs(), nowMs()];
    },
    done(logs) {
      done += logs;
      // Logs that came meanwhile were not counted before.
      total = Math.max(total, done);
      if (nowMs() - shownAtMs >= EVERY_MS || done === total) show();
    },
  };
}

export function count(number: number): string {
  return number.toLocaleString('en-US');
}

function describeSeconds(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}
