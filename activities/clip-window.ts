import type { IsoWindow, Window } from '../core/schemas/primitives.ts';

/** Gives the part of the case that was asked for; the whole of it when nothing was, or when the two have nothing in common. */
export function clipWindow(asked: IsoWindow | undefined, whole: Window): Window {
  if (asked === undefined) return whole;
  const startAt = Math.max(whole.startAt, Date.parse(asked.start));
  const endAt = Math.min(whole.endAt, Date.parse(asked.end));
  return endAt > startAt ? { startAt, endAt } : whole;
}
