import type { Bound, Gate } from './gates.ts';

/** What a bench measured; null where it could not. */
export interface Measured {
  readonly value: number | null;
  /** False where it comes from stored answers that another version gave: it is told, and decides nothing. */
  readonly isCurrent: boolean;
}

/** A table of gates, and whether every gate that could be decided holds. */
export interface Judged {
  readonly table: string;
  readonly isHeld: boolean;
}

export const gateHead = ['measure', 'value', 'gate', 'held', 'aim', 'reached'] as const;

/** Holds what was measured against its gates. */
export function judgeGates<Name extends string>(
  gates: Readonly<Record<Name, Gate>>,
  measured: Readonly<Record<Name, Measured>>,
): Judged {
  const rows = (Object.keys(gates) as Name[]).map((name) => {
    const { measure, gate, aim, digits } = gates[name];
    const { value, isCurrent } = measured[name];
    const held = verdictOf(value, gate);
    return {
      isMissed: isCurrent && held === 'no',
      cells: [
        ...[measure, value === null ? '–' : value.toFixed(digits)],
        ...[renderBound(gate), isCurrent || value === null ? held : `${held}, of another version`],
        ...[renderBound(aim), verdictOf(value, aim)],
      ],
    };
  });
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const rule = `|${gateHead.map(() => '---').join('|')}|`;
  return {
    table: [line(gateHead), rule, ...rows.map(({ cells }) => line(cells))].join('\n'),
    isHeld: rows.every(({ isMissed }) => !isMissed),
  };
}

/** `–` where there is nothing to decide. */
function verdictOf(value: number | null, bound: Bound | null): 'yes' | 'no' | '–' {
  if (value === null || bound === null) return '–';
  return isWithin(value, bound) ? 'yes' : 'no';
}

export function isWithin(value: number, bound: Bound): boolean {
  if ('atLeast' in bound) return value >= bound.atLeast;
  return 'atMost' in bound ? value <= bound.atMost : value < bound.below;
}

export function renderBound(bound: Bound | null): string {
  if (bound === null) return '–';
  if ('atLeast' in bound) return `≥ ${bound.atLeast}`;
  return 'atMost' in bound ? `≤ ${bound.atMost}` : `< ${bound.below}`;
}
