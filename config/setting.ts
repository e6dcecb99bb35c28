import { z } from 'zod';

/** A program that reads a setting; `stack` is the local stack of `demo` and `dev`. */
export type Reader = 'api' | 'worker' | 'cli' | 'stack';

export interface Setting {
  /** Turns the text of the environment into the value; its messages complete "NAME ...". */
  readonly schema: z.ZodType<unknown, string>;
  /** One sentence for the table in docs/configuration.md: what it decides, with its unit. */
  readonly description: string;
  /** As it would be written in the environment; absent when there is no default. */
  readonly default?: string;
  /** Never shown, not even in a message about it. */
  readonly isSecret?: true;
  readonly readBy: readonly Reader[];
}

export const text = z.string().max(4_000, 'is longer than 4000 characters');

export function wholeNumber(least: number, most: number) {
  const says = `must be a whole number from ${least} to ${most}`;
  return text
    .regex(/^\d{1,9}$/, says)
    .transform(Number)
    .pipe(z.int().min(least, says).max(most, says));
}

export function url(protocols: readonly string[]) {
  const names = protocols.map((protocol) => `${protocol}//`).join(' or ');
  return text.refine(
    (given) => URL.canParse(given) && protocols.includes(new URL(given).protocol),
    `must be a URL that begins with ${names}`,
  );
}

export const onOff = z
  .enum(['true', 'false'], 'must be true or false')
  .transform((given) => given === 'true');

export const processes: readonly Reader[] = ['api', 'worker'];
