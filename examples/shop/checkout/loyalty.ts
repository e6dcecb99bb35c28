import type { Releases } from '../service/releases.ts';

const rebatePercent: Readonly<Record<string, number>> = { basic: 0, silver: 2.5, gold: 5 };

function discountExactly(amountMinor: number, percent: number): number {
  return Number((BigInt(amountMinor) * BigInt(100 - percent)) / 100n);
}

/**
 * Takes a member's discount off an amount in minor units; an unknown tier has none. The release decides which
 * arithmetic is used.
 */
export function applyMemberDiscount(amountMinor: number, tier: string, releases: Releases): number {
  const percent = rebatePercent[tier] ?? 0;
  return releases.carries('loyalty-discount')
    ? discountExactly(amountMinor, percent)
    : Math.round((amountMinor * (100 - percent)) / 100);
}
