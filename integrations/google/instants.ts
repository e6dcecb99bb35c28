/** An instant as the protocol buffers of Google have it. */
export interface Timestamp {
  readonly seconds?: string | number | { toString(): string } | null;
  readonly nanos?: string | number | null;
}

const nanosASecond = 1_000_000_000n;

/** Gives the nanoseconds of a timestamp; null when there is none. */
export function nanosOf(timestamp: Timestamp | null | undefined): bigint | null {
  if (timestamp === null || timestamp === undefined) return null;
  return wholeOf(timestamp.seconds) * nanosASecond + wholeOf(timestamp.nanos);
}

/** Numbers of 64 bits come as texts, numbers or objects, as the client was made. */
function wholeOf(value: Timestamp['seconds']): bigint {
  if (value === null || value === undefined) return 0n;
  return BigInt(typeof value === 'object' ? value.toString() : value);
}

/** Gives the epoch milliseconds, with fraction to the microsecond, of nanoseconds. */
export function msOf(nanos: bigint): number {
  return Number(nanos / 1_000n) / 1_000;
}

/** Reads RFC 3339 with up to nine digits after the second; null when it is none. */
export function nanosOfRfc3339(text: string): bigint | null {
  const [, whole, fraction = '', zone = ''] =
    /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(?:\.(\d{1,9}))?(Z|[+-]\d{2}:\d{2})$/.exec(text) ?? [];
  const seconds = whole === undefined ? Number.NaN : Date.parse(`${whole}${zone}`) / 1_000;
  if (!Number.isFinite(seconds)) return null;
  return BigInt(seconds) * nanosASecond + BigInt(fraction.padEnd(9, '0'));
}

/** Writes epoch milliseconds with fraction as RFC 3339, exact to the microsecond. */
export function rfc3339Of(atMs: number): string {
  const micros = BigInt(Math.round(atMs * 1_000));
  const fraction = String(micros % 1_000_000n).padStart(6, '0');
  const whole = new Date(Number(micros / 1_000_000n) * 1_000).toISOString();
  return whole.replace('.000Z', `.${fraction}Z`);
}

/** Gives a timestamp for a request. */
export function timestampOf(atMs: number): {
  readonly seconds: number;
  readonly nanos: number;
} {
  const micros = BigInt(Math.round(atMs * 1_000));
  return {
    seconds: Number(micros / 1_000_000n),
    nanos: Number(micros % 1_000_000n) * 1_000,
  };
}
