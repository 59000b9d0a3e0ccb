/** HTTP as bytes: what no client library would send, and every answer that comes back. */
import { connect, type Socket } from 'node:net';

export interface RawAnswer {
  readonly status: number;
  /** By lower-case name; one that occurs twice has both values, joined by a comma. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface SendOptions {
  /** Resolve at this many answers (1 if absent); `Infinity` waits until the server has ended the connection. */
  readonly answers?: number;
  /** The answers are to HEAD and have no bodies. */
  readonly isHead?: boolean;
  /** Ends our side behind the bytes. */
  readonly end?: boolean;
}

const ANSWER_MS_MAX = 15_000;

/** Sends bytes over a connection of their own and reads the answers, interim ones (100) included. */
export async function sendRaw(
  url: string,
  bytes: string | Buffer,
  { answers = 1, isHead = false, end = false }: SendOptions = {},
): Promise<RawAnswer[]> {
  const socket = await openSocket(url);
  try {
    socket.write(bytes);
    if (end) socket.end();
    return await readAnswers(socket, answers, isHead);
  } finally {
    socket.destroy();
  }
}

/** The other side may end before we do, and we before it. */
export async function openSocket(url: string): Promise<Socket> {
  const { hostname: host, port } = new URL(url);
  const socket = connect({ host, port: Number(port), allowHalfOpen: true, noDelay: true });
  // A reset ends the connection as well as a proper end does; what counts are the answers before it.
  socket.on('error', () => {});
  await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
  return socket;
}

/** Resolves at `count` answers, or when the server ends the connection. Rejects if neither comes, or half an answer. */
export function readAnswers(socket: Socket, count: number, isHead = false): Promise<RawAnswer[]> {
  return new Promise((resolve, reject) => {
    let received = Buffer.alloc(0);
    const answers: RawAnswer[] = [];
    const finish = (problem?: string) => {
      clearTimeout(timer);
      socket.off('data', onData).off('end', onEnd).off('close', onEnd);
      if (problem === undefined) resolve(answers);
      else reject(new Error(`${problem}; received: ${received.toString('latin1').slice(0, 300)}`));
    };
    const timer = setTimeout(() => finish(`${answers.length} of ${count} answers`), ANSWER_MS_MAX);
    const onData = (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      for (;;) {
        const parsed = parseAnswer(received, isHead);
        if (parsed === null) break;
        answers.push(parsed.answer);
        received = received.subarray(parsed.end);
      }
      if (answers.length >= count) finish();
    };
    const onEnd = () => finish(received.length > 0 ? 'an answer breaks off' : undefined);
    socket.on('data', onData).on('end', onEnd).on('close', onEnd);
  });
}

/** Null if there is no complete answer yet. All our answers say how long they are. */
function parseAnswer(bytes: Buffer, isHead: boolean): { answer: RawAnswer; end: number } | null {
  const headEnd = bytes.indexOf('\r\n\r\n');
  if (headEnd === -1) return null;
  const [statusLine = '', ...lines] = bytes.toString('latin1', 0, headEnd).split('\r\n');
  const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(statusLine)?.[1]);
  if (Number.isNaN(status)) throw new Error(`no status line: ${statusLine}`);
  const headers: Record<string, string> = {};
  for (const line of lines) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).toLowerCase();
    const value = line.slice(colon + 1).trim();
    headers[name] = name in headers ? `${headers[name]}, ${value}` : value;
  }
  const start = headEnd + 4;
  const end = start + (isHead || status < 200 ? 0 : Number(headers['content-length']));
  if (bytes.length < end) return null;
  return { answer: { status, headers, body: bytes.subarray(start, end) }, end };
}

/** What a client understands of an answer: its status, and the code of an error. */
export function describeAnswer({ status, body }: RawAnswer): string {
  return body.length === 0 || status === 200 ? String(status) : `${status} ${JSON.parse(body.toString()).errorCode}`;
}
