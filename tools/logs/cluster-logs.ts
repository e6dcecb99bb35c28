import type { TemplateCount } from '../../core/analysis/logs/log-tally.ts';
import { entityOf, observationOf, rounded, roundedScore } from '../../core/observation.ts';
import type { ToolContext } from '../../core/ports/tool.ts';
import type { Observation } from '../../core/schemas/digest.ts';
import type { LogLine, TemplatesView } from '../../core/schemas/evidence-views.ts';
import { z } from '../../core/schemas/z.ts';
import { defineTool } from '../../core/tool.ts';
import { leastScore } from '../compare-metrics.ts';
import { cutText, draftEvidence } from '../draft-evidence.ts';
import { readLogAttributes } from '../read-log-attributes.ts';
import { observeConditions } from '../observe-condition.ts';
import { observedData } from '../observed-data.ts';
import { splitLogs } from '../read-logs.ts';
import { scoreTemplates } from '../score-templates.ts';
import type { ScoredTemplate } from '../score-templates.ts';
import { clockTime } from '../split-context.ts';

/** As many as a digest may tell of. */
const maxTemplates = 120;
/** Of the lines of so many templates it is told what else is known of them. */
const maxDetailed = 20;
const maxNotes = 3;

const aspects = { new: 'log-new', vanished: 'log-vanished', rate: 'log-rate' } as const;

function observe({ change, unit, shift, count, onset }: ScoredTemplate): Observation {
  return observationOf({
    // A line that names no service is told as one of `unknown`.
    entity: { kind: 'service', name: count.service ?? '' },
    aspect: aspects[change],
    name: count.template,
    unit,
    shift,
    onset,
  });
}

async function tableOf(
  context: ToolContext,
  scored: readonly ScoredTemplate[],
): Promise<TemplatesView> {
  const detailed = scored
    .slice(0, maxDetailed)
    .flatMap(({ count }) => [...count.exemplarsBefore, ...count.exemplarsAfter]);
  const attributesOf = await readLogAttributes(context, detailed);
  const exemplars = (list: TemplateCount['exemplarsAfter']): LogLine[] =>
    list.map((line) => ({
      at: line.at,
      body: line.body,
      traceId: line.traceId,
      attributes: attributesOf(line),
    }));
  return {
    templates: scored.slice(0, maxTemplates).map(({ change, shift, count }) => ({
      service: entityOf({ kind: 'service', name: count.service ?? '' }).name,
      severity: count.severity,
      template: cutText(count.template, 500),
      change,
      linesBefore: count.before,
      linesAfter: count.after,
      perSecondBefore: rounded(shift.before),
      perSecondAfter: rounded(shift.after),
      score: roundedScore(shift.score),
      firstAt: count.firstAt,
      firstAfterAt: count.firstAfterAt,
      exemplarsBefore: exemplars(count.exemplarsBefore),
      exemplarsAfter: exemplars(count.exemplarsAfter),
    })),
    omittedTemplates: Math.max(0, scored.length - maxTemplates),
  };
}

/** The first line after of the strongest templates that appeared or became more frequent. */
function quote(scored: readonly ScoredTemplate[]): readonly string[] {
  return scored
    .filter(({ shift }) => shift.direction === 'up' && shift.score >= leastScore)
    .flatMap(({ count }) => {
      const line = count.exemplarsAfter[0];
      if (line === undefined) return [];
      const head = [clockTime(line.at), count.severity, count.service].filter(Boolean).join(' ');
      return [cutText(`${head}: ${line.body}`, 240)];
    })
    .slice(0, maxNotes);
}

/** Says of how many templates the time before is known at most. */
function sayUnknown(scored: readonly ScoredTemplate[]): readonly string[] {
  const count = scored.filter(({ count: one }) => !one.isBeforeKnown).length;
  return count === 0
    ? []
    : [
        `too many kinds of lines to remember all: of ${count} templates the lines before are at most`,
      ];
}

/** Groups log lines by what they say and shows which kinds of line are new, gone, or more or less frequent. */
export const clusterLogs = defineTool({
  name: 'cluster-logs',
  description:
    'Groups the log lines of all services (or of those named) into templates and compares how often each occurs before and after the suspected onset, per second and per request: new, vanished and changed ones, strongest first, with exemplars. Also tells what programs say is wrong with them in well-known words.',
  input: z.strictObject({ services: z.array(z.string().min(1).max(120)).max(60).optional() }),
  effect: 'read',
  needs: 'logs',
  timeoutMs: 120_000,
  run: async ({ services }, context) => {
    const { split, note } = await splitLogs(context);
    const wanted = services === undefined || services.length === 0 ? null : services;
    if (split === null) return { ok: true, evidence: [], digest: { notes: [note] } };
    const clustered = await scoreTemplates(context, { services: wanted, split });
    const { scored, lines, read, truncated } = clustered;
    const stated = observeConditions(clustered.stated, context);
    return {
      ok: true,
      digest: {
        observations: [
          ...stated,
          ...scored.filter(({ shift }) => shift.score >= leastScore).map(observe),
        ].toSorted((one, other) => other.score - one.score),
        notes: [
          ...quote(scored),
          ...sayUnknown(scored),
          `${lines} lines in ${scored.length} templates; ${note}`,
        ],
        ...(truncated === null ? {} : { truncated }),
      },
      evidence: [
        draftEvidence({
          key: wanted === null ? 'all services' : wanted.join(','),
          kind: 'logs',
          title: 'Log templates before and after, strongest difference first',
          read,
          window: context.window,
          view: 'log-table',
          data: await tableOf(context, scored),
        }),
        ...(stated.length === 0
          ? []
          : [
              draftEvidence({
                key: 'stated',
                kind: 'logs',
                title: 'What programs say is wrong with them',
                read,
                window: context.window,
                view: 'table',
                data: observedData(stated),
              }),
            ]),
      ],
    };
  },
});
