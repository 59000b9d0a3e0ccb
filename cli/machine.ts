/** The machine a command runs on, as far as commands touch it. */
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

export interface Machine {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Aborted when the person at the keyboard wants it to end. */
  readonly signal: AbortSignal;
  /** Someone is there to answer a question. */
  readonly isInteractive: boolean;
  /** Standard error is a terminal, where a line can be written over. */
  readonly showsProgress: boolean;
  /** Throws as `fs` does. */
  readFile(file: string): string;
  /** Writes to standard output; resolves when there is room for more. */
  write(piece: string | Uint8Array): Promise<void>;
  /** Writes to standard error. */
  warn(text: string): void;
  /** Asks on standard error and returns the line that was typed, empty at the end of input. */
  ask(question: string): Promise<string>;
}

/** The machine of this process. The first Ctrl-C ends a command in order, the second at once. */
export function thisMachine(): Machine {
  const interrupt = new AbortController();
  process.once('SIGINT', () => interrupt.abort());
  // Who reads us has had enough, as `head` does.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit();
    throw error;
  });
  return {
    env: process.env,
    signal: interrupt.signal,
    isInteractive: process.stdin.isTTY && process.stderr.isTTY,
    showsProgress: process.stderr.isTTY,
    readFile: (file) => readFileSync(file, 'utf8'),
    write: (piece) =>
      new Promise((resolve) => {
        if (process.stdout.write(piece)) resolve();
        else process.stdout.once('drain', resolve);
      }),
    warn: (text) => process.stderr.write(text),
    async ask(question) {
      process.stderr.write(question);
      for await (const line of createInterface({ input: process.stdin, signal: interrupt.signal })) return line;
      return '';
    },
  };
}
