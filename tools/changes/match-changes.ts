import { matchChanges as holdAgainst } from '../../core/analysis/changes/match-changes.ts';
import type { ChangeMatch } from '../../core/analysis/changes/match-changes.ts';
import { maskBody } from '../../core/analysis/logs/mask-body.ts';
import type { ToolContext } from '../../core/ports/tool.ts';
import type { ChangeDigest } from '../../core/schemas/digest.ts';
import { z } from '../../core/schemas/z.ts';
import { defineTool } from '../../core/tool.ts';
import { cutText, draftEvidence } from '../draft-evidence.ts';
import { tableData } from '../evidence-data.ts';
import { digestOfChange, readChanges } from '../read-changes.ts';
import { clockTime, describeWindow } from '../split-context.ts';

const maxShown = 40;
const maxReadServices = 8;
const maxLines = 2_000;
const maxKinds = 20;
const maxTextLength = 400;

/** What services say went wrong, a line of each kind, 20 kinds of each of the first eight: templates leave out the names that tell a change. */
async function sayings(services: readonly string[], context: ToolContext): Promise<string[]> {
  const { telemetry, window, suspected, signal } = context;
  const startAt = Math.min(Math.max(window.startAt, suspected.earliestAt), window.endAt - 1);
  const since = { startAt, endAt: window.endAt };
  const texts: string[] = [];
  for (const service of services.slice(0, maxReadServices)) {
    const query = { window: since, service, severityAtLeast: 'warn', limit: maxLines } as const;
    const { rows } = await telemetry.logs(query, signal);
    const kinds = new Map<string, string>();
    for (const { body } of rows) {
      const kind = maskBody(body);
      if (!kinds.has(kind)) kinds.set(kind, body.slice(0, maxTextLength));
      if (kinds.size >= maxKinds) break;
    }
    texts.push(...kinds.values());
  }
  return texts;
}

function digestOf({ change, reach, score, because }: ChangeMatch): ChangeDigest {
  const services = reach.services.slice(0, 6).map((service) => cutText(service, 120));
  return {
    ...digestOfChange(change),
    match: { score, services, at: reach.at, because: cutText(because, 300) },
  };
}

/** Holds what changes do against what is out of the ordinary. */
export const matchChanges = defineTool({
  name: 'match-changes',
  description:
    'Reads the diffs, files and titles of all changes and tells which of them does what leads to the given symptoms (metrics, log lines, operations), or touches what they call by name, of services that suffer: best first, with why, and why not.',
  input: z.strictObject({
    services: z.array(z.string().min(1).max(120)).max(40),
    symptoms: z.array(z.string().min(1).max(200)).max(80),
  }),
  effect: 'read',
  needs: 'changes',
  timeoutMs: 60_000,
  run: async ({ services, symptoms }, context) => {
    const read = await readChanges(context);
    const coverage = await context.telemetry.coverage(context.signal);
    const known = new Set([...services, ...coverage.flatMap((one) => one.services)]);
    const matches = holdAgainst(read.rows, {
      texts: [...symptoms, ...(await sayings(services, context))],
      suffering: services,
      known: [...known],
      onset: context.suspected,
    });
    const fitting = matches.filter(({ score }) => score > 0).length;
    return {
      ok: true,
      digest: {
        changes: matches.slice(0, maxShown).map(digestOf),
        notes: [
          `${fitting} of ${matches.length} changes that can be read account for it, ${describeWindow(context.window)} UTC`,
        ],
        ...(read.truncated === null ? {} : { truncated: read.truncated }),
      },
      evidence: [
        draftEvidence({
          key: 'changes against symptoms',
          kind: 'changes',
          title: 'Which changes account for the symptoms',
          read,
          window: context.window,
          view: 'table',
          data: tableData(
            ['id', 'made', 'in effect', 'kind', 'reaches', 'title', 'score', 'because'],
            matches.map(({ change, reach, score, because }) => [
              change.id,
              clockTime(change.at),
              clockTime(reach.at),
              change.kind,
              reach.services.join(', '),
              change.title ?? null,
              score,
              because,
            ]),
          ),
        }),
      ],
    };
  },
});
