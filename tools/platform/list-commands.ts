import { z } from '../../core/schemas/z.ts';
import { defineTool } from '../../core/tool.ts';
import { cutText, draftEvidence } from '../draft-evidence.ts';
import { tableData } from '../evidence-data.ts';
import { clockTime, describeWindow } from '../split-context.ts';

const maxCommands = 500;

/** Lists what people ran while it went on, and what they saw. */
export const listCommands = defineTool({
  name: 'list-commands',
  description:
    'Lists the commands that people ran during the incident, with what each printed and its exit code, in the order of their time.',
  input: z.strictObject({}),
  effect: 'read',
  needs: 'commands',
  timeoutMs: 30_000,
  run: async (_input, { telemetry, window, signal }) => {
    const read = await telemetry.records('commands', { window, limit: maxCommands }, signal);
    const failed = read.rows.filter(({ exitCode }) => exitCode !== null && exitCode !== 0);
    const said = failed.map(({ at, command, exitCode, output }) =>
      cutText(`${clockTime(at)}: ${command} ended with ${exitCode}: ${output}`, 240),
    );
    const where = `${describeWindow(window)} UTC, in ${cutText(read.source, 100)}`;
    return {
      ok: true,
      digest: {
        notes: [`${read.rows.length} commands, ${failed.length} failed, ${where}`, ...said],
        ...(read.truncated === null ? {} : { truncated: read.truncated }),
      },
      evidence: [
        draftEvidence({
          key: 'commands',
          kind: 'state',
          title: 'Commands that people ran',
          read,
          window,
          view: 'table',
          data: tableData(
            ['time', 'target', 'command', 'exit code', 'output'],
            read.rows.map((one) => [
              clockTime(one.at),
              one.target,
              one.command,
              one.exitCode,
              one.output,
            ]),
          ),
        }),
      ],
    };
  },
});
