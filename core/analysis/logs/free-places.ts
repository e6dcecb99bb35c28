import { digit, kindOf, letter } from './characters.ts';
import { findCommonEnds } from './join-words.ts';
import { wildcard } from './mask-line.ts';

/** So many different words in one place, all else being equal, are values of a parameter. */
const leastWords = 6;

interface Context {
  readonly words: Set<string>;
  /** What stands in the place: the field for all its words, once that is known. */
  field: string | null | undefined;
}

/**
 * Finds the fields that vary: for every place of every line, the words that stand there in lines that are equal elsewhere. Such a field becomes a wildcard between what
 * its words have in common; all others stay. A line must keep a word that says something, and its first word is not taken for a value however many there
 * are: it says what the line is about. Linear in the number of fields.
 */
export function findFreePlaces(
  lines: readonly (readonly string[])[],
): readonly (readonly string[])[] {
  const contexts = new Map<number, Context>();
  const keys = keysOf(lines);
  for (const [index, fields] of lines.entries()) {
    for (const [place, field] of fields.entries()) {
      const key = keys[index]?.[place] ?? 0;
      const known = contexts.get(key);
      if (known === undefined) contexts.set(key, { words: new Set([field]), field: undefined });
      else known.words.add(field);
    }
  }
  return lines.map((fields, index) => {
    const saying = fields.filter(saysSomething).length;
    return fields.map((field, place) => {
      const context = contexts.get(keys[index]?.[place] ?? 0);
      if (context === undefined || context.words.size < 2) return field;
      if (saying - (saysSomething(field) ? 1 : 0) === 0) return field;
      context.field ??= fieldOf([...context.words], place);
      return context.field ?? field;
    });
  });
}

/** The field that stands for all words of a place; null when they are no values. */
function fieldOf(words: readonly string[], place: number): string | null {
  const { prefix, suffix, middles } = findCommonEnds(words);
  const isValue = middles.includes(wildcard) && middles.every(hasSubstance);
  const isManifold = place > 0 && words.length >= leastWords;
  return isValue || isManifold ? prefix + wildcard + suffix : null;
}

/** Whether there is more to a word than marks. */
function hasSubstance(word: string): boolean {
  if (word.includes(wildcard)) return true;
  for (let index = 0; index < word.length; index += 1) {
    const kind = kindOf(word.charCodeAt(index));
    if (kind === digit || kind === letter) return true;
  }
  return false;
}

/** Whether a field has two letters in a row. */
function saysSomething(field: string): boolean {
  let letters = 0;
  for (let index = 0; index < field.length; index += 1) {
    letters = kindOf(field.charCodeAt(index)) === letter ? letters + 1 : 0;
    if (letters === 2) return true;
  }
  return false;
}

const [firstFactor, secondFactor] = [0x9e3779b1, 0x85ebca6b];

/**
 * A number for every place of every line that stands for the line without that place: 53 bits of two polynomial hashes, from which one term is taken away, so that a
 * line costs its fields and not their square.
 */
function keysOf(lines: readonly (readonly string[])[]): readonly (readonly number[])[] {
  const ids = new Map<string, number>();
  const idOf = (field: string): number => {
    const id = ids.get(field) ?? ids.size + 1;
    ids.set(field, id);
    return id;
  };
  return lines.map((fields) => {
    const terms = fields.map((field, place) => {
      const id = idOf(field);
      return [mixed(id, place, firstFactor), mixed(id, place, secondFactor)] as const;
    });
    const [first, second] = terms.reduce<readonly [number, number]>(
      ([one, other], term) => [(one + term[0]) | 0, (other + term[1]) | 0],
      [fields.length, fields.length],
    );
    return terms.map(([one, other], place) => {
      const high = (first - one + mixed(0, place, firstFactor)) >>> 0;
      const low = (second - other + mixed(0, place, secondFactor)) >>> 11;
      return high * 2 ** 21 + low;
    });
  });
}

/** Spreads a field at a place over 32 bits. Source: the finaliser of MurmurHash3 (Appleby, public domain). */
function mixed(id: number, place: number, factor: number): number {
  let hash = Math.imul(id ^ Math.imul(place + 1, factor), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35 ^ factor);
  return hash ^ (hash >>> 16);
}
