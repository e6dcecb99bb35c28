/** What a piece of work gave, and how long it took: by the clock, and of the processor, all threads together. */
export interface Timed<Result> {
  readonly result: Result;
  readonly seconds: number;
  readonly cpuSeconds: number;
}

export async function timed<Result>(work: () => Promise<Result> | Result): Promise<Timed<Result>> {
  const beganAt = performance.now();
  const before = process.cpuUsage();
  const result = await work();
  const { user, system } = process.cpuUsage(before);
  return {
    result,
    seconds: (performance.now() - beganAt) / 1_000,
    cpuSeconds: (user + system) / 1e6,
  };
}
