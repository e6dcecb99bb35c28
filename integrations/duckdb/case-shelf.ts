import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { Telemetry } from '../../core/ports/telemetry.ts';
import { openCase } from './open-case.ts';
import type { OpenCase } from './open-case.ts';
import { manifestName } from './read-case.ts';

/** Opened cases that several readers share, so that a case is loaded once for all of them. */
export interface CaseShelf {
  /**
   * Lets `work` read the case folder `dir`, opening it unless it still stands open as it is on disk now. The telemetry may be read until `work` settles.
   * Rejects like `openCase`, and with whatever `work` rejects with.
   */
  use<Result>(dir: string, work: (telemetry: Telemetry) => Promise<Result>): Promise<Result>;
  /** Closes every case, also those in use. */
  close(): Promise<void>;
}

interface Place {
  readonly dir: string;
  /** Tells one state of the manifest on disk from another. */
  readonly stamp: string;
  readonly opened: Promise<OpenCase>;
  users: number;
}

async function readStamp(dir: string): Promise<string> {
  const stats = await stat(path.join(dir, manifestName)).catch(() => null);
  return stats === null ? 'none' : `${stats.mtimeMs}/${stats.size}/${stats.ino}`;
}

/**
 * Makes a shelf that keeps the `max` cases used last open. More are open only while they are in use; a case whose manifest has changed is opened
 * afresh, and the old one closed when its last reader is done.
 */
export function createCaseShelf({ max }: { readonly max: number }): CaseShelf {
  /** In order of use, the last one used last. */
  let places: readonly Place[] = [];

  const remove = async (place: Place): Promise<void> => {
    places = places.filter((other) => other !== place);
    const opened = await place.opened.catch(() => null);
    await opened?.close();
  };

  const tidy = async (): Promise<void> => {
    const isCurrent = (place: Place): boolean =>
      places.findLast(({ dir }) => dir === place.dir) === place;
    const idle = places.filter(({ users }) => users === 0);
    const stale = idle.filter((place) => !isCurrent(place));
    const fresh = idle.filter(isCurrent);
    const excess = Math.max(0, places.length - stale.length - max);
    await Promise.all([...stale, ...fresh.slice(0, excess)].map(remove));
  };

  const take = async (dir: string): Promise<Place> => {
    const stamp = await readStamp(dir);
    const known = places.find((place) => place.dir === dir && place.stamp === stamp);
    const place = known ?? { dir, stamp, opened: openCase({ dir }), users: 0 };
    place.users += 1;
    places = [...places.filter((other) => other !== place), place];
    return place;
  };

  return {
    use: async (dir, work) => {
      const place = await take(path.resolve(dir));
      try {
        return await work(await place.opened);
      } catch (error) {
        const isOpen = await place.opened.then(
          () => true,
          () => false,
        );
        if (!isOpen) places = places.filter((other) => other !== place);
        throw error;
      } finally {
        place.users -= 1;
        await tidy();
      }
    },
    close: async () => {
      await Promise.all(places.map(remove));
    },
  };
}
