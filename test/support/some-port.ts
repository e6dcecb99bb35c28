const firstPort = 19_000;
/** Jest has four workers at most; the system hands out ports from 32768 on. */
const mostWorkers = 8;
const portsEach = 1_500;

/**
 * Draws a port below those that the system hands out, from those of this worker of Jest: test files that start servers at the same moment, or want a port back
 * after a kill, do not take each other's.
 */
export function somePort(): number {
  const worker = Number(process.env['JEST_WORKER_ID'] ?? 0) % mostWorkers;
  return firstPort + worker * portsEach + Math.floor(Math.random() * portsEach);
}
