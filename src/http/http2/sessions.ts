/**
 * Connections of HTTP/2, and how long and how busily they may go on. Node limits what a connection holds and how many of its
 * streams a client may reset; it does not mind time. So all of them are looked at again and again, and ended when nothing was
 * asked for too long, a request takes too long to come, or an answer is not read: with a window of nothing a client could hold
 * a connection for good, and say nothing.
 */
import { constants, type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2';
import type { Clock } from '../../platform/clock.js';

export interface SessionTimes {
  /** From the connection to its first request. */
  readonly headersTimeoutMs: number;
  /** From the headers of a request to the end of its body; and of an answer that is whole, without any of it being taken. */
  readonly requestTimeoutMs: number;
  /** Without a request. */
  readonly keepAliveTimeoutMs: number;
}

export interface SessionsOptions extends SessionTimes {
  readonly clock: Clock;
  /** Whether new connections are accepted. When not, those there are end as soon as their requests are answered. */
  readonly isListening: () => boolean;
}

/** A request whose body is still coming. */
interface Arrival {
  readonly startedMs: number;
  /** Lets it be answered that it took too long. */
  readonly giveUp: () => void;
}

interface Session {
  readonly arrivals: Map<ServerHttp2Stream, Arrival>;
  openStreams: number;
  /** Since when nothing was asked. */
  idleSinceMs: number;
  hasBegun: boolean;
}

const LOOK_EVERY_MS = 250;
/** For the answer that a request took too long; then its stream is closed. */
const GRACE_MS = 1000;

export class Http2Sessions {
  readonly #options: SessionsOptions;
  readonly #sessions = new Map<ServerHttp2Session, Session>();
  #timer: NodeJS.Timeout | null = null;

  constructor(options: SessionsOptions) {
    this.#options = options;
  }

  begin(session: ServerHttp2Session): void {
    const { clock, requestTimeoutMs } = this.#options;
    const kept: Session = { arrivals: new Map(), openStreams: 0, idleSinceMs: clock.monotonicMs(), hasBegun: false };
    this.#sessions.set(session, kept);
    this.#timer ??= setInterval(() => this.#look(), LOOK_EVERY_MS);
    session.on('stream', (stream: ServerHttp2Stream) => {
      kept.openStreams++;
      kept.hasBegun = true;
      stream.setTimeout(requestTimeoutMs);
      // Nothing has moved for so long. An answer that is still being made may take its time; a whole one waits for the client.
      stream.on('timeout', () => stream.writableEnded && stream.close(constants.NGHTTP2_CANCEL));
      stream.once('close', () => {
        kept.openStreams--;
        kept.arrivals.delete(stream);
        kept.idleSinceMs = clock.monotonicMs();
      });
    });
    session.once('close', () => {
      this.#sessions.delete(session);
      if (this.#sessions.size > 0 || this.#timer === null) return;
      clearInterval(this.#timer);
      this.#timer = null;
    });
  }

  /** A request has come, without its body; `giveUp` is called if that takes too long. */
  expectBody(stream: ServerHttp2Stream, giveUp: () => void): void {
    const session = stream.session && this.#sessions.get(stream.session as ServerHttp2Session);
    session?.arrivals.set(stream, { startedMs: this.#options.clock.monotonicMs(), giveUp });
    stream.once('end', () => session?.arrivals.delete(stream));
  }

  #look(): void {
    const nowMs = this.#options.clock.monotonicMs();
    const { headersTimeoutMs, requestTimeoutMs, keepAliveTimeoutMs, isListening } = this.#options;
    for (const [session, { arrivals, openStreams, idleSinceMs, hasBegun }] of this.#sessions) {
      for (const [stream, { startedMs, giveUp }] of arrivals) {
        const lateMs = nowMs - startedMs - requestTimeoutMs;
        if (lateMs > GRACE_MS) stream.close(constants.NGHTTP2_CANCEL);
        else if (lateMs > 0) giveUp();
      }
      const idleMs = openStreams > 0 ? 0 : nowMs - idleSinceMs;
      const idleMsMax = hasBegun ? keepAliveTimeoutMs : headersTimeoutMs;
      if (idleMs > idleMsMax + GRACE_MS) session.destroy();
      else if ((idleMs > idleMsMax || !isListening()) && !session.closed) session.close();
    }
  }
}
