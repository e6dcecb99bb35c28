import type { ChangeDigest, Coverage, Dependency, Digest, Observation } from './schemas/digest.ts';
import { maxDigestBytes, maxKeptDigestBytes } from './schemas/digest.ts';

/** Everything a digest may hold, in any number; `truncated` says what the tool itself left out. */
export interface DigestDraft {
  readonly observations?: readonly Observation[];
  readonly dependencies?: readonly Dependency[];
  readonly changes?: readonly ChangeDigest[];
  readonly coverage?: readonly Coverage[];
  readonly notes?: readonly string[];
  readonly truncated?: string;
}

/** A digest on its way to fitting: lists that may be longer than allowed. */
type Full = Required<Omit<Digest, 'truncated'>>;

type ListName = 'observations' | 'dependencies' | 'changes' | 'coverage' | 'notes';

/** How much a digest may hold. */
export interface DigestSize {
  readonly bytes: number;
  readonly counts: Readonly<Record<ListName, number>>;
}

/** What goes through history, and to models. */
export const briefSize: DigestSize = {
  bytes: maxDigestBytes,
  counts: { observations: 12, dependencies: 24, changes: 10, coverage: 10, notes: 6 },
};
/** What is kept for the steps that reason from it. */
export const keptSize: DigestSize = {
  bytes: maxKeptDigestBytes,
  counts: { observations: 120, dependencies: 400, changes: 100, coverage: 10, notes: 6 },
};
const maxNoteLength = 240;
const maxTruncatedLength = 200;
const clearScore = 3;

/** The length of a text in UTF-8, without encoding it. */
export function utf8Length(text: string): number {
  let bytes = 0;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    const isPair = code >= 0xd800 && code <= 0xdbff && index + 1 < text.length;
    if (isPair) index += 1;
    bytes += isPair ? 4 : code < 0x80 ? 1 : code < 0x800 ? 2 : 3;
  }
  return bytes;
}

/** What goes first when a digest is too large: each step takes the last entry of a list that is longer than its `keep`. */
const shedding: readonly { readonly list: ListName; readonly keep: number }[] = [
  { list: 'notes', keep: 3 },
  { list: 'dependencies', keep: 12 },
  { list: 'observations', keep: 8 },
  { list: 'changes', keep: 5 },
  { list: 'notes', keep: 1 },
  { list: 'dependencies', keep: 5 },
  { list: 'observations', keep: 4 },
  { list: 'changes', keep: 1 },
  { list: 'dependencies', keep: 0 },
  { list: 'notes', keep: 0 },
  { list: 'observations', keep: 1 },
];

/**
 * Brings a digest within a size: observations are sorted by score, and what is weakest or last in its list is left out,
 * observations that are not clearly out first of all. `truncated` then says how much of what is missing, after what the tool said itself.
 */
export function fitDigest(tool: string, draft: DigestDraft, size: DigestSize): Digest {
  const full: Full = {
    tool,
    observations: [...(draft.observations ?? [])].sort((one, other) => other.score - one.score),
    dependencies: [...(draft.dependencies ?? [])],
    changes: [...(draft.changes ?? [])],
    coverage: [...(draft.coverage ?? [])],
    notes: (draft.notes ?? []).map((note) => note.slice(0, maxNoteLength)),
  };
  const said = draft.truncated;
  let kept = withinCounts(full, size.counts);
  let digest = stated(full, kept, said);
  while (utf8Length(JSON.stringify(digest)) > size.bytes) {
    const next = shed(kept);
    if (next === null) return digest;
    kept = next;
    digest = stated(full, kept, said);
  }
  return digest;
}

/** Brings a digest that was made before within another size. */
export function refitDigest({ truncated, ...digest }: Digest, size: DigestSize): Digest {
  return fitDigest(digest.tool, truncated === undefined ? digest : { ...digest, truncated }, size);
}

function withinCounts(full: Full, limits: DigestSize['counts']): Full {
  return {
    tool: full.tool,
    observations: withinCount(full.observations, limits.observations),
    dependencies: full.dependencies.slice(0, limits.dependencies),
    changes: full.changes.slice(0, limits.changes),
    coverage: full.coverage.slice(0, limits.coverage),
    notes: full.notes.slice(0, limits.notes),
  };
}

function withinCount(observations: readonly Observation[], most: number): Observation[] {
  let kept = [...observations];
  while (kept.length > most) {
    const isWeak = (kept.at(-1)?.score ?? 0) < clearScore;
    kept = isWeak ? kept.slice(0, -1) : withoutLeastTelling(kept);
  }
  return kept;
}

function shed(kept: Full): Full | null {
  const weakest = kept.observations.at(-1);
  if (weakest !== undefined && weakest.score < clearScore && kept.observations.length > 1) {
    return { ...kept, observations: kept.observations.slice(0, -1) };
  }
  const step = shedding.find(({ list, keep }) => kept[list].length > keep);
  if (step === undefined) return shedServices(kept);
  return step.list === 'observations'
    ? { ...kept, observations: withoutLeastTelling(kept.observations) }
    : { ...kept, [step.list]: kept[step.list].slice(0, -1) };
}

/** Drops the weakest observation of the aspect that most of them are about: the tenth slow call says less than the only busy processor. */
function withoutLeastTelling(observations: readonly Observation[]): Observation[] {
  const counts = new Map<string, number>();
  for (const { aspect } of observations) counts.set(aspect, (counts.get(aspect) ?? 0) + 1);
  const most = Math.max(...counts.values());
  const dropped = observations.findLastIndex(({ aspect }) => counts.get(aspect) === most);
  return observations.filter((_one, index) => index !== dropped);
}

/** Coverage is never dropped; its lists of services are, the longest first. */
function shedServices(kept: Full): Full | null {
  const longest = Math.max(0, ...kept.coverage.map(({ services }) => services.length));
  if (longest === 0) return null;
  const place = kept.coverage.findIndex(({ services }) => services.length === longest);
  const coverage = kept.coverage.map((one, index) =>
    index === place ? { ...one, services: one.services.slice(0, -1) } : one,
  );
  return { ...kept, coverage };
}

const listNames: readonly ListName[] = [
  'observations',
  'dependencies',
  'changes',
  'coverage',
  'notes',
];

function stated(full: Full, kept: Full, said: string | undefined): Digest {
  const missing = listNames.flatMap((list) => {
    const count = full[list].length - kept[list].length;
    return count > 0 ? [`${count} of ${full[list].length} ${list}`] : [];
  });
  const countServices = ({ coverage }: Full): number =>
    coverage.reduce((sum, { services }) => sum + services.length, 0);
  const services = countServices(full) - countServices(kept);
  if (services > 0) missing.push(`${services} names of services`);
  const leftOut = missing.length === 0 ? [] : [`left out: ${missing.join(', ')}`];
  const truncated = [...(said === undefined ? [] : [said]), ...leftOut].join('; ');
  return truncated === '' ? kept : { ...kept, truncated: truncated.slice(0, maxTruncatedLength) };
}
