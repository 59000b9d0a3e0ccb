/** A part of the service that one node of a cluster does for all of them: it is opened there, when it is first needed. */
import { ApiError } from '../errors.js';

/** A procedure, whichever it is: what it takes is what its name says. */
type Procedure = (argument: never) => Promise<unknown>;

export class Duty<Part extends { readonly [Name in keyof Part]: Procedure }> {
  readonly #names: readonly (keyof Part & string)[];
  readonly #open: () => Promise<Part>;
  #part: Promise<Part> | undefined;

  /** `names` are all procedures of the part. */
  constructor(names: readonly (keyof Part & string)[], open: () => Promise<Part>) {
    this.#names = names;
    this.#open = open;
  }

  has(name: string): boolean {
    return this.#find(name) !== undefined;
  }

  /** Here. Throws ServerBusy while the part cannot be opened. */
  async perform(name: string, argument: unknown): Promise<unknown> {
    const known = this.#find(name);
    if (known === undefined) throw new Error(`nothing here is called ${name}`);
    const procedure: Procedure = (await this.#opened())[known];
    // The caller is of our build or the next; its types made it keep to what the procedure takes.
    return procedure(argument as never);
  }

  /** The part for whoever is elsewhere: `ask` asks where it is done. */
  askedBy(ask: (name: string, argument: unknown) => Promise<unknown>): Part {
    const calls = this.#names.map((name) => [name, (argument: unknown) => ask(name, argument)]);
    // Each is asked by its own name for what goes by that name.
    return Object.fromEntries(calls) as unknown as Part;
  }

  #find(name: string): (keyof Part & string) | undefined {
    return this.#names.find((one) => one === name);
  }

  #opened(): Promise<Part> {
    this.#part ??= this.#open().catch((cause: unknown) => {
      this.#part = undefined;
      throw new ApiError('ServerBusy', {}, { cause });
    });
    return this.#part;
  }
}
