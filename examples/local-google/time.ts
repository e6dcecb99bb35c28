/** An instant as the protocol buffers of Google have it. */
export interface Timestamp {
  readonly seconds: string;
  readonly nanos: number;
}

const nanosASecond = 1_000_000_000n;

/** Gives the nanoseconds of an instant in epoch milliseconds with fraction, exact to the microsecond. */
export function nanosOf(atMs: number): bigint {
  return BigInt(Math.round(atMs * 1_000)) * 1_000n;
}

export function timestampOf(nanos: bigint): Timestamp {
  return { seconds: String(nanos / nanosASecond), nanos: Number(nanos % nanosASecond) };
}

/** Reads a timestamp of a request; an absent one counts as the beginning of time. */
export function nanosOfTimestamp(timestamp: Partial<Timestamp> | null | undefined): bigint {
  return BigInt(timestamp?.seconds ?? 0) * nanosASecond + BigInt(timestamp?.nanos ?? 0);
}

/** Writes an instant as RFC 3339 with nine digits. */
export function rfc3339Of(nanos: bigint): string {
  const seconds = Number(nanos / nanosASecond) * 1_000;
  const fraction = String(nanos % nanosASecond).padStart(9, '0');
  return new Date(seconds).toISOString().replace('.000Z', `.${fraction}Z`);
}

/** Reads RFC 3339 with up to nine digits after the second; null when it is none. */
export function nanosOfRfc3339(text: string): bigint | null {
  const match = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(?:\.(\d{1,9}))?(Z|[+-]\d{2}:\d{2})$/.exec(
    text,
  );
  if (match === null) return null;
  const [, whole, fraction = '', zone] = match;
  const seconds = Date.parse(`${whole}${zone}`) / 1_000;
  if (!Number.isFinite(seconds)) return null;
  return BigInt(seconds) * nanosASecond + BigInt(fraction.padEnd(9, '0'));
}
