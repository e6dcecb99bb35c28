import type { BackendCheck } from '../../core/ports/backend-check.ts';
import type { Telemetry } from '../../core/ports/telemetry.ts';
import type { Window } from '../../core/schemas/primitives.ts';
import { createGoogleClients } from './clients.ts';
import type { GoogleConnection } from './connection.ts';
import { createGoogleTelemetry } from './google-telemetry.ts';
import { verifyGoogle } from './verify-google.ts';

/** Looks of investigations at one project of Google Cloud. */
export interface GoogleLooks {
  begin(
    investigationId: string,
    subject: { readonly window: Window },
  ): Promise<{ readonly window: Window; readonly text: string }>;
  use<Result>(
    investigationId: string,
    latest: () => Promise<{ readonly stepKey: string; readonly window: Window }>,
    work: (telemetry: Telemetry) => Promise<Result>,
  ): Promise<Result>;
  /** Asks each backend how it stands. */
  verify(now: number, signal: AbortSignal): Promise<readonly BackendCheck[]>;
  close(): Promise<void>;
}

/** Looks held in memory at once, with what was read for them; the one used longest ago goes first. */
const heldLooks = 4;

/**
 * Makes the looks. Nothing is copied: Google Cloud keeps what it has, so a look is a window, and what is read of it is read once as long as this process lives.
 * A later look of the same investigation reads anew.
 */
export function createGoogleLooks(connection: GoogleConnection): GoogleLooks {
  const clients = createGoogleClients(connection);
  const held = new Map<string, Telemetry>();

  const telemetryOf = (key: string, window: Window): Telemetry => {
    const telemetry = held.get(key) ?? createGoogleTelemetry({ connection, clients, window });
    held.delete(key);
    held.set(key, telemetry);
    for (const oldest of held.keys()) {
      if (held.size <= heldLooks) break;
      held.delete(oldest);
    }
    return telemetry;
  };

  return {
    begin: (_investigationId, { window }) =>
      Promise.resolve({ window, text: `project ${connection.projectId} of Google Cloud` }),
    use: async (investigationId, latest, work) => {
      const { stepKey, window } = await latest();
      return work(telemetryOf(`${investigationId}/${stepKey}`, window));
    },
    verify: (now, signal) => verifyGoogle({ connection, clients }, { now, signal }),
    close: () => clients.close(),
  };
}
