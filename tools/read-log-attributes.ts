import type { ToolContext } from '../core/ports/tool.ts';
import { shownAttributes } from './shown-attributes.ts';

interface Line {
  readonly row: number;
}

/** Reads what else is known of log lines that are to be shown, and gives what evidence shows of it for each. */
export async function readLogAttributes(
  { telemetry, signal }: Pick<ToolContext, 'telemetry' | 'signal'>,
  lines: readonly Line[],
): Promise<(line: Line) => Record<string, string>> {
  const rows = lines.map(({ row }) => row);
  const known = await telemetry.logAttributes(rows, signal);
  return ({ row }) => shownAttributes(known.get(row) ?? {});
}
