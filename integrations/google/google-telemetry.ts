import type {
  LogsQuery,
  Read,
  RecordKind,
  Records,
  Telemetry,
} from '../../core/ports/telemetry.ts';
import type { Window } from '../../core/schemas/primitives.ts';
import type { GoogleClients } from './clients.ts';
import type { GoogleConnection } from './connection.ts';
import { glanceAtLogs, readCoverage } from './read-coverage.ts';
import { createNativeSources } from './native-queries.ts';
import { readChanges } from './read-changes.ts';
import { readLogs } from './read-logs.ts';
import type { AttributedRecord } from './read-logs.ts';
import { readMetrics, readMetricTypes } from './read-metrics.ts';
import { readSpans } from './read-spans.ts';
import { createWarehouse } from './read-warehouse.ts';
import { createSharedReads } from './shared-reads.ts';

/**
 * Makes the telemetry of one look at a project of Google Cloud: what was asked once is not asked again, whoever asks, so that all who work on an investigation
 * see the same. Which services there are, and what they are called, is told by resources and labels.
 */
export function createGoogleTelemetry(options: {
  readonly connection: GoogleConnection;
  readonly clients: GoogleClients;
  readonly window: Window;
}): Telemetry {
  const { connection, clients, window } = options;
  const backend = { clients, ...connection };
  const shared = createSharedReads();
  const attributes = new Map<number, Readonly<Record<string, string>>>();
  let rows = 0;
  const nextRow = (): number => (rows += 1);

  const logs = (query: LogsQuery, signal: AbortSignal): Promise<Read<AttributedRecord>> =>
    shared(['logs', query], signal, async (joint) => {
      const read = await readLogs(backend, query, { signal: joint, nextRow });
      for (const record of read.rows) attributes.set(record.row, record.attributes);
      return read;
    });
  const types = (signal: AbortSignal): ReturnType<typeof readMetricTypes> =>
    shared(['types'], signal, (joint) => readMetricTypes(backend, joint));
  const telemetry: Telemetry = {
    window,
    baselines: [],
    candidates: null,
    knownOnsetAt: null,
    metrics: (query, signal) =>
      shared(['metrics', query], signal, async (joint) =>
        readMetrics(backend, query, await types(joint), joint),
      ),
    logs,
    logAttributes: (wanted) =>
      Promise.resolve(
        new Map(wanted.flatMap((row) => [[row, attributes.get(row) ?? {}] as const])),
      ),
    spans: (query, signal) =>
      shared(['spans', query], signal, (joint) => readSpans(backend, query, joint)),
    changes: (query, signal) =>
      shared(['changes', query], signal, (joint) => readChanges(backend, query, joint)),
    records: <Kind extends RecordKind>(kind: Kind): Promise<Read<Records[Kind]>> =>
      Promise.resolve({
        rows: [],
        query: `no ${kind} in Google Cloud`,
        source: `projects/${connection.projectId}`,
        truncated: null,
      }),
    coverage: async (signal) => {
      const glance = (joint: AbortSignal) => glanceAtLogs(backend, window, joint);
      const logs = shared(['log coverage'], signal, glance);
      const kinds = await Promise.all([readCoverage(telemetry, signal), logs]);
      const warehouse = { kind: 'warehouse', rows: 1, services: [] };
      const languages = { kind: 'query-languages', rows: 2, services: [] };
      return [...kinds.flat(), languages, ...(connection.warehouse === null ? [] : [warehouse])];
    },
    native: createNativeSources(backend, window),
    ...(connection.warehouse === null
      ? {}
      : { warehouse: createWarehouse(backend, connection.warehouse) }),
  };

  return telemetry;
}
