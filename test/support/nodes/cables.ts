/**
 * Hosts of a test, and the cables between them: network namespaces that have nothing in common but what is plugged in. It takes
 * Linux, root and iproute2. Whatever a cable carried when it was pulled is lost without a word, as on a wire.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { randomInt } from 'node:crypto';

/** A host, or null for the machine that the test runs on. */
export type Host = string | null;

export interface Cable {
  /** Addresses of its two ends. */
  readonly from: string;
  readonly to: string;
  pull(): void;
  plug(): void;
}

/** Whether this machine has them. */
export function hasCables(): boolean {
  const name = `logboom-${process.pid}-probe`;
  const isMade = spawnSync('ip', ['netns', 'add', name]).status === 0;
  if (isMade) run('netns', 'delete', name);
  return isMade;
}

/** Meant for measurements (RFC 2544), so that nobody's network has them; four addresses for each cable. */
const NETWORKS = 0x8000;

export class Cabling {
  readonly #hosts: string[] = [];
  #nextNetwork = randomInt(NETWORKS - 64);

  /** What stands before a command that is to run there: `hostPrefix`. */
  addHost(name: string): string {
    const host = `logboom-${process.pid}-${name}`;
    run('netns', 'add', host);
    this.#hosts.push(host);
    run('-n', host, 'link', 'set', 'lo', 'up');
    return host;
  }

  /** It is pulled out at its end `to`: there everybody knows at once, at the other end packets go nowhere. */
  lay(from: Host, to: Host): Cable {
    const network = this.#nextNetwork++;
    const [near, far] = [1, 2].map(
      (host) => `198.${18 + (network >> 14)}.${(network >> 6) & 255}.${(network & 63) * 4 + host}`,
    );
    const [nearEnd, farEnd] = [`lb${network}a`, `lb${network}b`];
    run('link', 'add', nearEnd, 'type', 'veth', 'peer', 'name', farEnd);
    for (const [host, end, address] of [
      [from, nearEnd, near],
      [to, farEnd, far],
    ] as const) {
      if (host !== null) run('link', 'set', end, 'netns', host);
      run(...at(host), 'address', 'add', `${address}/30`, 'dev', end);
      run(...at(host), 'link', 'set', end, 'up');
    }
    return {
      from: near ?? '',
      to: far ?? '',
      pull: () => run(...at(to), 'link', 'set', farEnd, 'down'),
      plug: () => run(...at(to), 'link', 'set', farEnd, 'up'),
    };
  }

  /** Their cables go with them. */
  remove(): void {
    for (const host of this.#hosts.splice(0)) run('netns', 'delete', host);
  }
}

export function hostPrefix(host: string): readonly [string, ...string[]] {
  return ['ip', 'netns', 'exec', host];
}

function at(host: Host): readonly string[] {
  return host === null ? [] : ['-n', host];
}

function run(...words: readonly string[]): void {
  execFileSync('ip', words, { stdio: ['ignore', 'ignore', 'pipe'] });
}
