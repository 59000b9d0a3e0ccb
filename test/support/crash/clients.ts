/** Clients that send one batch after the other and write down what became of each. */
import * as http from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '../random.js';
import type { Answer, Ledger } from './ledger.js';
import { type Form, type TrackRequest, trackRequest } from './request-forms.js';

export interface ClientsOptions {
  readonly count: number;
  readonly ledger: Ledger;
  readonly random: Random;
  /** Of the tracking listener, as it is now. */
  url(): string;
  /** A request that got no answer by then counts as unanswered. */
  readonly answerMsMax?: number;
}

/** Between two batches of a client, at most: load for a machine that others use as well. */
const PAUSE_MS_MAX = 30;
/** A service that is down is tried again after so long. */
const FAILURE_PAUSE_MS = 50;
const ANSWER_MS_MAX = 30_000;

export class Clients {
  readonly #options: ClientsOptions;
  #isPaused = true;
  #running: Promise<unknown> = Promise.resolve();

  constructor(options: ClientsOptions) {
    this.#options = options;
  }

  start(): void {
    this.#isPaused = false;
    this.#running = Promise.all(Array.from({ length: this.#options.count }, () => this.#send()));
  }

  /** Resolves when no client has a request under way. */
  async pause(): Promise<void> {
    this.#isPaused = true;
    await this.#running;
  }

  async #send(): Promise<void> {
    const { ledger, random, url, answerMsMax = ANSWER_MS_MAX } = this.#options;
    const client = ledger.admit();
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    while (!this.#isPaused) {
      const { form, logs } = pickSize(random);
      const batch = ledger.open(client, logs);
      try {
        ledger.answered(batch, await exchange(url(), trackRequest(batch, form, random), agent, answerMsMax));
        await sleep(random.below(PAUSE_MS_MAX));
      } catch {
        // The process went away; the batch stays unanswered.
        await sleep(FAILURE_PAUSE_MS);
      }
    }
    agent.destroy();
  }
}

/** Most requests are small; one of the large ones is in danger for longer, and must be kept or lost as a whole. */
function pickSize(random: Random): { form: Form; logs: number } {
  if (random.chance(0.3)) return { form: random.pick<Form>(['get', 'gif']), logs: 1 };
  const form = random.pick<Form>(['plain', 'lz4']);
  return { form, logs: random.chance(0.03) ? random.between(100, 500) : random.between(1, 10) };
}

function exchange(
  url: string,
  { path, body, ...options }: TrackRequest,
  agent: http.Agent,
  answerMsMax: number,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(answerMsMax);
    const length = body === undefined ? {} : { 'content-length': body.length };
    const headers = { ...options.headers, ...length };
    const request = http.request(url + path, { ...options, headers, agent, signal }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      // A body that was cut off belongs to an answer all the same: its status has arrived.
      response.on('close', () =>
        resolve({
          status: response.statusCode ?? 0,
          retryAfter: response.headers['retry-after'],
          text: Buffer.concat(chunks).toString(),
        }),
      );
      response.on('error', () => {});
    });
    request.on('error', reject);
    request.end(body);
  });
}
