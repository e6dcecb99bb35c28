import { describe, expect, test } from '@jest/globals';
import { emptyTree, growTree } from '../../../cli/render/progress-tree.ts';
import { sampleEvent } from '../samples.ts';

describe('the tree of progress', () => {
  test('tells of a wait before a second look at the phase under way, and leaves scope done', () => {
    const text = 'waits until 11:10:20 UTC for telemetry on its way';
    const orchestrator = { role: 'orchestrator', phase: 'scope' } as const;
    const tree = [
      sampleEvent(1, { ...orchestrator, text: '3 segments' }),
      sampleEvent(2),
      sampleEvent(3, { ...orchestrator, text }),
    ].reduce(growTree, emptyTree);
    const shown = tree.phases.map(({ phase, status, text: said }) => [phase, status, said]);
    expect(shown.slice(0, 4)).toEqual([
      ['scope', 'done', ''],
      ['plan', 'done', ''],
      ['fan-out', 'running', text],
      ['synthesise', 'waiting', ''],
    ]);
  });
});
