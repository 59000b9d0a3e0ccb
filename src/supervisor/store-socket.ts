/** Where the embedded store's unix socket is. */
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';

/** sockaddr_un holds 108 bytes on Linux and 104 on macOS, the final NUL included. */
const SOCKET_PATH_BYTES_MAX = 103;

/**
 * The socket's path, in a directory that is made if missing and open to its owner alone: in the data directory, or if
 * that is too deep for a socket, under the system's temporary one.
 */
export function storeSocket(dataDirectory: string, temporaryDirectory = os.tmpdir()): string {
  const near = path.join(dataDirectory, 'run', 'store.sock');
  const socket = Buffer.byteLength(near) <= SOCKET_PATH_BYTES_MAX ? near : farSocket(dataDirectory, temporaryDirectory);
  makePrivate(path.dirname(socket));
  return socket;
}

function farSocket(dataDirectory: string, temporaryDirectory: string): string {
  const name = createHash('sha256').update(dataDirectory).digest('hex').slice(0, 16);
  return path.join(temporaryDirectory, `logboom-${name}`, 'store.sock');
}

/** Everyone may make names in a temporary directory; whoever owns the directory can put their own socket there. */
function makePrivate(directory: string): void {
  fs.mkdirSync(directory, { recursive: true, mode: 0o700 });
  const { uid, mode } = fs.lstatSync(directory);
  const isOurs = uid === process.getuid?.();
  if (!isOurs || (mode & 0o077) !== 0) throw new Error(`${directory} must belong to us and be closed to others`);
}
