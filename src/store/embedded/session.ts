/**
 * A session of chDB for one statement.
 *
 * `Session.close()` of chDB 3.4.0 keeps the connection open until everything that runs in the process at that moment has
 * ended, on whatever connection. Behind one long query thousands of them gather, at a quarter of a megabyte of the engine's
 * memory limit each. Closing a connection on which nothing runs is safe at any time (tried with ten thousand statements on
 * three connections beside two that were always busy), so we close it ourselves, by the addon that chDB uses.
 */
import { createRequire } from 'node:module';
import * as path from 'node:path';
import { Session } from 'chdb';

interface Addon {
  CloseConnection(connection: unknown): void;
}

export function openSession(directory: string, connectionArgs: readonly string[]): Session {
  return new Session(directory, { connectionArgs });
}

/** Nothing may run on the session any more. */
export function closeSession(session: Session): void {
  const { connection } = session;
  // What chDB finds to be gone it does not close later.
  session.connection = null;
  session.close();
  loadAddon().CloseConnection(connection);
}

/** The addon of this platform; Node keeps what was loaded. */
function loadAddon(): Addon {
  const require = createRequire(import.meta.url);
  const loader: { loadNative(): Addon } = require(
    path.join(path.dirname(require.resolve('chdb')), 'dist', 'loader.js'),
  );
  return loader.loadNative();
}
