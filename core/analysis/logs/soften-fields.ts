import { anyOf, digit, kindOf } from './characters.ts';
import { wildcard } from './mask-line.ts';

const units = new Set(
  'B kB KB MB GB TB KiB MiB GiB byte bytes us ms s sec secs second seconds min minute minutes'.split(
    ' ',
  ),
);
const timeWords = new Set(
  'Mon Tue Wed Thu Fri Sat Sun Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec UTC GMT PST PDT EST EDT CET CEST'.split(
    ' ',
  ),
);

const point = 46;
const endsPart = anyOf('=:,;()[]{}"\'|<>');
const closers = anyOf(',.;:)]');

/** What of a word may be its value: parts that hold a wildcard, or with `digits` those that hold a digit too. */
export type Softness = 'masked' | 'digits';

/**
 * Replaces the parts of a field that look like values, between brackets, quotes and the like, by wildcards: `node-<*>`, names of days, and with `digits` `eth0`. A list of
 * values becomes one.
 */
export function softenField(field: string, softness: Softness): string {
  if (timeWords.has(field)) return wildcard;
  let softened = '';
  let start = 0;
  while (start < field.length) {
    const end = endOfPart(field, start);
    const part = field.slice(start, end);
    softened += isSoft(part, softness) ? wildcard : part;
    start = end;
  }
  return asOne(softened);
}

function isSoft(part: string, softness: Softness): boolean {
  if (part.includes(wildcard)) return true;
  if (softness === 'masked') return false;
  for (let index = 0; index < part.length; index += 1) {
    if (kindOf(part.charCodeAt(index)) === digit) return true;
  }
  return false;
}

/** The end of a part: a run without marks, wildcards being none; or a single mark. */
function endOfPart(field: string, start: number): number {
  let end = start;
  while (end < field.length) {
    if (field.startsWith(wildcard, end)) end += wildcard.length;
    else if (isMark(field, end)) break;
    else end += 1;
  }
  return end > start ? end : start + 1;
}

function isMark(field: string, index: number): boolean {
  const code = field.charCodeAt(index);
  if (code !== point) return endsPart(code);
  const next = field.charCodeAt(index + 1);
  return kindOf(next) < digit && !field.startsWith(wildcard, index + 1);
}

function asOne(field: string): string {
  let one = field;
  while (one.includes(`${wildcard},${wildcard}`))
    one = one.replaceAll(`${wildcard},${wildcard}`, wildcard);
  return one;
}

/** A field without the marks that close it. */
export function bareOf(field: string): string {
  let end = field.length;
  while (end > 0 && closers(field.charCodeAt(end - 1))) end -= 1;
  return field.slice(0, end);
}

/** Whether a field is a unit of size or time, but for the marks that close it. */
export const isUnit = (field: string): boolean => units.has(bareOf(field));

/**
 * Softens the fields of a line. A unit after a value, and the same size once more in brackets, go with the value; values in a row are one: `11165 bytes (10.9
 * KB) sent` and `9 B sent` are the same.
 */
export function softenFields(
  fields: readonly string[],
  soften: (field: string) => string,
): readonly string[] {
  const softened: string[] = [];
  for (let index = 0; index < fields.length; index += 1) {
    const soft = soften(fields[index] ?? '');
    const last = softened.at(-1);
    const joined = last === undefined ? null : joinedTo(last, soft, fields[index + 1] ?? '');
    if (joined === null) softened.push(soft);
    else softened[softened.length - 1] = joined;
    if (soft === openedValue && joined !== null) index += 1;
  }
  return softened;
}

const openedValue = `(${wildcard}`;
const closedValue = `(${wildcard})`;

/** The field before and this one where they are one value, else null. */
function joinedTo(last: string, soft: string, next: string): string | null {
  if (last.endsWith(wildcard)) {
    const bare = bareOf(soft);
    if (units.has(bare)) return last + soft.slice(bare.length);
    if (soft.startsWith(closedValue)) return last + soft.slice(closedValue.length);
    const isAgain = soft === openedValue && isUnit(next) && next.includes(')');
    if (isAgain) return last + next.slice(next.indexOf(')') + 1);
  }
  const isList = bareOf(soft) === wildcard && (last === wildcard || last === `${wildcard},`);
  return isList ? soft : null;
}
