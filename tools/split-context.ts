import { hullOf, splitsAgainst, splitWindow } from '../core/analysis/split-window.ts';
import type { SplitWindow } from '../core/analysis/split-window.ts';
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

function dateTime(at: number): string {
  return new Date(at).toISOString().slice(0, 19).replace('T', ' ');
}

type Split = Pick<ToolContext, 'telemetry' | 'window' | 'suspected'>;

/** The splits against the healthy windows that a case gives and that could serve, the longest of them first. */
export function givenSplits({ telemetry, window, suspected }: Split): readonly SplitWindow[] {
  return splitsAgainst(telemetry.baselines, window, suspected);
}

/** Where to read: the window, and the healthy ones that it is compared with where those lie outside. Nothing between them is kept of a case. */
export function windowToRead(context: Split): Window {
  return givenSplits(context).reduce(
    (hull, { baseline }) => hullOf(hull, baseline),
    context.window,
  );
}

/** Cuts an interval to the window; null when it lies before it: a healthy time before the window is not when anything began. */
export function onsetWithin(window: Window, onset: Onset | null): Onset | null {
  if (onset === null || onset.latestAt < window.startAt || onset.earliestAt >= window.endAt) {
    return null;
  }
  return { ...onset, earliestAt: Math.max(onset.earliestAt, window.startAt) };
}

/**
 * Splits what is compared: against the longest healthy window that the case gives and that `holds` something to compare with, else the context's window at
 * what is suspected. The note says what is compared, or that there is nothing to compare with.
 */
export function splitContext(
  context: Split,
  holds: (baseline: Window) => boolean,
): {
  readonly split: SplitWindow | null;
  readonly note: string;
} {
  const { window, suspected } = context;
  const given = givenSplits(context).find(({ baseline }) => holds(baseline));
  if (given !== undefined) {
    const { startAt, endAt } = given.baseline;
    const healthy = `${dateTime(startAt)} to ${dateTime(endAt)}`;
    const note = `compared ${describeWindow(given.after)} with the healthy ${healthy} UTC that the case gives`;
    return { split: given, note };
  }
  const split = splitWindow(window, suspected);
  const note =
    split === null
      ? `nothing to compare with: no baseline before ${clockTime(suspected.earliestAt)} in ${describeWindow(window)} UTC`
      : `compared ${describeWindow(split.after)} with ${describeWindow(split.baseline)} UTC`;
  return { split, note };
}
