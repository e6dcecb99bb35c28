import type { JS } from '@duckdb/node-api';
import { AppError } from '../../core/errors.ts';

type Cell = JS | undefined;

function refuse(cell: Cell, wanted: string): never {
  throw new AppError('bug.invariant', `A query gave ${typeof cell} where ${wanted} was expected`);
}

/** A text of a result row. */
export function asText(cell: Cell): string {
  return typeof cell === 'string' ? cell : refuse(cell, 'text');
}

/** A text of a result row, or null. */
export function asTextOrNull(cell: Cell): string | null {
  return cell === null ? null : asText(cell);
}

/** A number of a result row; 64-bit integers beyond 2^53 lose their last digits. */
export function asNumber(cell: Cell): number {
  if (typeof cell === 'number') return cell;
  return typeof cell === 'bigint' ? Number(cell) : refuse(cell, 'a number');
}

/** A list of numbers of a result row. */
export function asNumbers(cell: Cell): readonly number[] {
  return Array.isArray(cell) ? cell.map(asNumber) : refuse(cell, 'a list of numbers');
}

/** Tells whether a text is one of the words of a closed list, for columns that loading has mapped to it. */
export function asWord<Word extends string>(cell: Cell, words: readonly Word[]): Word {
  return words.find((word) => word === cell) ?? refuse(cell, words.join(' or '));
}
