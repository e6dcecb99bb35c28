import { callService } from '../service/call-service.ts';
import type { ServiceReply } from '../service/call-service.ts';
import type { Runtime } from '../service/runtime.ts';

/** The name of the card network in telemetry; nobody sees inside it. */
export const cardNetworkPeer = 'card-network';

/**
 * Sends one message to the card network; a failed one is sent again `cardNetworkRetries` times at most, and then its
 * failure is thrown.
 */
export async function callCardNetwork(
  runtime: Runtime,
  operation: 'authorisations' | 'refunds' | 'settlements',
  body: unknown,
): Promise<ServiceReply> {
  const retries = runtime.settings.get('cardNetworkRetries');
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await callService(runtime, {
        peer: cardNetworkPeer,
        baseUrl: runtime.options.cardNetworkUrl,
        method: 'POST',
        template: `/${operation}`,
        path: `/${operation}`,
        body,
        timeoutMs: runtime.settings.get('cardNetworkTimeoutMs'),
      });
    } catch (error) {
      if (attempt >= retries) throw error;
      runtime.telemetry.log(
        'WARN',
        `${error instanceof Error ? error.message : String(error)}; trying again`,
      );
    }
  }
}
