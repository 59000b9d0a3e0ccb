/** A store process without an engine: node store.js SOCKET. After SIGUSR2 it lives on and answers no ping. */
import * as fs from 'node:fs';
import * as http from 'node:http';

const socket = process.argv[2];
if (socket === undefined) throw new Error('SOCKET expected');

let answers = true;
const server = http.createServer((_request, response) => {
  if (answers) response.end('Ok.\n');
});
process.on('SIGUSR2', () => {
  answers = false;
});
process.on('SIGTERM', () => process.exit(0));
process.on('disconnect', () => process.exit(0));

fs.rmSync(socket, { force: true });
server.listen(socket, () => {
  process.send?.({ kind: 'ready' });
  setInterval(() => process.send?.({ kind: 'beat' }), 50);
});
