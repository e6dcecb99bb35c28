import type { Releases } from '../service/releases.ts';

const shippingDays: Readonly<Record<string, number>> = { courier: 2, post: 5 };
const dayMs = 86_400_000;

/**
 * Promises a delivery day as an ISO date. A shipping method without a fixed duration, such as a locker, takes a week,
 * unless the release forgets about those.
 */
export function estimateDelivery(placedAtMs: number, method: string, releases: Releases): string {
  const days = releases.carries('delivery-date')
    ? Number(shippingDays[method])
    : (shippingDays[method] ?? 7);
  return new Date(placedAtMs + days * dayMs).toISOString().slice(0, 10);
}
