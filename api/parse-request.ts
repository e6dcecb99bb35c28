import { AppError } from '../core/errors.ts';
import type { z } from '../core/schemas/z.ts';

export type RequestPart = 'path' | 'query' | 'header' | 'body';

/** What is wrong with one field of a request. */
export interface FieldError {
  readonly in: RequestPart;
  /** As `budget.rounds`; empty for the part as a whole. */
  readonly field: string;
  readonly message: string;
}

const maxErrors = 20;
/** What a schema makes of a part; undefined for a part that no schema describes. */
export type Parsed<Schema> = Schema extends z.ZodType ? z.output<Schema> : undefined;

/**
 * Checks one part of a request by its schema and gives what it makes of it. Throws `invalid.request` with every field at fault (20 at most). Text
 * that nothing can keep is refused too.
 */
export function parsePart<Schema extends z.ZodType | undefined>(
  schema: Schema | undefined,
  value: unknown,
  part: RequestPart,
): Parsed<Schema>;
export function parsePart(schema: z.ZodType | undefined, value: unknown, part: RequestPart) {
  if (schema === undefined) return undefined;
  const parsed = schema.safeParse(value);
  if (!parsed.success) {
    throw invalid(
      parsed.error.issues.map(({ path, message }) => ({
        in: part,
        field: path.map(String).join('.'),
        message,
      })),
    );
  }
  const field = findUnkeepable(parsed.data, '');
  if (field === null) return parsed.data;
  throw invalid([{ in: part, field, message: 'holds a NUL or half of a surrogate pair' }]);
}

function invalid(errors: readonly FieldError[]): AppError {
  const [first] = errors;
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  const where =
    first === undefined ? '' : `${first.in}${first.field === '' ? '' : ` ${first.field}`}`;
  return new AppError('invalid.request', `${where}: ${first?.message ?? ''}${more}`, {
    details: { errors: errors.slice(0, maxErrors) },
  });
}

/** The path of the first such text, names of members included; the value has passed a schema, so it is not deep. */
function findUnkeepable(value: unknown, path: string): string | null {
  if (typeof value === 'string') return isKeepable(value) ? null : path;
  if (typeof value !== 'object' || value === null) return null;
  for (const [name, member] of Object.entries(value)) {
    const at = path === '' ? name : `${path}.${name}`;
    const found = isKeepable(name) ? findUnkeepable(member, at) : path;
    if (found !== null) return found;
  }
  return null;
}

/** Neither the database nor a hash over text can hold a NUL, or half of a character. */
function isKeepable(text: string): boolean {
  return !text.includes('\0') && !/\p{Surrogate}/u.test(text);
}
