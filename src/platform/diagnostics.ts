/** Our own log: JSON lines on standard error when it is a file or pipe, readable text on a terminal. */
import pino from 'pino';
import pretty from 'pino-pretty';

export type Log = pino.Logger;

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

/** `name` says which process speaks: supervisor, worker 1, store. */
export function openLog(name: string, level: LogLevel): Log {
  const options: pino.LoggerOptions = { name, level, base: { name, pid: process.pid } };
  const destination = process.stderr.isTTY
    ? pretty({ destination: 2, sync: true, ignore: 'pid,hostname' })
    : pino.destination({ dest: 2, sync: true });
  return pino(options, destination);
}
