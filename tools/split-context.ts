import { splitWindow } from '../core/analysis/split-window.ts';
import type { SplitWindow } from '../core/analysis/split-window.ts';
import type { ToolContext } from '../core/ports/tool.ts';

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

/** Splits the context's window at what is suspected; the note says what is compared, or that there is nothing to compare with. */
export function splitContext(context: Pick<ToolContext, 'window' | 'suspected'>): {
  readonly split: SplitWindow | null;
  readonly note: string;
} {
  const split = splitWindow(context.window, context.suspected);
  const note =
    split === null
      ? `nothing to compare with: no baseline before ${clockTime(context.suspected.earliestAt)} in ${describeWindow(context.window)} UTC`
      : `compared ${describeWindow(split.after)} with ${describeWindow(split.baseline)} UTC`;
  return { split, note };
}
