import { credentials } from '@grpc/grpc-js';
import type { ChannelCredentials } from '@grpc/grpc-js';
import type { BigQuery } from '@google-cloud/bigquery';
import type { MetricServiceClient } from '@google-cloud/monitoring';
import type { GoogleConnection } from './connection.ts';
import type { LogEntry } from './log-entry.ts';

/** What is used of the generated client of Cloud Logging, which has no types where its package hands it on. */
export interface LoggingClient {
  listLogEntries(
    request: object,
    options: object,
  ): Promise<[LogEntry[], object | null, { readonly nextPageToken?: string | null }]>;
  close(): Promise<void>;
}

/** The clients of one project. Each is loaded when it is first asked for: together they take half a second and 66 MB. */
export interface GoogleClients {
  logging(): Promise<LoggingClient>;
  metrics(): Promise<MetricServiceClient>;
  bigquery(): Promise<BigQuery>;
  /** Headers that identify us to a REST API. */
  headers(): Promise<Headers>;
  /** Where a REST API is: `cloudtrace` gives `https://cloudtrace.googleapis.com`. */
  baseOf(api: string): string;
  /** How long one answer is waited for. */
  readonly deadlineMs: number;
  close(): Promise<void>;
}

const usualDeadlineMs = 30_000;

/** Makes the clients; nothing is connected to yet. */
export function createGoogleClients({
  projectId,
  endpoint,
  deadlineMs = usualDeadlineMs,
}: GoogleConnection): GoogleClients {
  const grpcOptions = { projectId, ...(endpoint === null ? {} : localGrpc(endpoint)) };
  const logging = once(async () => {
    const { v2 } = (await import('@google-cloud/logging')) as {
      readonly v2: { readonly LoggingServiceV2Client: new (options: object) => LoggingClient };
    };
    return new v2.LoggingServiceV2Client(grpcOptions);
  });
  const metrics = once(async () => {
    const { MetricServiceClient } = await import('@google-cloud/monitoring');
    return new MetricServiceClient(grpcOptions);
  });
  const bigquery = once(async () => {
    const { BigQuery } = await import('@google-cloud/bigquery');
    if (endpoint === null) return new BigQuery({ projectId, autoRetry: false });
    return new BigQuery({
      ...{ projectId, apiEndpoint: endpoint, autoRetry: false },
      // Without one it looks for credentials of this machine; this is all that is called of it.
      authClient: { getRequestHeaders: () => Promise.resolve(new Headers()) } as never,
    });
  });
  return {
    deadlineMs,
    logging: logging.get,
    metrics: metrics.get,
    bigquery: bigquery.get,
    headers: async () => {
      if (endpoint !== null) return new Headers();
      const { auth } = await metrics.get();
      return new Headers(await auth.getRequestHeaders());
    },
    baseOf: (api) => endpoint ?? `https://${api}.googleapis.com`,
    close: async () => {
      await (await logging.made())?.close();
      await (await metrics.made())?.close();
    },
  };
}

/** A server on this machine needs neither encryption nor credentials. */
function localGrpc(endpoint: string): {
  readonly apiEndpoint: string;
  readonly port: number;
  readonly sslCreds: ChannelCredentials;
} {
  const { hostname, port } = new URL(endpoint);
  return {
    apiEndpoint: hostname,
    port: Number(port),
    sslCreds: credentials.createInsecure(),
  };
}

function once<Made>(make: () => Promise<Made>): {
  readonly get: () => Promise<Made>;
  readonly made: () => Promise<Made | null>;
} {
  let made: Promise<Made> | null = null;
  return {
    get: () => (made ??= make()),
    made: () => made ?? Promise.resolve(null),
  };
}
