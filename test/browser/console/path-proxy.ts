/** What users put in front to have the service below a path of their own site: strips the path and passes the rest on. */
import { createServer, request } from 'node:http';
import { type Listening, listenLocally } from '../../support/listening.js';

export function startPathProxy(target: string, prefix: string): Promise<Listening> {
  const { hostname: host, port } = new URL(target);
  const server = createServer((incoming, outgoing) => {
    const path = incoming.url ?? '';
    if (!path.startsWith(`${prefix}/`)) {
      outgoing.writeHead(404).end('not below the prefix');
      return;
    }
    const { method, headers } = incoming;
    const passed = request({ host, port, method, path: path.slice(prefix.length), headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    passed.on('error', () => outgoing.destroy());
    outgoing.on('close', () => passed.destroy());
    incoming.pipe(passed);
  });
  return listenLocally(server);
}
