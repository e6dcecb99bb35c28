import type { Change } from '../../core/ports/telemetry.ts';
import { z } from '../../core/schemas/z.ts';
import { defineTool } from '../../core/tool.ts';
import { cutText, draftEvidence } from '../draft-evidence.ts';
import { tableData } from '../evidence-data.ts';
import { digestOfChange, readChanges } from '../read-changes.ts';
import { clockTime, describeWindow } from '../split-context.ts';

/** Those before the onset first, the nearest of them first; then those after it, in order of time. */
function byNearness(changes: readonly Change[], onsetAt: number): readonly Change[] {
  const rank = ({ at }: Change): number => (at <= onsetAt ? 0 : 1);
  return [...changes].sort(
    (one, other) =>
      rank(one) - rank(other) ||
      Math.abs(one.at - onsetAt) - Math.abs(other.at - onsetAt) ||
      (one.id < other.id ? -1 : 1),
  );
}

/** Lists what people changed in the window. */
export const listChanges = defineTool({
  name: 'list-changes',
  description:
    'Lists deploys, configuration changes, flags and other changes in the window, the nearest before the suspected onset first, with what each touches.',
  input: z.strictObject({}),
  effect: 'read',
  needs: 'changes',
  timeoutMs: 30_000,
  run: async (_input, context) => {
    const { window, suspected } = context;
    const read = await readChanges(context);
    const changes = byNearness(read.rows, suspected.latestAt);
    return {
      ok: true,
      digest: {
        changes: changes.map(digestOfChange),
        notes:
          changes.length === 0
            ? [`no changes, ${describeWindow(window)} UTC, in ${cutText(read.source, 100)}`]
            : [],
        ...(read.truncated === null ? {} : { truncated: read.truncated }),
      },
      evidence: [
        draftEvidence({
          key: 'changes',
          kind: 'changes',
          title: 'Changes in the window, nearest before the onset first',
          read,
          window,
          view: 'table',
          data: tableData(
            [
              'id',
              'time',
              'kind',
              'service',
              'revision',
              'title',
              'author',
              'files',
              'diff',
              'url',
            ],
            changes.map((one) => [
              one.id,
              clockTime(one.at),
              one.kind,
              one.service ?? null,
              one.revision ?? null,
              one.title ?? null,
              one.author,
              one.files.join(', '),
              one.diff,
              one.url,
            ]),
          ),
        }),
      ],
    };
  },
});
