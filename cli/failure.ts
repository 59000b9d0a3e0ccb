/** How a command ends. */
export const EXIT = {
  done: 0,
  /** The server refused what was asked, or failed at it. */
  refused: 1,
  /** The command line, or what it needs from around it, is wrong; nothing was asked. */
  usage: 2,
  /** There is no server, or no Logboom, where one was looked for. */
  unreachable: 3,
  interrupted: 130,
} as const;

/** Ends the command: the message goes to standard error. */
export class Failure extends Error {
  override readonly name = 'Failure';
  readonly exitCode: number;

  constructor(end: keyof typeof EXIT, message: string, options?: ErrorOptions) {
    super(message, options);
    this.exitCode = EXIT[end];
  }
}
