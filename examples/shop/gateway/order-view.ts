import type { Releases } from '../service/releases.ts';

/**
 * Formats an amount in minor units for the user, whose client sends its locale as `de-DE` or `de_DE`. The release
 * decides whether the second form is understood.
 */
export function formatTotal(
  amountMinor: number,
  currency: string,
  locale: string,
  releases: Releases,
): string {
  const tag = releases.carries('order-locale') ? locale : locale.replace('_', '-');
  return new Intl.NumberFormat(tag, { style: 'currency', currency }).format(amountMinor / 100);
}
