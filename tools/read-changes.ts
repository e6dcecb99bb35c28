import { changeTouches } from '../core/analysis/changes/change-touches.ts';
import type { Change, Read } from '../core/ports/telemetry.ts';
import type { ToolContext } from '../core/ports/tool.ts';
import type { ChangeDigest } from '../core/schemas/digest.ts';
import { cutText } from './draft-evidence.ts';

const maxChanges = 500;
const maxTitleLength = 100;

/** Writes a change for a digest: without its diff, with what it touches. */
export function digestOfChange(change: Change): ChangeDigest {
  const { id, kind, at, service, revision, title } = change;
  return {
    id: cutText(id, 120),
    kind,
    at,
    ...(service === undefined ? {} : { service: cutText(service, 120) }),
    ...(revision === undefined ? {} : { revision: cutText(revision, 120) }),
    ...(title === undefined ? {} : { title: cutText(title, maxTitleLength) }),
    touches: [...changeTouches(change)],
  };
}

/** Reads the changes of the window, 500 at most. */
export function readChanges(context: ToolContext): Promise<Read<Change>> {
  const { telemetry, window, signal } = context;
  return telemetry.changes({ window, limit: maxChanges }, signal);
}
