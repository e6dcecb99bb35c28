import { readStanding } from '../core/analysis/platform/standing.ts';
import type { Standing } from '../core/analysis/platform/standing.ts';
import type { Read, StateObject } from '../core/ports/telemetry.ts';
import type { ToolContext } from '../core/ports/tool.ts';

const maxObjects = 5_000;

/** Reads the objects of the platform as they stood, 5,000 at most, and how they stand. */
export async function readObjects({
  telemetry,
  window,
  signal,
}: ToolContext): Promise<{ readonly read: Read<StateObject>; readonly standing: Standing }> {
  const read = await telemetry.records('state', { window, limit: maxObjects }, signal);
  return { read, standing: readStanding(read.rows) };
}
