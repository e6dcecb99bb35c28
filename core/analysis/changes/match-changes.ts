import type { Change } from '../../ports/telemetry.ts';
import type { Onset } from '../../schemas/primitives.ts';
import { reachOf } from './change-reach.ts';
import type { ChangeReach } from './change-reach.ts';
import { effectsOf } from './diff-effects.ts';
import type { DiffEffect } from './diff-effects.ts';
import { parseDiff } from './parse-diff.ts';
import type { Hunk } from './parse-diff.ts';
import { symptomsOf } from './symptoms.ts';
import { identifiersOf, isCompound, quoted, splitWords } from './words-of-text.ts';

/** What a change is held against. */
export interface ChangeEvidence {
  /** What is out of the ordinary, in the words of metrics, log lines and operations. */
  readonly texts: readonly string[];
  readonly suffering: readonly string[];
  readonly known: readonly string[];
  readonly onset: Onset;
}

/** How well a change accounts for the evidence: `score` in [0, 1], and why, in a sentence. */
export interface ChangeMatch {
  readonly change: Change;
  readonly reach: ChangeReach;
  readonly score: number;
  readonly because: string;
}

/** Files that no program runs by. */
const inert =
  /(?:^|\/)(?:docs?|documentation|tests?|testdata|__tests__|\.github|\.circleci|fixtures)\/|[._-](?:test|spec|fuzz)\.\w{1,6}$|\.(?:md|txt|css|scss|svg|png|rst)$|(?:^|\/)(?:CODEOWNERS|LICENSE|\.golangci\.yml|\.gitignore)$/;
/** A word that more changes than this share say tells nothing; of few changes, more than so many. */
const tooCommon = 0.25;
const leastCommon = 3;
const asCause = { effect: 0.6, named: 0.8, tie: 0.2 } as const;
/** The weight of this many rare words in common is full. */
const fullTie = 12;

/**
 * Holds changes against what is out of the ordinary, best first. A change accounts for it when its diff does what leads to such symptoms, or when the evidence calls by name
 * what only that diff puts in or takes out; it must reach a service that suffers, and have taken effect before. Rare words in common tell apart what else is equal (inverse
 * document frequency over the changes). Moved code, tests and documents account for nothing.
 */
export function matchChanges(
  changes: readonly Change[],
  evidence: ChangeEvidence,
): readonly ChangeMatch[] {
  const deploys = changes.filter(({ kind, service }) => kind === 'deploy' && service !== undefined);
  const read = changes
    .filter(({ diff, files }) => (diff ?? '') !== '' || files.length > 0)
    .map((change) => readChange(change));
  const frequency = countWords(read);
  const rarity = (word: string): number =>
    Math.log((1 + read.length) / (1 + (frequency.get(word) ?? 0)));
  const seen = seenIn(evidence.texts);
  const isRare = (word: string): boolean =>
    (frequency.get(word) ?? 0) <= Math.max(leastCommon, tooCommon * read.length);
  return read
    .map((one): ChangeMatch => {
      const { change } = one;
      const reach = reachOf(change, { ...evidence, deploys });
      const never = whyNever(change, reach, evidence.onset);
      const found =
        never === null ? (namedIn(one, seen, read) ?? effectSeen(one.effects, seen, isRare)) : null;
      if (found === null) return { change, reach, score: 0, because: never ?? whyNot(one) };
      const shared = [...one.words].filter((word) => seen.words.has(word) && word.length > 2);
      const tie = Math.min(1, shared.reduce((sum, word) => sum + rarity(word), 0) / fullTie);
      const score = reach.weight * Math.min(1, found.weight + asCause.tie * tie);
      return { change, reach, score: Number(score.toFixed(3)), because: found.because };
    })
    .toSorted(
      (one, other) =>
        other.score - one.score ||
        other.reach.at - one.reach.at ||
        (one.change.id < other.change.id ? -1 : 1),
    );
}

