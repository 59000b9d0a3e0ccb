/** ClickHouse's own client, for the embedded store's unix socket and for the address of a server. */
import * as fs from 'node:fs';
import * as http from 'node:http';
import * as https from 'node:https';
import { type ClickHouseClient, ClickHouseLogLevel, createClient } from '@clickhouse/client';

/** Two clients of one address: a client names its database with everything it asks, and ours may still have to be made. */
export interface Clients {
  readonly bootstrap: ClickHouseClient;
  readonly client: ClickHouseClient;
}

export interface ServerAccess {
  readonly user: string;
  /** Files are read whenever a connection is set up, so that they can be replaced. Empty for none. */
  readonly passwordFile: string;
  /** PEM: certificates that a server's may be signed with, instead of those that Node knows. */
  readonly caFile: string;
  /** How long a server may take to accept a connection, TLS included. */
  readonly connectMsMax: number;
}

interface Address {
  readonly url: string;
  /** Called for each client: it ends connections that were idle for long, and must not find another's request on one. */
  openAgent(): http.Agent;
  readonly username?: string;
  readonly password?: string;
}

export function connectSocket(socketPath: string, database: string): Clients {
  // Node's types leave out that an agent's own options are merged into every request's.
  const agentOptions = { keepAlive: true, socketPath } as http.AgentOptions;
  return openClients({ url: 'http://embedded', openAgent: () => new http.Agent(agentOptions) }, database);
}

/** `url` is that of a server's HTTP interface: `https://store-1.example.com:8443`. Throws if a file cannot be read. */
export function connectServer(url: string, access: ServerAccess, database: string): Clients {
  const { user: username, passwordFile, caFile, connectMsMax } = access;
  const password = passwordFile === '' ? '' : fs.readFileSync(passwordFile, 'utf8').trimEnd();
  const isTls = url.startsWith('https:');
  const trust = caFile === '' ? {} : { ca: fs.readFileSync(caFile) };
  const openAgent = () => {
    const agent = isTls ? new https.Agent({ keepAlive: true, ...trust }) : new http.Agent({ keepAlive: true });
    limitConnecting(agent, isTls ? 'secureConnect' : 'connect', connectMsMax);
    return agent;
  };
  return openClients({ url, openAgent, username, password }, database);
}

function openClients({ url, openAgent, ...credentials }: Address, database: string): Clients {
  const open = (more: { readonly database?: string }) =>
    createClient({
      url,
      http_agent: openAgent(),
      ...credentials,
      ...more,
      // Every call brings a limit of its own.
      request_timeout: 0,
      // Errors are thrown; the client would also print them.
      log: { level: ClickHouseLogLevel.OFF },
    });
  return { bootstrap: open({}), client: open({ database }) };
}

/** Without it, a machine that is gone would be waited for as long as the kernel sees fit: two minutes. */
function limitConnecting(agent: http.Agent, done: 'connect' | 'secureConnect', msMax: number): void {
  const createConnection = agent.createConnection.bind(agent);
  agent.createConnection = (options, callback) => {
    const socket = createConnection(options, callback);
    if (socket === null || socket === undefined) return socket;
    const timer = setTimeout(() => socket.destroy(new Error(`no connection within ${msMax} ms`)), msMax);
    const stop = () => clearTimeout(timer);
    socket.once(done, stop);
    socket.once('close', stop);
    return socket;
  };
}
