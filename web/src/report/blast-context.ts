import { createContext } from 'react';
import type { Report } from '../../../core/schemas/report.ts';

/** What the report says of who is affected and how it spread, for drawings that show it. */
export interface Blast {
  readonly affected: Report['affected'];
  readonly chain: Report['chain'];
}

export const BlastContext = createContext<Blast>({ affected: [], chain: [] });
