import type { Io } from '../io.ts';
import { z } from '../../core/schemas/z.ts';
import { clean, cleanJson } from '../render/clean.ts';
import { withSession } from '../session.ts';

export interface SweepOptions {
  readonly slo?: string;
  readonly case?: string;
  readonly json: boolean;
}
