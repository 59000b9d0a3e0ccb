/**
 * Two processes that call each other over Node's IPC channel: what one side offers is a record of async functions of one
 * argument. Arguments and answers are JSON; an ApiError arrives as an ApiError, any other error as one of its message. A process
 * that ends or owes an answer for too long is the world's trouble: ServerBusy.
 */
import { ApiError } from '../errors.js';
import { receivedError, type SentError, sendableError } from '../platform/sent-error.js';

/** One end of a channel: a child process as its parent sees it, or `process` as the child does. */
interface ChannelEnd {
  send?(message: unknown, handle: undefined, options: undefined, done: () => void): unknown;
  on(event: 'message', listener: (message: unknown) => void): unknown;
  once(event: 'disconnect', listener: () => void): unknown;
}

type Procedure = (argument: never) => Promise<unknown>;
type Procedures<P> = { readonly [Name in keyof P]: Procedure };
type ArgumentOf<P> = P extends (argument: infer Argument) => unknown ? Argument : never;
type AnswerOf<P> = P extends (argument: never) => Promise<infer Answer> ? Answer : never;

/** A call without an id wants no answer. */
type Call = { readonly call: string; readonly id?: number; readonly argument: unknown };
type Answer = { readonly answerTo: number; readonly value?: unknown; readonly error?: SentError };

interface Asked {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/** Our end of a channel: we offer `Own`, the process at the other end offers `Remote`. */
export class Calls<Remote extends Procedures<Remote>, Own extends Procedures<Own>> {
  readonly #end: ChannelEnd;
  readonly #own: ReadonlyMap<string, Procedure>;
  readonly #asked = new Map<number, Asked>();
  #lastId = 0;
  #isOpen = true;

  constructor(end: ChannelEnd, own: Own) {
    this.#end = end;
    this.#own = new Map(Object.entries(own));
    // Both processes are of one build, and nothing else speaks on this channel.
    end.on('message', (message) => this.#receive(message as Call | Answer));
    end.once('disconnect', () => this.#close());
  }

  /** Rejects with what the procedure threw, or with ServerBusy if the other process ends or does not answer within `msMax`. */
  ask<Name extends keyof Remote & string>(
    name: Name,
    argument: ArgumentOf<Remote[Name]>,
    msMax: number,
  ): Promise<AnswerOf<Remote[Name]>> {
    return new Promise((resolve, reject) => {
      if (!this.#isOpen) return reject(busy(ENDED));
      const id = ++this.#lastId;
      const settle = (how: () => void) => {
        clearTimeout(timer);
        this.#asked.delete(id);
        how();
      };
      const timer = setTimeout(() => settle(() => reject(busy(`no answer to ${name} in ${msMax} ms`))), msMax);
      this.#asked.set(id, {
        // What the other end's procedure of this name returned.
        resolve: (value) => settle(() => resolve(value as AnswerOf<Remote[Name]>)),
        reject: (error) => settle(() => reject(error)),
      });
      this.#send({ call: name, id, argument });
    });
  }

  /** What the other end offers, as if it were here; each call has `msMax` to be answered. */
  procedures(msMax: number): Remote {
    const call = (name: keyof Remote & string) => (argument: never) => this.ask(name, argument, msMax);
    // Whoever takes a property of it takes one of `Remote`, which `ask` calls with what its type says.
    return new Proxy({}, { get: (_, name) => call(name as keyof Remote & string) }) as Remote;
  }

  /** Calls and does not want to know the outcome. What the procedure throws is uncaught over there. */
  tell<Name extends keyof Remote & string>(name: Name, argument: ArgumentOf<Remote[Name]>): void {
    this.#send({ call: name, argument });
  }

  #receive(message: Call | Answer): void {
    if ('call' in message) {
      void this.#perform(message);
    } else if (message.error === undefined) {
      this.#asked.get(message.answerTo)?.resolve(message.value);
    } else {
      this.#asked.get(message.answerTo)?.reject(receivedError(message.error));
    }
  }

  async #perform({ call, id, argument }: Call): Promise<void> {
    try {
      const procedure = this.#own.get(call);
      if (procedure === undefined) throw new Error(`nothing here is called ${call}`);
      // `Own` says what it takes, and the type of `Calls` over there made the caller keep to it.
      const value = await procedure(argument as never);
      if (id !== undefined) this.#send({ answerTo: id, value });
    } catch (error) {
      if (id === undefined) throw error;
      this.#send({ answerTo: id, error: sendableError(error) });
    }
  }

  /** A message to a process that is ending is lost; its end is noticed in another way. */
  #send(message: Call | Answer): void {
    this.#end.send?.(message, undefined, undefined, () => {});
  }

  #close(): void {
    this.#isOpen = false;
    for (const asked of [...this.#asked.values()]) asked.reject(busy(ENDED));
  }
}

const ENDED = 'the process ended';

function busy(why: string): ApiError {
  return new ApiError('ServerBusy', {}, { cause: new Error(why) });
}
