import { aroundChange } from '../../core/analysis/changes/around-change.ts';
import { changedSettings } from '../../core/analysis/changes/change-touches.ts';
import {
  compareService,
  strongestByAspect,
  usualWaits,
} from '../../core/analysis/traces/compare-service.ts';
import type { SplitWindow } from '../../core/analysis/split-window.ts';
import { hullOf } from '../../core/analysis/stretches.ts';
import { observationOf } from '../../core/observation.ts';
import type { Change } from '../../core/ports/telemetry.ts';
import type { ToolContext } from '../../core/ports/tool.ts';
import type { Observation } from '../../core/schemas/digest.ts';
import { z } from '../../core/schemas/z.ts';
import { defineTool } from '../../core/tool.ts';
import { cutText, draftEvidence } from '../draft-evidence.ts';
import { observedData } from '../observed-data.ts';
import { digestOfChange, readChanges } from '../read-changes.ts';
import { readTraces } from '../read-traces.ts';
import type { Traces } from '../read-traces.ts';
import { shownAttributes } from '../shown-attributes.ts';
import { clockTime, describeWindow } from '../split-context.ts';

const maxDiffLength = 20_000;
const maxFiles = 200;

/** Says in words how the change lies to the suspected onset. */
function describeLag(change: Change, { window, suspected }: ToolContext): string {
  const isOpen = suspected.earliestAt <= window.startAt && suspected.latestAt >= window.endAt;
  if (isOpen) return 'no onset is suspected yet';
  const seconds = (ms: number): string => `${(Math.abs(ms) / 1_000).toFixed(1)} s`;
  const { at } = change;
  if (at > suspected.latestAt) {
    return `made ${seconds(at - suspected.latestAt)} after the suspected onset was over: it cannot have caused it`;
  }
  if (at >= suspected.earliestAt) return 'made within the interval in which the trouble began';
  return `made ${seconds(suspected.earliestAt - at)} before the earliest suspected onset`;
}

interface Compared {
  readonly split: SplitWindow;
  readonly observations: readonly Observation[];
}

function compareAround(change: Change, traces: Traces, context: ToolContext): Compared | null {
  const { service } = change;
  const operations = traces.operations.filter((fact) => fact.service === service);
  if (service === undefined || operations.length === 0) return null;
  const split = aroundChange({
    window: context.window,
    changeAt: change.at,
    requestsAt: operations.map(({ startAt }) => startAt),
    otherTroubleAt: context.suspected.earliestAt,
  });
  if (split === null) return null;
  const shifts = compareService(operations, split, usualWaits(traces.calls, split));
  const observations = strongestByAspect(shifts)
    .filter(({ aspect }) => aspect !== 'traffic')
    .map(({ aspect, operation, unit, shift }) =>
      observationOf({
        entity: { kind: 'service', name: service },
        aspect,
        name: operation ?? 'all operations',
        unit,
        shift,
      }),
    );
  return { split, observations };
}

function describeCompared(change: Change, compared: Compared | null): string {
  if (compared === null) {
    return `no requests of ${change.service ?? 'any service'} in traces around the change`;
  }
  const { split } = compared;
  return `compared ${change.service}: ${describeWindow(hullOf(split.after))} with ${describeWindow(hullOf(split.baseline))} UTC`;
}

/** Looks at one change: what it says, and what its service did directly before and after it. */
export const inspectChange = defineTool({
  name: 'inspect-change',
  description:
    'Shows one change with its files and diff, how long before the suspected onset it was made, and error ratio, own errors, duration and self time of its service directly before and after it.',
  input: z.strictObject({ id: z.string().min(1).max(120) }),
  effect: 'read',
  needs: 'changes',
  timeoutMs: 60_000,
  run: async ({ id }, context) => {
    const read = await readChanges(context);
    const change = read.rows.find((one) => one.id === id);
    if (change === undefined) {
      const known = read.rows.slice(-8).map((one) => one.id);
      return {
        ok: false,
        code: 'not-found.data',
        message: `there is no change "${id}" in ${describeWindow(context.window)} UTC`,
        query: read.query,
        hint: cutText(
          known.length === 0
            ? 'There are no changes in the window.'
            : `Use one of ${known.join(', ')}.`,
          300,
        ),
      };
    }
    const traces = await readTraces(context);
    const compared = compareAround(change, traces, context);
    const lag = describeLag(change, context);
    const settings = changedSettings(change).map(({ key, before, after }) =>
      cutText(`${key}: ${before ?? 'not set'} → ${after ?? 'not set'}`, 240),
    );
    return {
      ok: true,
      digest: {
        changes: [digestOfChange(change)],
        observations: [...(compared?.observations ?? [])],
        notes: [lag, describeCompared(change, compared), ...settings.slice(0, 4)],
        ...(traces.truncated === null ? {} : { truncated: traces.truncated }),
      },
      evidence: [
        draftEvidence({
          key: `change/${change.id}`,
          kind: 'changes',
          title: `${change.kind} ${change.id}: ${change.title ?? 'without a title'}`,
          read,
          window: context.window,
          view: 'text',
          data: {
            text: [
              `${change.kind} ${change.id} at ${clockTime(change.at)} UTC by ${change.author ?? 'someone'}`,
              `service: ${change.service ?? 'not said'}; revision: ${change.revision ?? 'not said'}`,
              lag,
              `files: ${change.files.slice(0, maxFiles).join(', ') || 'not said'}`,
              ...Object.entries(shownAttributes(change.attributes)).map(
                ([name, value]) => `${name}: ${value}`,
              ),
              '',
              cutText(change.diff ?? 'no diff', maxDiffLength),
            ].join('\n'),
            settings: [...settings],
          },
        }),
        ...(compared === null ? [] : [draftComparison(change, compared, traces)]),
      ],
    };
  },
});

function draftComparison(
  change: Change,
  { split, observations }: Compared,
  traces: Traces,
): ReturnType<typeof draftEvidence> {
  return draftEvidence({
    key: `change/${change.id}/around`,
    kind: 'traces',
    title: `${change.service} directly before and after ${change.id}`,
    read: traces.read,
    window: hullOf([...split.baseline, ...split.after]),
    view: 'table',
    data: observedData(observations),
  });
}
