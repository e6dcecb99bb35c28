import { AppError } from '../core/errors.ts';
import { z } from '../core/schemas/z.ts';

/** Writes a value as JSON; what JSON cannot say (undefined) becomes null. */
export function toJson(value: unknown): string {
  return JSON.stringify(value) ?? 'null';
}

/** Reads a kept value by its schema, which fills in what older versions did not write. Throws `bug.invariant` when it does not fit. */
export function parseKept<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  what: string,
): z.output<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new AppError(
    'bug.invariant',
    `${what}, as kept, is damaged: ${z.prettifyError(parsed.error)}`,
  );
}

/** Writes an instant, given in epoch milliseconds. */
export function toInstant(at: number): Date {
  return new Date(at);
}
