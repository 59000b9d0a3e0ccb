/** Whether an address can be listened on, and with which port. */
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';

interface Address {
  readonly host: string;
  readonly port: number;
}

/**
 * Listens for a moment, so that what is wrong with an address is known before any process is started, and port 0 becomes
 * a real one that every worker, also one started later, can be given.
 */
export async function probeAddress({ host, port }: Address): Promise<Address> {
  const server = createServer();
  try {
    server.listen({ host, port, exclusive: true });
    await once(server, 'listening');
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    throw new Error(`cannot listen on ${host}:${port}: ${(code && REASONS[code]) ?? message}`, { cause });
  }
  // What a TCP server listens on is never a string.
  const real = (server.address() as AddressInfo).port;
  server.close();
  await once(server, 'close');
  return { host, port: real };
}

const REASONS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another program listens there',
  EADDRNOTAVAIL: 'this machine has no such address',
  EACCES: 'ports below 1024 need a privilege',
  ENOTFOUND: 'there is no such host',
};
