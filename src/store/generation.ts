/** Names a run of the store, which may forget by a restart what it has not yet written: see docs/decisions/0002-load-once.md */
import type { ResponseHeaders } from '@clickhouse/client';
import type { Connection } from './connection.js';
import { readRunMark } from './run-mark.js';

/** Of a cluster: what it has confirmed is on several servers, and a restart of one forgets nothing. */
const REPLICATED = 'replicated';

export async function readGeneration(connection: Connection, msMax: number, signal: AbortSignal): Promise<string> {
  if (connection.isCluster) return REPLICATED;
  return connection.ask({ signal, msMax }, async ({ client }, abort_signal) => {
    if (!connection.opening.isEmbedded) return readRunMark(client, abort_signal);
    const result = await client.query({ query: 'SELECT 1', format: 'JSONEachRow', abort_signal });
    await result.text();
    return generationOf(result.response_headers);
  });
}

/** The embedded engine says it with every answer. */
export function generationOf(headers: ResponseHeaders): string {
  return String(headers['x-clickhouse-server-display-name']);
}
