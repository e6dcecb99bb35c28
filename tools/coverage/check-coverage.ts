import type { Coverage } from '../../core/schemas/digest.ts';
import { z } from '../../core/schemas/z.ts';
import { defineTool } from '../../core/tool.ts';
import type { Window } from '../../core/schemas/primitives.ts';
import { cutText, draftEvidence } from '../draft-evidence.ts';
import { tableData } from '../evidence-data.ts';
import { clockTime } from '../split-context.ts';

const kinds = ['metrics', 'logs', 'traces', 'changes'] as const;
const maxProblemLength = 200;
const wholeShare = 0.9;

/** Says where a kind that is read continuously does not reach to: gaps at either end of the window. */
function gapOf(coverage: Coverage, window: Window): string | null {
  const { firstAt, lastAt } = coverage;
  if (coverage.kind === 'changes' || firstAt === undefined || lastAt === undefined) return null;
  const lengthMs = window.endAt - window.startAt;
  const isLate = firstAt - window.startAt > lengthMs * (1 - wholeShare);
  const isEarly = window.endAt - lastAt > lengthMs * (1 - wholeShare);
  const said = [
    ...(isLate ? [`begins only at ${clockTime(firstAt)}`] : []),
    ...(isEarly ? [`ends already at ${clockTime(lastAt)}`] : []),
  ];
  return said.length === 0 ? null : `${said.join(' and ')} UTC`;
}

function described(coverage: Coverage, window: Window): Coverage {
  const said = [coverage.problem, gapOf(coverage, window)].filter(
    (text): text is string => typeof text === 'string' && text !== '',
  );
  const { problem: _said, ...rest } = coverage;
  return said.length === 0
    ? rest
    : { ...rest, problem: cutText(said.join('; '), maxProblemLength) };
}

/** Says what telemetry there is to look at, kind by kind, and what is wrong with it. */
export const checkCoverage = defineTool({
  name: 'check-coverage',
  description:
    'Says which telemetry there is to look at, in the window and around it: rows, times, services and problems of metrics, logs, traces and changes. Cheap; call it first.',
  input: z.strictObject({}),
  effect: 'read',
  timeoutMs: 60_000,
  run: async (_input, { telemetry, window, signal }) => {
    const found = await telemetry.coverage(signal);
    const missing: readonly Coverage[] = kinds
      .filter((kind) => found.every((one) => one.kind !== kind))
      .map((kind) => ({ kind, rows: 0, services: [], problem: `there are no ${kind}` }));
    const coverage = [...found.map((one) => described(one, window)), ...missing];
    return {
      ok: true,
      digest: { coverage },
      evidence: [
        draftEvidence({
          key: 'coverage',
          kind: 'coverage',
          title: 'Telemetry that there is',
          read: { query: 'coverage of all that is kept', source: 'every kind of telemetry' },
          window,
          view: 'table',
          data: tableData(
            ['kind', 'rows', 'first', 'last', 'services', 'problem'],
            coverage.map((one) => [
              one.kind,
              one.rows,
              one.firstAt ?? null,
              one.lastAt ?? null,
              one.services.join(', '),
              one.problem ?? null,
            ]),
          ),
        }),
      ],
    };
  },
});
