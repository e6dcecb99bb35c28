import type { ChangeDigest, Coverage, Dependency, Digest, Observation } from './schemas/digest.ts';
import { maxDigestBytes } from './schemas/digest.ts';

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

const limits = { observations: 12, dependencies: 24, changes: 10, coverage: 10, notes: 6 };
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

type ListName = keyof typeof limits;

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
 * Brings a digest within its limits and under 2,048 bytes of JSON: observations are sorted by score, and what is weakest or last in its list is left out,
 * observations that are not clearly out first of all. `truncated` then says how much of what is missing, after what the tool said itself.
 */
export function fitDigest(tool: string, draft: DigestDraft): Digest {
  const full: Full = {
    tool,
    observations: [...(draft.observations ?? [])].sort((one, other) => other.score - one.score),
    dependencies: [...(draft.dependencies ?? [])],
    changes: [...(draft.changes ?? [])],
    coverage: [...(draft.coverage ?? [])],
    notes: (draft.notes ?? []).map((note) => note.slice(0, maxNoteLength)),
  };
  const said = draft.truncated;
  let kept = withinCounts(full);
  let digest = stated(full, kept, said);
  while (utf8Length(JSON.stringify(digest)) > maxDigestBytes) {
    const next = shed(kept);
    if (next === null) return digest;
    kept = next;
    digest = stated(full, kept, said);
  }
  return digest;
}

function withinCounts(full: Full): Full {
  return {
    tool: full.tool,
    observations: withinTwelve(full.observations),
    dependencies: full.dependencies.slice(0, limits.dependencies),
    changes: full.changes.slice(0, limits.changes),
    coverage: full.coverage.slice(0, limits.coverage),
    notes: full.notes.slice(0, limits.notes),
  };
}

function withinTwelve(observations: readonly Observation[]): Observation[] {
  let kept = [...observations];
  while (kept.length > limits.observations) {
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

function stated(full: Full, kept: Full, said: string | undefined): Digest {
  const missing = (Object.keys(limits) as ListName[]).flatMap((list) => {
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
