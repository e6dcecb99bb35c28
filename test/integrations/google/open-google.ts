import type { Telemetry } from '../../../core/ports/telemetry.ts';
import type { Window } from '../../../core/schemas/primitives.ts';
import { createGoogleClients } from '../../../integrations/google/clients.ts';
import type { GoogleConnection } from '../../../integrations/google/connection.ts';
import { createGoogleTelemetry } from '../../../integrations/google/google-telemetry.ts';

export interface OpenGoogle {
  readonly telemetry: Telemetry;
  readonly close: () => Promise<void>;
}

/** Opens a look at a local Google through the real clients. */
export function openGoogle(
  url: string,
  window: Window,
  change: Partial<GoogleConnection> = {},
): OpenGoogle {
  // Else the client libraries ask whether this machine is one of Google's.
  process.env['METADATA_SERVER_DETECTION'] = 'none';
  const connection: GoogleConnection = {
    projectId: 'kit-project',
    endpoint: url,
    metricPrefixes: ['workload.googleapis.com/'],
    warehouse: { table: 'telemetry.samples', location: 'US', maxBytes: 1_000_000_000 },
    ...change,
  };
  const clients = createGoogleClients(connection);
  return {
    telemetry: createGoogleTelemetry({ connection, clients, window }),
    close: () => clients.close(),
  };
}
