import type { CaseSource } from '../../../core/schemas/case.ts';
import { quoteText } from '../sql-text.ts';

/**
 * How a source says the time: `read` makes an SQL instant of a column of texts, NULL where it is none; `noun` says what a time must be, `absent` what is
 * wrong where there is none.
 */
export interface Clock {
  readonly noun: string;
  readonly absent: string;
  readonly read: (column: string) => string;
}

const isoNoun = 'an ISO 8601 time such as 2026-11-20T10:07:00Z';
/** Microseconds of a unit, as a fraction. */
const microsPer = { s: '1000000, 1', ms: '1000, 1', us: '1, 1', ns: '1, 1000' } as const;
const unitNouns = {
  s: 'a count of seconds since 1970',
  ms: 'a count of milliseconds since 1970',
  us: 'a count of microseconds since 1970',
  ns: 'a count of nanoseconds since 1970',
} as const;

function offsetMinutes(offset: string): number {
  const [hours = 0, minutes = 0] = offset.slice(1).split(':').map(Number);
  return (offset.startsWith('-') ? -1 : 1) * (60 * hours + minutes);
}

/** Makes the clock of a source: ISO 8601 unless it names a unit; `offset` holds for times that name none themselves. */
export function clockOf({ format, time = {} }: CaseSource): Clock {
  const { unit = 'iso', offset } = time;
  const absent =
    format === 'text'
      ? 'no line begins with a time; say with timestamp how it is written'
      : 'is required';
  if (unit === 'iso') {
    const read = (column: string): string =>
      offset === undefined ? `iso_time(${column})` : `iso_time_at(${column}, ${quoteText(offset)})`;
    return { noun: isoNoun, absent, read };
  }
  const shift = offset === undefined ? '' : ` - to_minutes(${String(offsetMinutes(offset))})`;
  return {
    noun: unitNouns[unit],
    absent,
    read: (column) => `(epoch_time(${column}, ${microsPer[unit]})${shift})`,
  };
}
