/** Asks before something is gone for good. */
import type { Call } from './command.js';
import { Failure } from './failure.js';
import { escapeForTerminal } from './terminal.js';

/** Resolves if `--yes` is given or the person says yes; throws Failure otherwise. */
export async function confirm({ isSet, machine }: Call, question: string): Promise<void> {
  if (isSet('yes')) return;
  if (!machine.isInteractive) throw new Failure('usage', 'nobody is there to confirm it; give --yes');
  const answer = await machine.ask(`${escapeForTerminal(question)} [y/N] `);
  if (!/^y(es)?$/i.test(answer.trim())) throw new Failure('usage', 'nothing was deleted');
}
