/** How clearly two parts differ in rank: `z` is the standardised rank sum, 0 when they do not; `greatest` is the z that full separation gives. */
export interface RankShift {
  readonly z: number;
  readonly greatest: number;
}

/**
 * Compares the ranks of the values before and from `index` on, with the correction for ties. Positive when the later part is higher. 0 when a
 * part is empty or all values are equal. O(n log n). Source: Mann and Whitney, "On a Test of Whether One of Two Random Variables Is
 * Stochastically Larger than the Other" (1947), normal approximation.
 */
export function rankShift(values: readonly number[], index: number): RankShift {
  const total = values.length;
  const [earlier, later] = [index, total - index];
  if (earlier <= 0 || later <= 0) return { z: 0, greatest: 0 };
  const order = values
    .map((value, place) => ({ value, isLater: place >= index }))
    .sort((one, other) => one.value - other.value);
  let rankSum = 0;
  let ties = 0;
  for (let start = 0; start < total;) {
    let end = start;
    let laterInTie = 0;
    while (end < total && order[end]?.value === order[start]?.value) {
      if (order[end]?.isLater === true) laterInTie += 1;
      end += 1;
    }
    const size = end - start;
    rankSum += laterInTie * ((start + 1 + end) / 2);
    ties += size ** 3 - size;
    start = end === start ? start + 1 : end;
  }
  const surplus = rankSum - (later * (later + 1)) / 2 - (earlier * later) / 2;
  const variance = ((earlier * later) / 12) * (total + 1 - ties / (total * (total - 1)));
  if (!(variance > 0)) return { z: 0, greatest: 0 };
  const untied = ((earlier * later) / 12) * (total + 1);
  return {
    z: surplus / Math.sqrt(variance),
    greatest: (earlier * later) / 2 / Math.sqrt(untied),
  };
}
