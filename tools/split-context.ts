import { splitAgainst, splitWindow } from '../core/analysis/split-window.ts';
import type { SplitWindow } from '../core/analysis/split-window.ts';
import { hullOf, joined } from '../core/analysis/stretches.ts';
import type { Stretches } from '../core/analysis/stretches.ts';
import type { ToolContext } from '../core/ports/tool.ts';
import type { Onset, Window } from '../core/schemas/primitives.ts';

/** A window as people read it: clock times in UTC. */
export function describeWindow(window: {
  readonly startAt: number;
  readonly endAt: number;
}): string {
  return `${clockTime(window.startAt)} to ${clockTime(window.endAt)}`;
}

export function clockTime(at: number): string {
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? 'an unknown time' : date.toISOString().slice(11, 19);
}

function describeHealthy(stretches: Stretches): string {
  const { startAt, endAt } = hullOf(stretches);
  const isOne = stretches.length === 1;
  const times = [dateTime(startAt), dateTime(endAt)];
  return isOne ? times.join(' to ') : `${stretches.length} times between ${times.join(' and ')}`;
}

function dateTime(at: number): string {
  return new Date(at).toISOString().slice(0, 19).replace('T', ' ');
}

type Split = Pick<ToolContext, 'telemetry' | 'window' | 'suspected'>;

/** Splits against the healthy times that a case gives and that `holds` something to compare with; null where there are none. */
export function givenSplit(
  { telemetry, window, suspected }: Split,
  holds: (healthy: Window) => boolean = () => true,
): SplitWindow | null {
  const given = splitAgainst(telemetry.baselines, window, suspected);
  const baseline = given?.baseline.filter((one) => holds(one)) ?? [];
  return given === null || baseline.length === 0 ? null : { ...given, baseline };
}

/** Where to read: the window, and the healthy ones that it is compared with where those lie outside. Nothing between them is kept of a case. */
export function windowToRead(context: Split): Window {
  return hullOf(joined([context.window, ...(givenSplit(context)?.baseline ?? [])]));
}

/** Cuts an interval to the window; null when it lies before it: a healthy time before the window is not when anything began. */
export function onsetWithin(window: Window, onset: Onset | null): Onset | null {
  if (onset === null || onset.latestAt < window.startAt || onset.earliestAt >= window.endAt) {
    return null;
  }
  return { ...onset, earliestAt: Math.max(onset.earliestAt, window.startAt) };
}

/**
 * Splits what is compared: against the healthy times that the case gives and that `holds` something to compare with, else the context's window at
 * what is suspected. The note says what is compared, or that there is nothing to compare with.
 */
export function splitContext(
  context: Split,
  holds: (healthy: Window) => boolean,
): {
  readonly split: SplitWindow | null;
  readonly note: string;
} {
  const { window, suspected } = context;
  const given = givenSplit(context, holds);
  if (given !== null) {
    const healthy = describeHealthy(given.baseline);
    const note = `compared ${describeWindow(hullOf(given.after))} with the healthy ${healthy} UTC that the case gives`;
    return { split: given, note };
  }
  const split = splitWindow(window, suspected);
  const note =
    split === null
      ? `nothing to compare with: no baseline before ${clockTime(suspected.earliestAt)} in ${describeWindow(window)} UTC`
      : `compared ${describeWindow(hullOf(split.after))} with ${describeWindow(hullOf(split.baseline))} UTC`;
  return { split, note };
}
