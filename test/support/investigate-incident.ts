import path from 'node:path';
import { investigateDirectly } from '../../bench/direct/investigate-directly.ts';
import type { DirectResult } from '../../bench/direct/investigate-directly.ts';
import type { InProcess } from '../../bench/direct/run-in-process.ts';
import { caseOf } from './incidents.ts';
import { incidentsDir } from './line.ts';

/** Investigates a bundled incident in this process. */
export function investigateIncident(
  alias: string,
  { model }: Pick<InProcess, 'model'> = {},
): Promise<DirectResult> {
  return investigateDirectly(path.join(incidentsDir, caseOf(alias)), [], model);
}
