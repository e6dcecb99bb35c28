import { logText } from '../../core/analysis/logs/log-text.ts';
import { maskTokens } from '../../core/analysis/logs/mask-tokens.ts';
import { createTemplateMiner } from '../../core/analysis/logs/template-miner.ts';
import type { ParsedLine } from './score-parsing.ts';

/** Mines lines as the log tool does, with its defaults; gives what each line belongs to once all are read. */
export function mineLines(lines: readonly string[]): readonly ParsedLine[] {
  const miner = createTemplateMiner();
  const templates = lines.map((line) => miner.add('', maskTokens(logText(line))));
  return templates.map(({ id, tokens }) => ({ group: id, template: tokens.join(' ') }));
}
