/** What users put in front for https: ends TLS and passes on the bytes inside as they are. */
import { connect } from 'node:net';
import { createServer } from 'node:tls';
import { makeCertificate } from './certificate.js';
import { type Listening, listenLocally } from './listening.js';

export function startTlsProxy(target: string, certificate = makeCertificate()): Promise<Listening> {
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
  return listenLocally(server);
}
