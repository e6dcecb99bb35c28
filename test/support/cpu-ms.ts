/** Milliseconds of the processor that some work takes: how busy the machine is with other things says nothing about it. */
export function cpuMs(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

/** The least of seven runs, and at least 1. */
export function leastCpuMs(work: () => void): number {
  return Math.max(1, Math.min(...Array.from({ length: 7 }, () => cpuMs(work))));
}
