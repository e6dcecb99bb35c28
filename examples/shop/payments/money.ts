import type { Releases } from '../service/releases.ts';

const wideField = 12;
const narrowField = 5;

/**
 * Writes an amount in minor units as the zero-padded field of an authorisation message. The release decides how wide
 * the field is.
 */
export function toNetworkAmount(amountMinor: number, releases: Releases): string {
  const digits = String(amountMinor);
  const width = releases.carries('amount-field') ? narrowField : wideField;
  return '0'.repeat(width - digits.length) + digits;
}
