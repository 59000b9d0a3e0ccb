/** The times that logs bring themselves: checked, and written for the spool. */
import type { LogTimes } from '../model/log-group.js';
import * as trouble from './refusal.js';

/** How far the time of a log may be from the server's, in seconds. PutLogs: 7 days back, 15 minutes ahead. */
const AGE_SECONDS_MAX = 7 * 24 * 3600;
const LEAD_SECONDS_MAX = 15 * 60;
const NANOSECONDS_MAX = 999_999_999;

/** Takes the times of one group after another. */
export class LogTimesWriter {
  /** How many there are. */
  count = 0;
  /** The one that came last, in Unix milliseconds. */
  lastPushedMs = 0;
  private nowSeconds = 0;
  private text = '';
  private firstMs = Infinity;
  private lastMs = 0;
  // Logs of a batch mostly share a second, and have no nanoseconds.
  private lastText = '';
  private lastSeconds = -1;
  private lastNanoseconds = -1;

  open(nowSeconds: number): void {
    this.nowSeconds = nowSeconds;
    this.count = 0;
    this.text = '';
    this.firstMs = Infinity;
    this.lastMs = 0;
  }

  /** What is wrong with a time, or `NO_TROUBLE`. */
  check(seconds: number, nanoseconds: number): number {
    if (seconds === 0 || nanoseconds > NANOSECONDS_MAX) return trouble.TIME_INVALID;
    const age = this.nowSeconds - seconds;
    return age > AGE_SECONDS_MAX || age < -LEAD_SECONDS_MAX ? trouble.TIME_OUT_OF_RANGE : trouble.NO_TROUBLE;
  }

  push(seconds: number, nanoseconds: number): void {
    if (seconds !== this.lastSeconds || nanoseconds !== this.lastNanoseconds) {
      this.lastSeconds = seconds;
      this.lastNanoseconds = nanoseconds;
      this.lastText = `${seconds}${String(nanoseconds).padStart(9, '0')}`;
    }
    this.text += this.count === 0 ? this.lastText : `,${this.lastText}`;
    this.count++;
    const ms = seconds * 1000 + Math.floor(nanoseconds / 1e6);
    this.lastPushedMs = ms;
    if (ms < this.firstMs) this.firstMs = ms;
    if (ms > this.lastMs) this.lastMs = ms;
  }

  finish(): LogTimes {
    return { text: this.text, firstMs: this.firstMs, lastMs: this.lastMs };
  }
}
