/** Errors that come in the middle of an answer. */
import type { ErrorAnswer } from '../src/api/error.js';
import { escapeForTerminal } from './terminal.js';

export function describeError(json: string): string {
  const { errorCode, errorMessage } = JSON.parse(json) as ErrorAnswer; // server and command line are of one version
  return escapeForTerminal(`${errorCode}: ${errorMessage}`);
}
