/**
 * A store process without an engine: node store.js SOCKET. After SIGUSR2 it lives on and answers no ping. While a file
 * `opening` is beside the socket it is busy, as an engine that opens many files is, and hears nothing.
 */
import * as fs from 'node:fs';
import * as http from 'node:http';
import * as path from 'node:path';

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

const isOpening = () => fs.existsSync(path.join(path.dirname(socket), 'opening'));
while (isOpening()) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);

fs.rmSync(socket, { force: true });
server.listen(socket, () => {
  process.send?.({ kind: 'ready' });
  setInterval(() => process.send?.({ kind: 'beat' }), 50);
});