/** Why a change cannot have done it, whatever its diff does; null when it can. */
function whyNever({ files }: Change, reach: ChangeReach, onset: Onset): string | null {
  if (files.length > 0 && files.every((file) => inert.test(file))) {
    return 'It touches nothing that a program runs by.';
  }
  if (reach.at >= onset.latestAt) return 'It took effect when the trouble had already begun.';
  return reach.weight === 0 ? 'It reaches no service that suffers.' : null;
}

function whyNot({ effects: [effect] }: Reading): string {
  return effect === undefined
    ? 'Its diff does nothing that leads to what is seen.'
    : `It ${effect.says}, which does not lead to what is seen.`;
}

/** The evidence as it is searched. */
interface Seen {
  readonly texts: readonly {
    readonly text: string;
    /** In words, a space before each. */
    readonly plain: string;
    readonly names: ReadonlySet<string>;
  }[];
  readonly words: ReadonlySet<string>;
}

function seenIn(texts: readonly string[]): Seen {
  return {
    texts: texts.map((text) => ({
      text: quoted(text, 120),
      plain: ` ${splitWords(text).join(' ')}`,
      names: new Set(identifiersOf(text)),
    })),
    words: new Set(texts.flatMap((text) => splitWords(text))),
  };
}

interface Reading {
  readonly change: Change;
  readonly hunks: readonly Hunk[];
  readonly effects: readonly DiffEffect[];
  /** Of its title, paths and changed lines. */
  readonly words: ReadonlySet<string>;
}

function readChange(change: Change): Reading {
  const hunks = parseDiff(change.diff ?? '', change.files);
  const lines = hunks.flatMap(({ removed, added }) => [...removed, ...added]);
  const all = [change.title ?? '', ...change.files, ...lines].flatMap((text) => splitWords(text));
  return { change, hunks, effects: effectsOf(hunks), words: new Set(all) };
}

function countWords(read: readonly Reading[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { words } of read)
    for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}

interface Found {
  readonly weight: number;
  readonly because: string;
}

/** What is said of a thing that is not as a program takes it to be. */
const lacking =
  /not exist|unknown|unrecogni[sz]ed|undefined|missing|not found|no such|not set|required|invalid|unexpected|cannot|could not|ambiguous|duplicate|panic/i;

/** Finds a name in the evidence that this change alone puts in or takes out, and does not only move. */
function namedIn({ hunks, change }: Reading, seen: Seen, read: readonly Reading[]): Found | null {
  const names = (lines: readonly string[]): ReadonlySet<string> =>
    new Set(lines.flatMap((line) => identifiersOf(line).filter(isCompound)));
  const removed = names(hunks.flatMap((hunk) => hunk.removed));
  const added = names(hunks.flatMap((hunk) => hunk.added));
  const isOnlyHere = (name: string): boolean =>
    read.every((one) => one.change === change || !(one.change.diff ?? '').includes(name));
  const oneSided = [...removed, ...added].filter((name) => removed.has(name) !== added.has(name));
  for (const { text, names: said } of seen.texts) {
    if (!lacking.test(text)) continue;
    const name = oneSided.find((one) => said.has(one) && isOnlyHere(one));
    if (name === undefined) continue;
    const verb = added.has(name) ? 'brings in' : 'takes away';
    const because = `It ${verb} ${quoted(name, 80)}, of which the evidence speaks: ${text}.`;
    return { weight: asCause.named, because };
  }
  return null;
}

function effectSeen(
  effects: readonly DiffEffect[],
  { texts, words }: Seen,
  isRare: (word: string) => boolean,
): Found | null {
  for (const effect of effects) {
    const { phrases, own } = symptomsOf(effect);
    const touched = effect.words.filter(
      (word) => word.length > 1 && words.has(word) && isRare(word),
    );
    if (own && touched.length === 0) continue;
    const wanted = phrases.length > 0 ? phrases : touched;
    const shown = texts.find(({ plain }) => wanted.some((phrase) => plain.includes(` ${phrase}`)));
    if (shown === undefined) continue;
    const because = `It ${effect.says}; the evidence speaks of what that leads to: ${shown.text}.`;
    return { weight: asCause.effect, because };
  }
  return null;
}
