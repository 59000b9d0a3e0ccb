/**
 * What it costs to check the signature of a write: CPU time of one check of the headers, for a request as SDKs send it.
 *
 *   node dist/bench/signatures.js [rounds]
 *
 * Variants take turns within a round; printed are the median and the least, in microseconds. Digests of bodies are
 * shown apart: they grow with the body.
 */
import type { IncomingMessage } from 'node:http';
import { createAuthenticator, type Signer } from '../src/http/auth/authenticate.js';
import type { Exchange } from '../src/http/route.js';
import { systemClock } from '../src/platform/clock.js';
import { sign } from '../test/support/sign.js';

const rounds = Number(process.argv[2] ?? 60);
const CHECKS_PER_ROUND = 2000;
const key = {
  id: 'LBbench',
  secret: 'a-secret-of-thirty-characters-',
  roles: ['write' as const],
  projects: null,
  isEnabled: true,
  createdAt: 0,
};
const authenticate = createAuthenticator({ findKey: (id) => (id === key.id ? key : undefined), clock: systemClock });
/** As large as a hundred compressed page events. */
const body = Buffer.alloc(20_000, 'body');

function exchangeOf(scheme: 'hmac-sha1' | 'hmac-sha256' | 'v4'): Exchange {
  const headers = sign(
    {
      method: 'POST',
      path: '/logstores/web/shards/lb',
      host: 'shop.log.example.com',
      headers: {
        'content-type': 'application/x-protobuf',
        'x-log-bodyrawsize': '67000',
        'x-log-compresstype': 'lz4',
        'user-agent': 'sls-sdk',
      },
      body,
    },
    key,
    scheme,
  );
  // No more than this is looked at.
  return {
    request: { method: 'POST', headers } as unknown as IncomingMessage,
    path: '/logstores/web/shards/lb',
    queryText: '',
  } as Exchange;
}

const signers: Signer[] = [];
const variants = (['hmac-sha1', 'hmac-sha256', 'v4'] as const).flatMap((scheme) => {
  const exchange = exchangeOf(scheme);
  const signer = authenticate(exchange);
  return [
    { name: `${scheme} headers`, run: () => void signers.splice(0, 1, authenticate(exchange)) },
    { name: `${scheme} body of ${body.length} bytes`, run: () => signer.checkBody(body) },
  ];
});

const times = variants.map((): number[] => []);
for (let round = 0; round < rounds; round++) {
  for (const [i, { run }] of variants.entries()) {
    const before = process.cpuUsage();
    for (let n = 0; n < CHECKS_PER_ROUND; n++) run();
    const { user, system } = process.cpuUsage(before);
    times[i]?.push((user + system) / CHECKS_PER_ROUND);
  }
}
for (const [i, { name }] of variants.entries()) {
  const sorted = (times[i] ?? []).sort((a, b) => a - b);
  console.log(
    `${name.padEnd(36)} median ${sorted[sorted.length >> 1]?.toFixed(1)} us   least ${sorted[0]?.toFixed(1)} us`,
  );
}
