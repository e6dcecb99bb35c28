import { groupTemplates } from './group-templates.ts';
import { otherLines } from './mask-body.ts';

/** What is kept for each kind of line: plain data, so that it can be stored, and merged when kinds turn out to be one. */
export interface KindValues<Value> {
  fresh(): Value;
  merge(one: Value, other: Value): Value;
  /** Kinds that matter are given up last; by default none does. */
  matters?(value: Value): boolean;
  /** How much is missed of a kind that was given up and comes again, by default its lines. */
  missed?(value: Value): number;
}

/** A message pattern with what was kept for its lines; `scope` is what lines were kept apart by, for instance service and severity. */
export interface MinedTemplate<Value> {
  readonly scope: string;
  readonly template: string;
  readonly lines: number;
  readonly value: Value;
  /** How much may be missing, since kinds of its scope had been given up before it began; 0 where all of it was seen. Of what was given up: of a kind that comes again. */
  readonly missed: number;
}

/** How a miner is bounded, and what it goes on from. */
export interface TemplateMinerOptions<Value> {
  /** Different masked lines kept before they are merged into templates; as many templates as half of it. Default 10,000. */
  readonly maxKinds?: number;
  /** The templates of a miner that has stopped; their values are taken over. */
  readonly resumeFrom?: readonly MinedTemplate<Value>[];
}

/** Learns templates from masked lines, one at a time. */
export interface TemplateMiner<Value> {
  /** Counts a masked line and gives what is kept for its kind. */
  add(scope: string, masked: string): Value;
  /** The templates so far, in the order of scope and text; a miner that is made from them goes on where this one stands. */
  templates(): readonly MinedTemplate<Value>[];
}

interface Kind<Value> {
  readonly scope: string;
  readonly text: string;
  lines: number;
  value: Value;
  missed: number;
}

/**
 * Makes a miner of log templates. Different masked lines are few, so they are counted as they are, each at the price of a look-up, and grouped into templates only when these are
 * asked for (`groupTemplates`): the answer does not depend on the order of lines. When there are more kinds than may be, they are replaced by their
 * templates, of which those that matter and then the most frequent are kept; the others of a scope become one. From then on memory is bounded, order may matter, and a template that
 * begins may have been there before: it says how much of it may be missing.
 */
export function createTemplateMiner<Value>(
  values: KindValues<Value>,
  { maxKinds = 10_000, resumeFrom = [] }: TemplateMinerOptions<Value> = {},
): TemplateMiner<Value> {
  let scopes = new Map<string, Map<string, Kind<Value>>>();
  let size = 0;

  const put = (kind: Kind<Value>): void => {
    const kinds = scopes.get(kind.scope) ?? new Map<string, Kind<Value>>();
    scopes.set(kind.scope, kinds);
    const known = kinds.get(kind.text);
    if (known !== undefined) {
      known.lines += kind.lines;
      known.value = values.merge(known.value, kind.value);
      known.missed += kind.missed;
      return;
    }
    kinds.set(kind.text, kind);
    size += 1;
  };
  const putAll = (kinds: readonly Kind<Value>[]): void => {
    scopes = new Map();
    size = 0;
    for (const kind of kinds) put(kind);
  };
  const missedIn = (scope: string): number => scopes.get(scope)?.get(otherLines)?.missed ?? 0;
  const grouped = (): readonly Kind<Value>[] =>
    [...scopes.values()].flatMap((kinds) => groupKinds([...kinds.values()], values));

  putAll(resumeFrom.map(({ template, ...rest }) => ({ ...rest, text: template })));
  return {
    add: (scope, masked) => {
      let kind = scopes.get(scope)?.get(masked);
      if (kind === undefined) {
        if (size >= maxKinds) putAll(giveUp(grouped(), Math.floor(maxKinds / 2), values));
        const missed = missedIn(scope) + (scope === '' ? 0 : missedIn(''));
        kind = { scope, text: masked, lines: 0, value: values.fresh(), missed };
        put(kind);
      }
      kind.lines += 1;
      return kind.value;
    },
    templates: () =>
      grouped()
        .map(({ text, ...rest }) => ({ ...rest, template: text }))
        .sort(
          (one, other) =>
            compareText(one.scope, other.scope) || compareText(one.template, other.template),
        ),
  };
}

/** Groups the kinds of one scope; those that are left over from before stay as they are. */
function groupKinds<Value>(
  kinds: readonly Kind<Value>[],
  { merge }: KindValues<Value>,
): readonly Kind<Value>[] {
  const sorted = kinds.toSorted((one, other) => compareText(one.text, other.text));
  const groups = groupTemplates(sorted.map(({ text }) => text.split(' ')));
  return groups.map(({ fields, members }) => {
    const own = members.flatMap((member) => sorted[member] ?? []);
    const [first, ...rest] = own;
    if (first === undefined) throw new Error('a group of templates has no members');
    const value = rest.reduce((merged, kind) => merge(merged, kind.value), first.value);
    const lines = own.reduce((sum, kind) => sum + kind.lines, 0);
    const missed = Math.max(...own.map((kind) => kind.missed));
    return { scope: first.scope, text: fields.join(' '), lines, value, missed };
  });
}

/** Keeps the kinds that matter and the most frequent ones; all others of a scope become one, and those of all scopes when there are too many of these. */
function giveUp<Value>(
  kinds: readonly Kind<Value>[],
  most: number,
  values: KindValues<Value>,
): readonly Kind<Value>[] {
  if (kinds.length <= most) return kinds;
  const { matters = () => false, missed = () => null } = values;
  const ranked = kinds
    .map((kind) => ({ kind, matters: matters(kind.value) }))
    .sort(
      (one, other) =>
        Number(other.matters) - Number(one.matters) ||
        other.kind.lines - one.kind.lines ||
        compareText(one.kind.scope, other.kind.scope) ||
        compareText(one.kind.text, other.kind.text),
    )
    .map(({ kind }) => kind);
  const kept = ranked.slice(0, most);
  const scopes = new Set(kept.map(({ scope }) => scope));
  const scopeOf = ({ scope }: Kind<Value>): string => (scopes.has(scope) ? scope : '');
  const given = ranked.slice(most);
  /** A kind is given up once at a time: what is missed of it then is at most what is of the largest. */
  const largest = new Map<string, number>();
  for (const kind of given) {
    if (kind.text === otherLines) continue;
    const size = missed(kind.value) ?? kind.lines;
    largest.set(scopeOf(kind), Math.max(size, largest.get(scopeOf(kind)) ?? 0));
  }
  const rest = given.map((kind) => {
    const scope = scopeOf(kind);
    if (kind.text === otherLines) return { ...kind, scope };
    const size = largest.get(scope) ?? 0;
    largest.delete(scope);
    return { ...kind, scope, text: otherLines, missed: size };
  });
  return [...kept, ...rest];
}

const compareText = (one: string, other: string): number =>
  one < other ? -1 : one > other ? 1 : 0;
