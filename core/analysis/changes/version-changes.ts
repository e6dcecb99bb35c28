import { compareTexts } from '../../compare-texts.ts';
/** One process of a service, as its telemetry shows it: which version it says it has, and from when to when it was seen, in epoch milliseconds. */
export interface SeenInstance {
  readonly service: string;
  readonly version: string;
  readonly firstAt: number;
  readonly lastAt: number;
}

/** A version of a service that begins to run where another one ran. */
export interface VersionChange {
  readonly service: string;
  readonly version: string;
  readonly before: string;
  readonly at: number;
}

/**
 * Finds the deploys that show in telemetry: an instance begins, with another version than the one that began last, and no instance of its version goes on. So a
 * rolling deploy is one change, a rollback is one, and an instance more of a version that runs is none. In order of time.
 */
export function versionChanges(seen: readonly SeenInstance[]): readonly VersionChange[] {
  const services = [...new Set(seen.map(({ service }) => service))];
  return services
    .flatMap((service) => changesOf(seen.filter((one) => one.service === service)))
    .toSorted((one, other) => one.at - other.at || compareTexts(one.service, other.service));
}

function changesOf(seen: readonly SeenInstance[]): VersionChange[] {
  const begun = seen.toSorted(
    (one, other) =>
      one.firstAt - other.firstAt ||
      compareTexts(one.version, other.version) ||
      one.lastAt - other.lastAt,
  );
  return begun.flatMap((instance, index): VersionChange[] => {
    const { service, version, firstAt: at } = instance;
    const earlier = begun.slice(0, index);
    const before = earlier.at(-1)?.version;
    if (before === undefined || before === version) return [];
    const isRunning = earlier.some((one) => one.version === version && one.lastAt >= at);
    return isRunning ? [] : [{ service, version, before, at }];
  });
}
