/** Milliseconds of the processor that some work takes: how busy the machine is with other things says nothing about it. */
export function cpuMs(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

/** The least of some runs. */
export function leastCpuMs(work: () => void, runs = 5): number {
  return Math.min(...Array.from({ length: runs }, () => cpuMs(work)));
}
