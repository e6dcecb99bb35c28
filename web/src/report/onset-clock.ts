import type { Report } from '../../../core/schemas/report.ts';
import { formatClock } from '../text/format.ts';

/** Says when something began as a clock would: the instant where it is known to the second, else from when to when. */
export function onsetClock({ earliest, latest }: NonNullable<Report['onset']>): string {
  const isSharp = Date.parse(latest) - Date.parse(earliest) < 2_000;
  return isSharp
    ? `${formatClock(latest)} UTC`
    : `${formatClock(earliest)} – ${formatClock(latest)} UTC`;
}
