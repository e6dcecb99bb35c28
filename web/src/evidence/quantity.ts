import { formatNumber } from '../text/format.ts';

export interface Quantity {
  /** What stands at the axis. */
  readonly label: string;
  /** Writes a value with its unit. */
  readonly say: (value: number) => string;
}

/** How values of a unit are written (UCUM, as OpenTelemetry has it): ratios as percentages, annotations such as `{request}` as words. */
export function quantityOf(unit: string): Quantity {
  if (unit === '1') return { label: '%', say: (value) => `${formatNumber(value * 100)} %` };
  const label = unit.replaceAll(/[{}]/g, '');
  return {
    label,
    say: (value) => (label === '' ? formatNumber(value) : `${formatNumber(value)} ${label}`),
  };
}
