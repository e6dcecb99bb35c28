import { setCurrentDetails } from '@temporalio/workflow';
import type { SweepInput, SweepResult } from './messages.ts';
import { callStep } from './steps.ts';

/**
 * Evaluates SLOs, one step each. A budget that burns opens an investigation, once a burn episode, through the same intake as HTTP. An SLO that
 * cannot be read or evaluated does not keep the others from being looked at.
 */
export async function sweepSlos(input: SweepInput): Promise<SweepResult> {
  let evaluated = 0;
  let burning = 0;
  const opened: string[] = [];
  for (const [index, target] of input.targets.entries()) {
    setCurrentDetails(`**sweeps** ${index + 1} of ${input.targets.length}`);
    try {
      const result = await callStep(
        'read',
        'slo.evaluate',
        `slo · evaluate · ${index + 1}`,
        null,
        target,
      );
      evaluated += result.evaluated;
      burning += result.burning;
      opened.push(...result.opened);
    } catch {
      // Recorded by the step; the schedule comes again.
    }
  }
  return { evaluated, burning, opened };
}
