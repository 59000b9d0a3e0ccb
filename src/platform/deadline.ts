/**
 * A signal that aborts with another one or when its time is over. Not `AbortSignal.any` with `AbortSignal.timeout`: what only such
 * a signal knows, Node 20 collects as garbage, and then its time is never over.
 */
export interface Deadline {
  readonly signal: AbortSignal;
  /** To be called when what it was for has ended. */
  close(): void;
}

export function openDeadline(ms: number, other?: AbortSignal): Deadline {
  const controller = new AbortController();
  const timer = setTimeout(() => end(new DOMException('The time is over.', 'TimeoutError')), ms);
  const follow = () => end(other?.reason);
  const close = () => {
    clearTimeout(timer);
    other?.removeEventListener('abort', follow);
  };
  const end = (reason: unknown) => {
    close();
    controller.abort(reason);
  };
  other?.addEventListener('abort', follow);
  if (other?.aborted) follow();
  return { signal: controller.signal, close };
}
