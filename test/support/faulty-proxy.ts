/** A TCP proxy in front of a server, with the troubles of a network: it delays, cuts where it hurts, and hangs. */
import { once } from 'node:events';
import * as net from 'node:net';

/** What happens to the next request that looks like it. */
export interface Fault {
  /** A request with this in its first line or headers. */
  readonly match: RegExp;
  /**
   * `before`: cut at once. `body`: cut when the server has got so many bytes of the request. `answer`: the server has got
   * it all and has answered, and the client sees neither the answer nor why.
   */
  readonly cut: 'before' | 'body' | 'answer';
  readonly bytes?: number;
}

export class FaultyProxy {
  readonly #server: net.Server;
  readonly #sockets = new Set<net.Socket>();
  readonly #faults: Fault[] = [];
  readonly #target: { readonly host: string; readonly port: number };
  readonly #listenHost: string;
  #delayMs = 0;
  #port: number;

  /** Listens on any free port, unless it is told on which. */
  constructor(
    { host, port }: { readonly host: string; readonly port: number },
    listenHost = '127.0.0.1',
    listenPort = 0,
  ) {
    this.#target = { host, port };
    this.#listenHost = listenHost;
    this.#port = listenPort;
    this.#server = net.createServer((client) => this.#join(client));
  }

  get url(): string {
    return `http://${this.#listenHost}:${this.#port}`;
  }

  set delayMs(ms: number) {
    this.#delayMs = ms;
  }

  /** Listens, on the same port as before if it has listened before. */
  async open(): Promise<void> {
    this.#server.listen(this.#port, this.#listenHost);
    await once(this.#server, 'listening');
    this.#port = (this.#server.address() as net.AddressInfo).port;
  }

  /** Refuses connections, and cuts those there are. */
  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    if (!this.#server.listening) return;
    const closed = once(this.#server, 'close');
    this.#server.close();
    await closed;
  }

  plan(...faults: readonly Fault[]): void {
    this.#faults.push(...faults);
  }

  /** Faults that have not happened yet. */
  get planned(): number {
    return this.#faults.length;
  }

  #join(client: net.Socket): void {
    const server = net.connect(this.#target);
    const end = (): void => {
      client.destroy();
      server.destroy();
    };
    for (const socket of [client, server]) {
      this.#sockets.add(socket);
      socket.on('error', end);
      socket.on('close', () => {
        this.#sockets.delete(socket);
        end();
      });
    }
    let fault: Fault | undefined;
    let passed = 0;
    client.on('data', (piece: Buffer) => {
      fault ??= this.#take(piece.toString('latin1'));
      if (fault?.cut === 'before') return end();
      passed += piece.length;
      this.#pass(piece, server);
      if (fault?.cut === 'body' && passed > (fault.bytes ?? 0)) end();
    });
    server.on('data', (piece: Buffer) => {
      if (fault?.cut === 'answer') return end();
      this.#pass(piece, client);
    });
  }

  #take(head: string): Fault | undefined {
    const at = this.#faults.findIndex(({ match }) => match.test(head));
    return at === -1 ? undefined : this.#faults.splice(at, 1)[0];
  }

  #pass(piece: Buffer, to: net.Socket): void {
    if (this.#delayMs === 0) to.write(piece);
    else setTimeout(() => to.write(piece), this.#delayMs);
  }
}
