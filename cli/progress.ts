/** One line on a terminal that says how far long work has come, and is gone when it ends. */
import type { Machine } from './machine.js';

/** Short work needs none. */
const SILENT_MS = 1000;
const EVERY_MS = 250;

/** `describe` is called while `work` goes on; without a terminal, never. */
export async function withProgress<T>(machine: Machine, describe: () => string, work: () => Promise<T>): Promise<T> {
  const progress = openProgress(machine, describe);
  try {
    return await work();
  } finally {
    progress.close();
  }
}

export interface Progress {
  /** Takes the line away; the work may go on. */
  close(): void;
}

export function openProgress(machine: Machine, describe: () => string): Progress {
  if (!machine.showsProgress) return { close: () => undefined };
  const startMs = Date.now();
  let isShown = false;
  const timer = setInterval(() => {
    if (Date.now() - startMs < SILENT_MS) return;
    isShown = true;
    machine.warn(`\r${describe()}\u001b[K`);
  }, EVERY_MS);
  return {
    close() {
      clearInterval(timer);
      if (isShown) machine.warn('\r\u001b[K');
      isShown = false;
    },
  };
}
