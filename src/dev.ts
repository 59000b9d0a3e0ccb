/**
 * The emulator: the tracking API as `serve` has it, without a disk and without the engine, for tests of pages and apps. The
 * same listener, checks and scanner; every project and logstore exists; logs are kept in memory.
 */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { livenessRoute } from './admin/health.js';
import { SETTINGS } from './config.js';
import { AnyCatalog } from './dev/any-catalog.js';
import { Faults } from './dev/faults.js';
import { KeptBatches } from './dev/kept-batches.js';
import { type KeptLog, KeptLogs } from './dev/kept-logs.js';
import { testRoutes } from './dev/test-routes.js';
import { DailyKey } from './guard/daily-key.js';
import { Guard } from './guard/guard.js';
import { createKeptAddress } from './guard/kept-address.js';
import { QuarantineLimit } from './guard/quarantine-limit.js';
import { RefusalLog } from './guard/refusal-log.js';
import { createBodyReader } from './http/body.js';
import { BufferPool } from './http/buffer-pool.js';
import { createClientAddress } from './http/client-address.js';
import { createHostResolver } from './http/host.js';
import { InFlight } from './http/in-flight.js';
import { createListener } from './http/listener.js';
import { createRequestIds } from './http/request-ids.js';
import { DEFAULT_QUOTA } from './model/write-rules.js';
import { systemClock } from './platform/clock.js';
import { openLog } from './platform/diagnostics.js';
import { trackingRoutes } from './tracking/routes.js';
import { tooLarge } from './tracking/settings.js';

export interface DevOptions {
  readonly host?: string | undefined;
  /** 0, which is the default, finds a free one. */
  readonly port?: number | undefined;
  /** Answers as strictly as SLS does: values that are not strings are refused. */
  readonly strict?: boolean | undefined;
  readonly onLog?: ((log: KeptLog) => void) | undefined;
}

export interface Dev {
  /** `http://127.0.0.1:41234`, without a slash at the end. */
  readonly url: string;
  close(): Promise<void>;
}

const NO_LIMIT = { requestsPerSecond: 0, bytesPerSecond: 0 };

/** Resolves when it accepts. */
export async function openDev({ host = '127.0.0.1', port = 0, strict = false, onLog }: DevOptions = {}): Promise<Dev> {
  const settings = {
    bodyBytesMax: defaultOf('bodyBytesMax'),
    logsPerRequestMax: defaultOf('logsPerRequestMax'),
    nonStringValues: strict ? ('refuse' as const) : ('store' as const),
  };
  const inFlight = new InFlight(defaultOf('inFlightBytesMax'));
  const catalog = new AnyCatalog();
  const logs = new KeptLogs(catalog, systemClock, onLog ?? (() => {}));
  const faults = new Faults();
  const keptAddress = createKeptAddress(new DailyKey(systemClock));
  const log = openLog('dev', 'warn');
  const tracking = trackingRoutes({
    settings,
    spool: logs,
    inFlight,
    catalog,
    clock: systemClock,
    log,
    clientAddress: createClientAddress([]),
    keptAddress,
    // Nobody asks an emulator what fields it has seen.
    sampler: { offer() {} },
    keyCap: { apply: (_logstore, body) => body },
    refusals: new RefusalLog(systemClock, keptAddress),
    // No logstore of the emulator has a quarantine.
    quarantineLimit: new QuarantineLimit({ logsPerSecond: 0, bytesPerSecond: 0 }, systemClock),
    onQuarantined: () => {},
    resolveHost: createHostResolver({ endpoints: [], domains: new Map(), registered: () => catalog.domains() }),
    defaultProject: SETTINGS.defaultProject.default,
    guard: new Guard({
      settings: {
        address: NO_LIMIT,
        exemptAddresses: [],
        origin: NO_LIMIT,
        logstore: NO_LIMIT,
        project: NO_LIMIT,
        blockedAddresses: [],
      },
      projectQuota: () => DEFAULT_QUOTA,
      clock: systemClock,
    }),
    bodies: createBodyReader(new BufferPool(0), inFlight, () => tooLarge(settings)),
    onStored: () => {},
    batches: new KeptBatches(),
    onBatch: () => {},
  });
  const server = createListener({
    routes: [livenessRoute, ...tracking.map((route) => faults.wrap(route)), ...testRoutes(logs, faults)],
    crossOrigin: true,
    requestIds: createRequestIds(systemClock),
    clock: systemClock,
    log,
    connectionsMax: defaultOf('connectionsMax'),
    headersTimeoutMs: defaultOf('headersTimeout'),
    requestTimeoutMs: defaultOf('requestTimeout'),
    keepAliveTimeoutMs: defaultOf('keepAliveTimeout'),
    onAnswer: () => {},
  });
  server.listen({ host, port });
  await once(server, 'listening');
  // What a TCP server listens on is never a string.
  const address = server.address() as AddressInfo;
  return {
    url: `http://${address.family === 'IPv6' ? `[${address.address}]` : address.address}:${address.port}`,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

/** The setting of the same name, as `serve` has it without being told. */
function defaultOf(
  name:
    | 'bodyBytesMax'
    | 'logsPerRequestMax'
    | 'inFlightBytesMax'
    | 'connectionsMax'
    | 'headersTimeout'
    | 'requestTimeout'
    | 'keepAliveTimeout',
): number {
  const setting = SETTINGS[name];
  const value = setting.read(setting.default);
  if (value === undefined) throw new Error(`${name} has a default that it does not take`);
  return value;
}
