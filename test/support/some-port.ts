const firstPort = 19_000;
/** Of each of Jest's workers. */
const portsEach = 1_500;

/**
 * Draws a port below those that the system hands out, from those of this worker of Jest: test files that start servers at the same moment, or want a port back
 * after a kill, do not take each other's.
 */
export function somePort(): number {
  const worker = Number(process.env['JEST_WORKER_ID'] ?? 0) % 8;
  return firstPort + worker * portsEach + Math.floor(Math.random() * portsEach);
}
