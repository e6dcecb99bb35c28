import { codeAt } from './line-codes.ts';
import type { LineCodes } from './line-codes.ts';

const slots = 16_384;
/** Longer ones are rare, and are not remembered: what is remembered stays within a few megabytes. */
const maxRemembered = 256;
const prime = 16_777_619;

/**
 * Writes masked lines piece by piece and remembers texts by their hash (FNV-1a), one a slot: kinds of lines are few, so most texts are not built but found, as the very string
 * that was given before, which a map then finds without reading it again. What is given does not depend on what is remembered.
 */
export class MaskedText {
  readonly #remembered: string[] = Array.from({ length: slots }, () => '');
  #codes = new Uint16Array(4_096);
  #length = 0;
  #hash = 0;

  /** Begins a text of at most so many characters. */
  begin(most: number): void {
    if (most > this.#codes.length) this.#codes = new Uint16Array(2 * most);
    this.#length = 0;
    this.#hash = 0;
  }

  copy(codes: LineCodes, start: number, end: number): void {
    const to = this.#codes;
    let length = this.#length;
    let hash = this.#hash;
    for (let index = start; index < end; index += 1) {
      const code = codeAt(codes, index);
      to[length] = code;
      length += 1;
      hash = Math.imul(hash ^ code, prime);
    }
    this.#length = length;
    this.#hash = hash;
  }

  /** The text that was written. */
  text(): string {
    const hash = this.#hash;
    const slot = (hash ^ (hash >>> 15)) & (slots - 1);
    const known = this.#remembered[slot] ?? '';
    if (this.#isWritten(known)) return known;
    const text = this.#build();
    if (text.length <= maxRemembered) this.#remembered[slot] = text;
    return text;
  }

  #isWritten(text: string): boolean {
    const { length } = text;
    const codes = this.#codes;
    if (length !== this.#length) return false;
    for (let index = 0; index < length; index += 1) {
      if (text.charCodeAt(index) !== codes[index]) return false;
    }
    return true;
  }

  #build(): string {
    let text = '';
    for (let from = 0; from < this.#length; from += 4_096) {
      const end = Math.min(this.#length, from + 4_096);
      text += String.fromCharCode(...this.#codes.subarray(from, end));
    }
    return text;
  }
}
