import { maskBody } from '../../core/analysis/logs/mask-body.ts';
import { createTemplateMiner } from '../../core/analysis/logs/template-miner.ts';
import type { ParsedLine } from './score-parsing.ts';

/** Mines lines as the log tool does, with its defaults; gives what each line belongs to once all are read. */
export function mineLines(lines: readonly string[]): readonly ParsedLine[] {
  const miner = createTemplateMiner<number[]>({
    fresh: () => [],
    merge: (one, other) => [...one, ...other],
  });
  for (const [index, line] of lines.entries()) miner.add('', maskBody(line)).push(index);
  const parsed = lines.map((line) => ({ group: -1, template: line }));
  for (const [group, { template, value }] of miner.templates().entries()) {
    for (const index of value) parsed[index] = { group, template };
  }
  return parsed;
}
