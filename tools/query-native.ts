import type { NativeQueries } from '../core/ports/telemetry.ts';
import type { ToolContext } from '../core/ports/tool.ts';
import type { Window } from '../core/schemas/primitives.ts';
import type { ToolAnswer } from '../core/tool.ts';

/** The last so many minutes of the window under investigation, or all of it when it is shorter. */
export function lastMinutes({ window }: Pick<ToolContext, 'window'>, minutes: number): Window {
  return {
    startAt: Math.max(window.startAt, window.endAt - minutes * 60_000),
    endAt: window.endAt,
  };
}

/** What a source is told that speaks no language of its own. */
export function noNativeQueries(what: string, instead: string): ToolAnswer {
  return {
    ok: false,
    code: 'not-found.data',
    message: `the ${what} looked at here have no query language of their own`,
    hint: `Call ${instead}.`,
  };
}

const maxNames = 6;

/** Words what there is to ask of, a line each, so that the next query can be a better one. */
export async function describeNames(
  { dialect, describe }: Pick<NativeQueries<unknown>, 'dialect' | 'describe'>,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const names = await describe(signal);
  const told = names.slice(0, maxNames - 1).map(({ name, unit, labels, count }) =>
    [name, unit, count === null ? null : `${count} rows`, labels.join(', ')]
      .filter((part) => part !== null && part !== '')
      .join(' · ')
      .slice(0, 240),
  );
  return [`${names.length} names to ask of in ${dialect}`, ...told];
}
