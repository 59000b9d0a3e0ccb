/** What users put in front for https: ends TLS and passes on the bytes inside as they are. */
import { connect } from 'node:net';
import { createServer } from 'node:tls';
import { makeCertificate, type Pair } from './certificate.js';
import { type Listening, listenLocally } from './listening.js';

export interface TlsProxy extends Listening {
  /** For the connections to come. */
  renew(certificate: Pair): void;
}

export async function startTlsProxy(target: string, certificate = makeCertificate()): Promise<TlsProxy> {
  const { hostname: host, port } = new URL(target);
  const server = createServer({ ...certificate, ALPNProtocols: ['http/1.1'] }, (client) => {
    const upstream = connect({ host, port: Number(port) });
    client.pipe(upstream).pipe(client);
    // Whoever breaks off, breaks off both.
    client.on('error', () => upstream.destroy());
    upstream.on('error', () => client.destroy());
  });
  // Browsers open connections that they do not use, and drop them.
  server.on('tlsClientError', () => {});
  const listening = await listenLocally(server);
  return { ...listening, renew: (renewed) => server.setSecureContext(renewed) };
}
