import type { SpecialistResult, Story } from './messages.ts';

/**
 * Puts the results of two looks together, in the order in which they were asked: who answered again counts with the later answer, everybody else with the
 * first. `earlier` are those that count no more.
 */
export function mergeLooks(
  first: readonly SpecialistResult[],
  second: readonly SpecialistResult[],
): Required<Pick<Story, 'specialists' | 'earlier'>> {
  const all = [...first, ...second];
  const counts = (one: SpecialistResult): boolean => {
    const ofRole = all.filter(({ role }) => role === one.role);
    return one === (ofRole.findLast(({ finding }) => finding !== null) ?? ofRole[0]);
  };
  const place = ({ role }: SpecialistResult): number => all.findIndex((one) => one.role === role);
  return {
    specialists: all.filter(counts).toSorted((one, other) => place(one) - place(other)),
    earlier: all.filter((one) => !counts(one)),
  };
}
