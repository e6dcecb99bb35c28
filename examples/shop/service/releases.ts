/** Which release serves, and which code path each known release carries. */
export interface Releases {
  readonly current: () => string;
  readonly previous: () => string;
  readonly isKnown: (revision: string) => boolean;
  /** Whether the release that serves carries the named defective code path. */
  readonly carries: (defect: string) => boolean;
  /** Adds a release and lets it serve. */
  readonly deploy: (revision: string, defect?: string) => void;
  /** Lets a known release serve; throws for an unknown one. */
  readonly activate: (revision: string) => void;
}

/** `defects` maps a release to its wrong code path; a release without an entry is sound. */
export function createReleases(initial: {
  readonly revision: string;
  readonly previousRevision: string;
  readonly defects: ReadonlyMap<string, string>;
  readonly onActivated: (revision: string, previous: string) => void;
}): Releases {
  const known = new Set([initial.revision, initial.previousRevision, ...initial.defects.keys()]);
  const defects = new Map(initial.defects);
  let current = initial.revision;
  let previous = initial.previousRevision;

  const activate = (revision: string): void => {
    if (!known.has(revision)) throw new Error(`release ${revision} is unknown`);
    if (revision === current) return;
    previous = current;
    current = revision;
    initial.onActivated(current, previous);
  };
  return {
    current: () => current,
    previous: () => previous,
    isKnown: (revision) => known.has(revision),
    carries: (defect) => defects.get(current) === defect,
    deploy: (revision, defect) => {
      known.add(revision);
      if (defect !== undefined) defects.set(revision, defect);
      activate(revision);
    },
    activate,
  };
}
