import type { Window } from '../../core/schemas/primitives.ts';

/** A converted case, with what only the scorer knows of it. */
export interface BenchCase {
  /** Of its folder; says nothing of the cause. */
  readonly name: string;
  /** What its data set calls it. */
  readonly origin: string;
  /** What was done to it, in the words of its data set; `none` where nothing was. */
  readonly fault: string;
  /** Accepted names of what did it; empty where nothing did. */
  readonly entityNames: readonly string[];
  /** When it began, where the data set says so. */
  readonly onset: string | null;
  /** How many entities could be named. */
  readonly candidates: number;
  /** The culprit where the set asks for a change: its id, or null where no change did it. */
  readonly culprit?: string | null;
  /** Changes that look like the culprit and are not. */
  readonly decoys?: readonly string[];
  /** The class of the cause where the set asks for one. */
  readonly category?: string;
}

/** What a converter works with. */
export interface ConvertContext {
  /** The data set's own folder. */
  readonly from: string;
  /** Where its cases go, one folder each; empty at first. */
  readonly to: string;
}

export type Convert = (context: ConvertContext) => Promise<readonly BenchCase[]>;

export const toIso = (at: number): string => new Date(at).toISOString();

/** A window at a boundary. */
export const toIsoWindow = ({ startAt, endAt }: Window): { start: string; end: string } => ({
  start: toIso(startAt),
  end: toIso(endAt),
});
