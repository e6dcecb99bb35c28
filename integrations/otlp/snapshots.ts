import { mkdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Window } from '../../core/schemas/primitives.ts';
import { errorCodeOf } from './error-code.ts';
import { listKeptSegments } from './kept-segments.ts';
import { makeRoom } from './make-room.ts';
import type { RoomLimits } from './make-room.ts';
import { writeKeptCase } from './write-kept-case.ts';
import type { FindChanges, KeptCase } from './write-kept-case.ts';

/** What was taken: where it is, what of the window it covers. */
export interface Snapshot {
  readonly dir: string;
  readonly window: Window;
  readonly segments: number;
}

/** The case folders that live investigations work on, one each. */
export interface Snapshots {
  /** Where the snapshot of an investigation is, or would be. */
  dirOf(investigationId: string): string;
  /**
   * Takes a snapshot of what is kept of the window at this moment, in the place of an earlier one of the same investigation. It is there as a whole or not at
   * all, whenever this process is killed. Snapshots too old or too large are removed first.
   */
  take(investigationId: string, about: KeptCase): Promise<Snapshot>;
  /** Removes those that are too old or, together, too large. */
  makeRoom(): Promise<void>;
  /** Removes one before its time. */
  remove(investigationId: string): Promise<void>;
}

/**
 * Makes the snapshots of the telemetry kept in `telemetryFolder`, under `folder`. They hold hard links, so that they cost space only for what the retention of
 * telemetry has removed.
 */
export function createSnapshots(options: {
  readonly folder: string;
  readonly telemetryFolder: string;
  readonly limits: RoomLimits;
  readonly findChanges: FindChanges;
  readonly now: () => number;
  readonly newName: () => string;
}): Snapshots {
  const { folder, telemetryFolder, limits, now } = options;
  const dirOf = (investigationId: string): string => path.join(folder, investigationId);
  const room = (): Promise<void> => makeRoom(folder, limits, now());
  return {
    dirOf,
    makeRoom: room,
    remove: (investigationId) => rm(dirOf(investigationId), { recursive: true, force: true }),
    take: async (investigationId, about) => {
      await room();
      const dir = dirOf(investigationId);
      const unfinished = path.join(folder, `.unfinished-${options.newName()}`);
      await mkdir(unfinished, { recursive: true });
      try {
        const segments = await listKeptSegments(telemetryFolder, about.window);
        const window = await writeKeptCase(unfinished, about, {
          segments,
          nowAt: now(),
          findChanges: options.findChanges,
        });
        await replace(unfinished, dir);
        return { dir, window, segments: segments.length };
      } finally {
        await rm(unfinished, { recursive: true, force: true });
      }
    },
  };
}

const mostTries = 5;

/** Puts a folder in the place of another. An attempt that was given up may be doing the same at this moment: then it is tried again. */
async function replace(from: string, to: string): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    await rm(to, { recursive: true, force: true });
    try {
      await rename(from, to);
      return;
    } catch (error) {
      const isThere = ['ENOTEMPTY', 'EEXIST'].includes(errorCodeOf(error));
      if (!isThere || tries === mostTries) throw error;
    }
  }
}
