/** Numbers in [0, 1) that look random and are the same for a seed. Source: mulberry32, public domain. */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A draw from the standard normal distribution. */
export function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** A count from a Poisson distribution. */
export function poisson(random: () => number, mean: number): number {
  let count = -1;
  for (let left = mean; left > 0; left += Math.log(1 - random())) count += 1;
  return Math.max(0, count);
}
