import { describe, expect, test } from '@jest/globals';
import type { Specialist } from '../../core/schemas/roles.ts';
import { mergeLooks } from '../../workflows/merge-looks.ts';
import type { SpecialistResult } from '../../workflows/messages.ts';

function result(role: Specialist, prefix: string, hasFinding: boolean): SpecialistResult {
  const finding = { workflowId: `inv-1/${prefix}`, stepKey: `${prefix}.r1.decide` };
  return {
    ...{ role, prefix, ended: hasFinding ? 'answered' : 'failed', observed: [], rounds: 1 },
    ...{ finding: hasFinding ? finding : null, workflowId: `inv-1/${prefix}`, calls: 1 },
  };
}

function merged(first: readonly SpecialistResult[], second: readonly SpecialistResult[]): unknown {
  const { specialists, earlier } = mergeLooks(first, second);
  return [specialists.map(({ prefix }) => prefix), earlier.map(({ prefix }) => prefix)];
}

describe('two looks', () => {
  test('count with the later answer of who was asked again, in the order of the plan', () => {
    const first = [result('trace', 'trace', true), result('log', 'log', true)];
    const second = [result('change', 'change.again', true), result('trace', 'trace.again', true)];
    expect(merged(first, second)).toEqual([['trace.again', 'log', 'change.again'], ['trace']]);
  });

  test('count with the first answer where there was no other', () => {
    const first = [result('trace', 'trace', true), result('log', 'log', false)];
    const second = [result('trace', 'trace.again', false), result('log', 'log.again', false)];
    expect(merged(first, second)).toEqual([
      ['trace', 'log'],
      ['trace.again', 'log.again'],
    ]);
  });
});
