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
import { coverChanges, coverLogs, coverMetrics, coverSpans } from './read-coverage.ts';
import { readChanges } from './read-changes.ts';
import { readEntries, readLogs, writeLogsFilter } from './read-logs.ts';
import type { AttributedRecord } from './read-logs.ts';
import { readMetrics, readMetricTypes } from './read-metrics.ts';
import { readSpans } from './read-spans.ts';
import { createWarehouse } from './read-warehouse.ts';
import { createSharedReads } from './shared-reads.ts';

/** As many as the tools ask for, so that they find what was read for the coverage. */
const mostSeries = 5_000;
const mostSpans = 150_000;
const mostChanges = 500;
const glance = 1_000;

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
      const [metrics, spans, changes, logCoverage] = await Promise.all([
        telemetry.metrics({ window, limit: mostSeries }, signal),
        telemetry.spans({ window, limit: mostSpans }, signal),
        telemetry.changes({ window, limit: mostChanges }, signal),
        shared(['log coverage'], signal, (joint) => glanceAtLogs(joint)),
      ]);
      return [
        coverMetrics(metrics),
        logCoverage,
        coverSpans(spans),
        coverChanges(changes),
        ...(connection.warehouse === null
          ? []
          : [{ kind: 'warehouse', rows: 1, services: [] }]),
      ];
    },
    ...(connection.warehouse === null
      ? {}
      : { warehouse: createWarehouse(backend, connection.warehouse) }),
  };

  async function glanceAtLogs(signal: AbortSignal): Promise<ReturnType<typeof coverLogs>> {
    const filter = writeLogsFilter({ window });
    const first = await readEntries(backend, { filter, limit: glance }, signal);
    if (first.left === null) return coverLogs(first.rows, [], false);
    const last = await readEntries(backend, { filter, limit: glance, order: 'desc' }, signal);
    return coverLogs(first.rows, last.rows, true);
  }
  return telemetry;
}
